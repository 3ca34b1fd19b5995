// device_buffer<T>: elements in device memory, zeroed when made, freed when destroyed.
//
// Cost    one cudaMalloc; one synchronous copy for each upload or download.
// Errors  throws tessera::error where the runtime refuses, or where a span is longer than the buffer.
#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <tessera/cuda/check.cuh>

namespace tessera::cuda {

template <class T> class device_buffer {
  public:
    explicit device_buffer(std::size_t size) : size_(size) {
        T* p = nullptr;
        check(cudaMalloc(&p, bytes(size > 0 ? size : 1)), "cudaMalloc");
        data_.reset(p);
        check(cudaMemset(p, 0, bytes(size)), "cudaMemset");
    }
    explicit device_buffer(std::span<const T> from) : device_buffer(from.size()) { upload(from); }

    T* data() const noexcept { return data_.get(); }
    std::size_t size() const noexcept { return size_; }

    void upload(std::span<const T> from) {
        fits(from.size());
        check(cudaMemcpy(data(), from.data(), bytes(from.size()), cudaMemcpyHostToDevice), "cudaMemcpy to the device");
    }
    // of numbers of another size, which the buffer's elements hold
    void upload_bytes(const void* from, std::size_t count) {
        fits((count + sizeof(T) - 1) / sizeof(T));
        check(cudaMemcpy(data(), from, count, cudaMemcpyHostToDevice), "cudaMemcpy to the device");
    }
    void download(std::span<T> to) const {
        fits(to.size());
        check(cudaMemcpy(to.data(), data(), bytes(to.size()), cudaMemcpyDeviceToHost), "cudaMemcpy from the device");
    }

  private:
    struct release {
        void operator()(T* p) const noexcept { cudaFree(p); }
    };
    static constexpr std::size_t bytes(std::size_t n) { return n * sizeof(T); }
    void fits(std::size_t n) const {
        if (n > size_)
            throw error("device_buffer", "at most " + std::to_string(size_) + " elements", std::to_string(n));
    }

    std::size_t size_;
    std::unique_ptr<T, release> data_;
};

}  // namespace tessera::cuda
