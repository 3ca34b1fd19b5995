// in_slices: a long list's elements in slices, which the threads of a backend share out.
//
// Where it is cut follows from its length alone, so results do not depend on how many threads there are. A list of less
// than two slices is worked on by the thread that has it: passing work on takes as long as some ten thousand elements.
#pragma once
#include <algorithm>
#include <concepts>
#include <cstddef>

namespace tessera::detail {

// the calling thread, where a backend has no others
struct one_thread {
    template <class F> static void parallel(int items, const F& f) noexcept {
        for (int item = 0; item < items; ++item) f(item);
    }
};
template <class Backend> struct threads_of_backend {
    using type = one_thread;
};
template <class Backend>
    requires requires(void (*f)(int) noexcept) { Backend::parallel(1, f); }
struct threads_of_backend<Backend> {
    using type = Backend;
};
template <class Backend> using threads_of = typename threads_of_backend<Backend>::type;

struct slices {
    static constexpr std::size_t least = std::size_t{1} << 15;  // elements, but for a list that is shorter
    static constexpr int most = 256;
    static constexpr std::size_t unit = 16;  // each begins at a multiple

    std::size_t size = 0;
    int count = 1;

    constexpr explicit slices(std::size_t elements)
        : size(elements),
          count(static_cast<int>(std::clamp(elements / least, std::size_t{1}, static_cast<std::size_t>(most)))) {}
    // where slice k begins; of k = count, the end
    constexpr std::size_t begin(int k) const {
        if (k == count) return size;
        return size / unit * static_cast<std::size_t>(k) / static_cast<std::size_t>(count) * unit;
    }
};

// f(slice, first, length), noexcept, for each
// A function of a slice: its number, its first element and its length. It refers to what it is made from.
class slice_function {
  public:
    template <class F>
        requires(!std::same_as<F, slice_function>)
    slice_function(const F& f) noexcept : run_(run<F>), context_(&f) {}
    void operator()(int k, std::size_t first, std::size_t length) const noexcept { run_(context_, k, first, length); }

  private:
    template <class F> static void run(const void* f, int k, std::size_t first, std::size_t length) noexcept {
        (*static_cast<const F*>(f))(k, first, length);
    }
    void (*run_)(const void*, int, std::size_t, std::size_t) noexcept;
    const void* context_;
};

template <class Threads> void in_slices(std::size_t elements, const slice_function& f) noexcept {
    const slices cut(elements);
    Threads::parallel(cut.count, [&](int k) noexcept { f(k, cut.begin(k), cut.begin(k + 1) - cut.begin(k)); });
}

}  // namespace tessera::detail
