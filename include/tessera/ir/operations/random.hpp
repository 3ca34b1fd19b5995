// random: uniform numbers in [0, 1) or standard normal ones, new for every sample and every step.
//
//   out     the given shape, one value a sample
//
// Streams are keyed by the application that asked; simplification never merges two of them.
// Gradient    none.    Cost  about 30 integer operations a number.
#pragma once
#include <tessera/ir/call.hpp>
#include <tessera/ir/random_block.hpp>
#include <tessera/ir/value.hpp>

namespace tessera {

enum class random_kind : int { uniform, normal };

namespace detail {

struct random_attributes {
    random_kind kind;
};

}  // namespace detail

constexpr value random_like(value x, random_kind kind = random_kind::uniform) {
    if (!x.valid()) return x;
    detail::node n;
    n.kind = detail::op::random;
    n.shape = x.shape();
    n.batched = true;
    n.slot = x.owner->streams++;
    return add_node(*x.owner, n, {}, detail::random_attributes{kind});
}

namespace detail {

struct random_operation {
    template <class T> static constexpr int items(const call<T>& c) { return c.elements(); }
    template <class T> static constexpr void run(const call<T>& c, int item) {
        const auto stream = static_cast<std::uint64_t>(c.self->slot), index = static_cast<std::uint64_t>(item);
        c.y[item] = static_cast<T>(c.template attributes<random_attributes>().kind == random_kind::normal
                                       ? normal_number(c.seed, stream, index)
                                       : uniform_number(c.seed, stream, index));
    }
    template <class Tape> static constexpr void gradient(Tape&, value, value) {}
    static constexpr double macs(const graph_view&, const node&) { return 0; }
};

}  // namespace detail

}  // namespace tessera
