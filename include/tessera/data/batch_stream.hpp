// batch_stream<Maker>: the batches of one epoch, one after another; a range to be walked over once.
//
//   for (const auto& b : stream) ...
//   stream.next()    the next batch, or null at the end
//
//   Maker            batch_maker, or another one: size(), make(i, buffer), the types of its buffer and of its batch,
//                    which views a buffer
//
// With queue > 0 a thread of its own prepares batches ahead: at most queue + 1 of them, of which one is the
// batch that the consumer holds, if it holds one. The memory of a batch is used again once the consumer has gone on.
// The batches are the same, bit for bit, as without the thread. An exception while batch i is prepared is thrown when
// the consumer asks for batch i, not earlier. Destruction stops the thread at the end of the batch that it is at,
// whatever was consumed.
//
// Not for several consumers at a time.
#pragma once
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <iterator>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

namespace tessera::detail {

template <class Maker> class batch_stream {
    using buffer_type = typename Maker::buffer_type;
    using batch_type = typename Maker::batch_type;

  public:
    class iterator;

    batch_stream(Maker maker, std::size_t queue) : maker_(std::move(maker)), buffers_(queue + 1) {
        for (buffer_type& buffer : buffers_) free_.push_back(&buffer);
        if (queue > 0) producer_ = std::jthread([this](const std::stop_token& stop) { produce(stop); });
    }
    batch_stream(const batch_stream&) = delete;
    batch_stream& operator=(const batch_stream&) = delete;

    std::size_t size() const { return maker_.size(); }

    const batch_type* next() {
        if (taken_ == size()) return nullptr;
        buffer_type* buffer = producer_.joinable() ? receive() : make_now();
        ++taken_;
        current_ = buffer->view();
        return &current_;
    }

    iterator begin() { return iterator(*this); }
    std::default_sentinel_t end() const { return {}; }

  private:
    buffer_type* make_now() {
        maker_.make(taken_, buffers_.front());
        return &buffers_.front();
    }

    buffer_type* receive() {
        std::unique_lock lock(mutex_);
        if (in_use_) {
            free_.push_back(std::exchange(in_use_, nullptr));
            changed_.notify_all();
        }
        changed_.wait(lock, [this] { return !ready_.empty() || failure_; });
        if (ready_.empty()) std::rethrow_exception(failure_);
        in_use_ = ready_.front();
        ready_.pop_front();
        return in_use_;
    }

    void produce(const std::stop_token& stop) {
        try {
            for (std::size_t i = 0; i < size(); ++i) {
                buffer_type* buffer = wait_for_free(stop);
                if (!buffer) return;
                maker_.make(i, *buffer);
                const std::scoped_lock lock(mutex_);
                ready_.push_back(buffer);
                changed_.notify_all();
            }
        } catch (...) {
            const std::scoped_lock lock(mutex_);
            failure_ = std::current_exception();
            changed_.notify_all();
        }
    }

    // Null when the stream is being destroyed.
    buffer_type* wait_for_free(const std::stop_token& stop) {
        std::unique_lock lock(mutex_);
        if (!changed_.wait(lock, stop, [this] { return !free_.empty(); }) || stop.stop_requested()) return nullptr;
        buffer_type* buffer = free_.back();
        free_.pop_back();
        return buffer;
    }

    Maker maker_;
    std::vector<buffer_type> buffers_;
    batch_type current_;
    std::size_t taken_ = 0;
    buffer_type* in_use_ = nullptr;

    std::mutex mutex_;  // guards what follows
    std::condition_variable_any changed_;
    std::vector<buffer_type*> free_;
    std::deque<buffer_type*> ready_;
    std::exception_ptr failure_;

    std::jthread producer_;  // last: it is joined before anything that it uses is destroyed
};

template <class Maker> class batch_stream<Maker>::iterator {
  public:
    using value_type = batch_type;
    using difference_type = std::ptrdiff_t;

    explicit iterator(batch_stream& stream) : stream_(&stream), batch_(stream.next()) {}

    const batch_type& operator*() const { return *batch_; }
    const batch_type* operator->() const { return batch_; }
    iterator& operator++() {
        batch_ = stream_->next();
        return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(std::default_sentinel_t) const { return batch_ == nullptr; }

  private:
    batch_stream* stream_;
    const batch_type* batch_;
};

}  // namespace tessera::detail
