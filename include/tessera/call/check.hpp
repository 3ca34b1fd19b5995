// What is wrong with a call, as far as the types of its arguments tell. A compiler then says
// this_call_does_not_fit<where<input>, layer<...>, expects<...>, found<...>, hint<...>>.
#pragma once
#include <array>
#include <concepts>
#include <span>
#include <tessera/error/names.hpp>
#include <tessera/ir/diagnosis.hpp>
#include <tessera/program.hpp>
#include <type_traits>

namespace tessera::detail {

template <class Range>
concept contiguous_range = requires(const Range& r) {
    { std::size(r) } -> std::convertible_to<std::size_t>;
    requires std::contiguous_iterator<decltype(std::begin(r))>;
};
template <class Range, class T>
concept contiguous_of = contiguous_range<Range> && requires(const Range& r) {
    requires std::same_as<std::iter_value_t<decltype(std::begin(r))>, T>;
};

namespace calls {

// how many elements a range has, where its type tells; -1 where it does not
template <class Range> inline constexpr long fixed_size = -1;
template <class T, std::size_t N> inline constexpr long fixed_size<T[N]> = long{N};
template <class T, std::size_t N> inline constexpr long fixed_size<std::array<T, N>> = long{N};
template <class T, std::size_t N>
inline constexpr long fixed_size<std::span<T, N>> = N == std::dynamic_extent ? -1 : static_cast<long>(N);

// what a range is made of; void where it is no contiguous range
template <class Range> struct element_of_range {
    using type = void;
};
template <contiguous_range Range> struct element_of_range<Range> {
    using type = std::iter_value_t<decltype(std::begin(std::declval<const Range&>()))>;
};

template <class T> constexpr text range_of() {
    return std::is_same_v<T, float>          ? "a contiguous range of float"
           : std::is_same_v<T, double>       ? "a contiguous range of double"
           : std::is_same_v<T, std::int32_t> ? "a contiguous range of std::int32_t"
           : std::is_same_v<T, std::int16_t> ? "a contiguous range of std::int16_t"
           : std::is_same_v<T, std::int8_t>  ? "a contiguous range of std::int8_t"
           : std::is_same_v<T, std::uint8_t> ? "a contiguous range of std::uint8_t"
           : std::is_void_v<T>               ? "no contiguous range"
                                             : "a contiguous range of another type";
}

// an input of a program: how a message names it, and what it wants
template <class Program, int Slot> struct input_of_call {
    static constexpr const auto& info = Program::graph.inputs[Slot];
    static constexpr int sample = info.shape.size();
    static constexpr text place = text("input '") + info.name + "'";
    static constexpr text whole_samples = text("whole samples of ") + sample + " elements";
    static constexpr text count = text("1 to ") + Program::capacity + " samples";
};

// the range that is given for an input
template <class Program, int Slot, class Range> struct checked_argument {
    using input = input_of_call<Program, Slot>;
    using wanted = typename stored_in_program<input::info.type, typename Program::real_type>::type;
    using given = typename element_of_range<Range>::type;
    static constexpr bool of_its_type = contiguous_of<Range, wanted>;
    static constexpr long size = fixed_size<Range> < 0 ? input::sample : fixed_size<Range>;
    static constexpr int samples = static_cast<int>(size / input::sample);
    static constexpr bool whole = size % input::sample == 0;

    static constexpr bool failed = !of_its_type || !whole || samples < 1 || samples > Program::capacity;
    static constexpr fault problem{
        .where = input::place,
        .layer = text("shape ") + input::info.shape.describe(),
        .expected = !of_its_type ? range_of<wanted>()
                    : !whole     ? input::whole_samples
                                 : input::count,
        .found = !of_its_type ? range_of<given>()
                 : !whole     ? text() + static_cast<int>(size) + " elements"
                              : text() + samples + " samples",
        .hint = of_its_type && whole && samples > 1 ? text("a model of batch<") + samples + "> takes them" : text()};

    static_assert(diagnosis::says_what_is_wrong<this_call_does_not_fit, checked_argument>);
};

// a call with so many ranges
template <class Program, int Given> struct checked_call {
    static constexpr int wanted = Program::graph.input_count;
    static constexpr bool failed = !Program::failed && Given != wanted;
    static constexpr fault problem = [] {
        text names;
        for (int i = 0; i < wanted; ++i) names.add_item(Program::graph.inputs[i].name.view());
        return fault{.where = "call",
                     .layer = "model or trainer",
                     .expected = text() + wanted + (wanted == 1 ? " range: " : " ranges: ") + names,
                     .found = text() + Given,
                     .hint = "the network's inputs, then the loss's"};
    }();

    static_assert(diagnosis::says_what_is_wrong<this_call_does_not_fit, checked_call>);
};

// What a model may be asked for by name: kind, how many, and name(i) of each.
template <class Net> struct names_of_outputs {
    static constexpr std::string_view kind = "output", hint = "named<> around an output gives it a name";
    static constexpr int count = Net::table.output_count;
    static constexpr text name(int i) {  // empty where it has none
        for (int k = 0; k < Net::table.tap_count; ++k)
            if (Net::table.taps[k].id == Net::table.outputs[i]) return Net::table.path_of(Net::table.taps[k].scope);
        return {};
    }
    static constexpr int place(std::string_view wanted) { return output_called(Net::table, wanted); }
};
template <class Program> struct names_of_taps {
    static constexpr std::string_view kind = "tap", hint = "the mode tapped<path> keeps a value";
    static constexpr int count = Program::graph.tap_count;
    static constexpr text name(int i) { return Program::graph.path_of(Program::graph.taps[i].scope); }
    static constexpr int place(std::string_view wanted) { return find_tap(Program::graph, count, wanted); }
};

template <class Names, fixed_text Name> struct checked_name {
    static constexpr int place = Names::place(Name.view());
    static constexpr bool failed = place < 0;
    static constexpr int place_or_first = failed ? 0 : place;  // so that nothing else fails
    static constexpr fault problem = [] {
        text near;
        if (failed) near = names_near(Name.view(), Names::count, &Names::name).list();
        return fault{.where = text(Names::kind) + " '" + Name.view() + "'",
                     .layer = "model",
                     .expected = near.empty() ? text("a name; there is none") : text("one of those like ") + near,
                     .found = "no such name",
                     .hint = text(Names::hint)};
    }();

    static_assert(diagnosis::says_what_is_wrong<this_call_does_not_fit, checked_name>);
};

}  // namespace calls

}  // namespace tessera::detail
