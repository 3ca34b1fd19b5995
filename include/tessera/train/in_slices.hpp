// in_slices: a long list's elements in slices, which the threads of a backend share out.
//
// Where it is cut follows from its length alone, so results do not depend on how many threads there are. A list of less
// than two slices is worked on by the thread that has it: passing work on takes as long as some ten thousand elements.
#pragma once
#include <algorithm>
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
template <class Threads, class F> void in_slices(std::size_t elements, const F& f) noexcept {
    const slices cut(elements);
    Threads::parallel(cut.count, [&](int k) noexcept { f(k, cut.begin(k), cut.begin(k + 1) - cut.begin(k)); });
}

}  // namespace tessera::detail
