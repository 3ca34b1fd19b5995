// widths: what backends have in common where a program has numbers of two types, its own T and other_real<T>.
//
// A step computes in one of them: that of its result. It gets memory<T> or memory<other_real<T>>, two views of the same
// buffers, so kernels and reference implementations know nothing of it. A cast alone reads the one and writes the other.
#pragma once
#include <tessera/program.hpp>

namespace tessera::detail {

// Offsets into the flat buffers count numbers of the program's own type. Each begins a line, so none is cut.
template <class T, class Placed> [[gnu::always_inline]] constexpr Placed placed_in_other_width(Placed p) {
    const bool flat =
        p.where == memory_space::state || p.where == memory_space::parameter || p.where == memory_space::gradient;
    if (flat)
        p.offset =
            static_cast<int>(long{p.offset} * static_cast<long>(sizeof(T)) / static_cast<long>(sizeof(other_real<T>)));
    return p;
}

// The same buffers for steps of the other width. While compiling, where memory has one type for good, there are none.
template <class T> [[gnu::always_inline]] constexpr memory<other_real<T>> shown_in_other_width(const memory<T>& m) {
    using other = other_real<T>;
    memory<other> o;
    o.count = m.count;
    o.seed = m.seed;
    o.index_constants = m.index_constants;
    o.index_workspace = m.index_workspace;
    for (int i = 0; i < memory<T>::max_inputs; ++i) o.index_inputs[i] = m.index_inputs[i];
    if (std::is_constant_evaluated()) return o;
    for (int i = 0; i < memory<T>::max_inputs; ++i)
        o.real_inputs[i] = reinterpret_cast<const other*>(m.index_inputs[i]);
    o.states = reinterpret_cast<other*>(m.states);
    o.workspace = reinterpret_cast<other*>(m.workspace);
    return o;
}
// the same, with the program's own constants; m has them
template <class Program, class T> constexpr memory<other_real<T>> in_other_width(const memory<T>& m) {
    memory<other_real<T>> o = shown_in_other_width(m);
    if constexpr (Program::places.other_constant_elements > 0) o.constants = Program::other_constants.of;
    return o;
}

// A program as kernels of the other width see it: its tables, in their numbers.
template <class Program> struct program_in_other_width : Program {
    using real_type = other_real<typename Program::real_type>;
    static constexpr bool is_in_other_width = true;
    static constexpr auto table = [] {
        auto t = Program::table;
        for (auto& s : t.steps) s.anchor = placed_in_other_width<typename Program::real_type>(s.anchor);
        for (auto& a : t.addresses) a = placed_in_other_width<typename Program::real_type>(a);
        return t;
    }();
};
template <class Program> inline constexpr bool is_in_other_width = requires { Program::is_in_other_width; };

// what a step computes in
enum class step_width : std::uint8_t { own, other, both };  // both: a cast

template <class Program>
inline constexpr auto width_of_steps = [] {
    struct list {
        step_width of[Program::steps + 1] = {};
    } l;
    if constexpr (Program::mixes_widths)
        for (int k = 0; k < Program::steps; ++k) {
            const fused_step& t = Program::order.steps[k];
            const node& lead = Program::graph.nodes[t.anchor >= 0 ? t.anchor : Program::order.members[t.first]];
            l.of[k] = lead.kind == op::cast                             ? step_width::both
                      : has_width(Program::graph.view().width_of(lead)) ? step_width::other
                                                                        : step_width::own;
        }
    return l;
}();
// whether a step is one of the program's own width, or of the other where the program is seen so
template <class Program> constexpr bool is_step_of_width(int step) {
    return width_of_steps<Program>.of[step] == (is_in_other_width<Program> ? step_width::other : step_width::own);
}

// f(y, x) of a cast, where x(i) is element i of its operand, as one of what y points to
template <class T, class F>
constexpr void with_operands_of_cast(const graph_view& g, const node& self, const placed& from, const placed& to,
                                     const memory<T>& m, const memory<other_real<T>>& other, F f) {
    const node& source = g.operand(self, 0);
    const auto numbers = [&]<class To, class From>(To* y, const From* x) {
        f(y, [x](int i) { return static_cast<To>(x[i]); });
    };
    if (self.type == element::real) return numbers(target(m, to), address(other, placed_in_other_width<T>(from)));
    other_real<T>* const y = target(other, placed_in_other_width<T>(to));
    if (source.is_floating()) return numbers(y, address(m, from));
    call<T> c;
    const std::int32_t* const stored[] = {index_address(m, from)};
    c.graph = g;
    c.self = &self;
    c.index = stored;
    with_tag(source.type, [&](auto tag) {
        f(y, [&](int i) { return real_of_stored<other_real<T>, decltype(tag)>(c.stored(0, i)); });
    });
}

}  // namespace tessera::detail
