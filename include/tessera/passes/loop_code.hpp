// loop_code: the pointwise code of a step as a template argument: what is computed, and where operands come from.
//
// It has nothing of the program that it is a part of, so equal loops of a model, of its trainer and of other networks
// are one type, compiled once, whose name is a few numbers and has no closure in it.
#pragma once
#include <tessera/passes/emit.hpp>

namespace tessera::detail {

template <int Count> struct loop_code {
    static constexpr int count = Count;

    int externals = 0;
    std::uint64_t constant = 0;  // bit k: external operand k is one number over a block of the domain
    // 8 bits of function, 6 of output, 4 of element; thrice 3 of form, 6 of index and 4 of element
    std::uint64_t packed[Count] = {};

    static constexpr loop_code of(const step_view& v) {
        static_assert(max_step_operands < 64 && max_step_members < 63, "an index has 6 bits");
        loop_code c;
        c.externals = v.external_count;
        for (int k = 0; k < Count; ++k) {
            std::uint64_t word = 0;
            for (int q = 2; q >= 0; --q) {
                const operand_source& from = v.code[k].from[q];
                word = word << 4 | static_cast<std::uint64_t>(from.of);
                word = word << 9 | static_cast<std::uint64_t>(from.index) << 3 | static_cast<std::uint64_t>(from.kind);
                if (from.kind == operand_source::form::external && v.constant[from.index])
                    c.constant |= std::uint64_t{1} << from.index;
            }
            word = word << 4 | static_cast<std::uint64_t>(v.code[k].type);
            word = word << 6 | static_cast<std::uint64_t>(v.code[k].output + 1);
            c.packed[k] = word << 8 | static_cast<std::uint64_t>(v.code[k].function);
        }
        return c;
    }

    // number `k`, without the numbers that it reads: those are known at run time
    constexpr instruction operator[](int k) const {
        std::uint64_t word = packed[k];
        const auto take = [&](int bits) {
            const auto low = static_cast<int>(word & ((std::uint64_t{1} << bits) - 1));
            word >>= bits;
            return low;
        };
        instruction i;
        i.function = static_cast<scalar_function>(take(8));
        i.output = take(6) - 1;
        i.type = static_cast<element>(take(4));
        for (operand_source& from : i.from) {
            from.kind = static_cast<operand_source::form>(take(3));
            from.index = take(6);
            from.of = static_cast<element>(take(4));
        }
        return i;
    }
    constexpr bool is_constant(int external) const { return (constant >> external & 1) != 0; }
};

// Loop: a number of emit.hpp
template <class Program, int Loop>
inline constexpr auto code_of_loop =
    loop_code<members_of(Program::order.steps[step_of_loop(Loop)], part_of_loop(Loop))>::of(
        view_step(Program::graph, Program::order, step_of_loop(Loop), part_of_loop(Loop)));

}  // namespace tessera::detail
