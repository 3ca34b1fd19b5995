// The anchors of conversions between real numbers and what they are stored as: one loop for each element.
#pragma once
#include <algorithm>
#include <tessera/backend/simd/anchor/fallback.hpp>

namespace tessera::detail::simd {

// f(begin, end) for runs of elements, shared out
template <class F> void for_runs_of_elements(int count, const F& f) noexcept {
    constexpr int run = 1 << 13;
    threads::parallel((count + run - 1) / run,
                      [&](int item) noexcept { f(item * run, std::min(count, (item + 1) * run)); });
}

template <class Arch, class T> struct anchor<Arch, T, op::to_real> {
    static constexpr bool native = true, takes_tail = false;

    struct prepared {};
    static constexpr prepared prepare(const graph_view&, const node&) { return {}; }
    static constexpr bool accepts_tail(const prepared&) { return false; }

    static void run(const prepared&, const call<T>& c, const tail&, std::byte*) noexcept {
        with_tag(c.argument(0).type, [&](auto tag) {
            using Element = decltype(tag);
            const auto* const x = reinterpret_cast<const typename Element::stored*>(c.index[0]);
            T* const y = c.y;
            for_runs_of_elements(c.elements(), [&](int begin, int end) noexcept {
                for (int i = begin; i < end; ++i) y[i] = real_of_stored<T, Element>(x[i]);
            });
        });
    }
};

template <class Arch, class T> struct anchor<Arch, T, op::convert> {
    static constexpr bool native = true, takes_tail = false;
    using prepared = convert_attributes;

    static constexpr prepared prepare(const graph_view& g, const node& self) {
        return g.attributes<convert_attributes>(self);
    }
    static constexpr bool accepts_tail(const prepared&) { return false; }

    static void run(const prepared& p, const call<T>& c, const tail&, std::byte*) noexcept {
        with_tag(c.self->type, [&](auto tag) {
            using Element = decltype(tag);
            const T* const x = c.x[0];
            auto* const y = reinterpret_cast<typename Element::stored*>(c.index_y);
            for_runs_of_elements(c.elements(), [&](int begin, int end) noexcept {
                for (int i = begin; i < end; ++i)
                    y[i] = static_cast<typename Element::stored>(stored_as<Element>(p, x[i]));
            });
        });
    }
};

}  // namespace tessera::detail::simd
