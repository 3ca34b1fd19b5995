// Attributes as words: what is packed is unpacked again, of every operation's type. std::bit_cast takes no value with a
// gap for constant, so this shows that the types have none.
#include <tessera/ir/operations.hpp>
#include <tessera/ir/operations/normalise.hpp>

namespace {

using namespace tessera;
using namespace tessera::detail;

// with a value in every member, equal members come back
template <class Attributes, class Equal> constexpr bool survives(const Attributes& a, Equal equal) {
    using words = attribute_words<Attributes>;
    static_assert(words::count * sizeof(int) == sizeof(Attributes));
    return equal(words::pack(a).unpack(), a);
}
// so too in a graph, after the words of another node
template <class Attributes, class Equal> constexpr bool survives_in_a_graph(const Attributes& a, Equal equal) {
    graph g;
    node other, n;
    g.set_attributes(other, window{});
    g.set_attributes(n, a);
    return n.first_word == other.word_count && equal(g.attributes<Attributes>(n), a) &&
           equal(g.view().attributes<Attributes>(g.copy_of(n)), a);
}
template <class Attributes, class Equal> constexpr bool holds(const Attributes& a, Equal equal) {
    return survives(a, equal) && survives_in_a_graph(a, equal);
}

constexpr window any_window{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}, {10, 11, 12}, {13, 14, 15}};

static_assert(holds(einsum_attributes{{"abcdef", "bcd", "aef"}}, [](const auto& p, const auto& q) {
    return p.a() == q.a() && p.b() == q.b() && p.out() == q.out() && p.a() == "abcdef" && p.out() == "aef";
}));
static_assert(holds(reduce_attributes{0.1, 0b101u, 1}, [](const auto& p, const auto& q) {
    return p.factor == q.factor && p.axes == q.axes && p.divides_by_count == q.divides_by_count;
}));
static_assert(holds(convolution_attributes{any_window, 16},
                    [](const auto& p, const auto& q) { return p.view == q.view && p.groups == q.groups; }));
static_assert(holds(pooling_attributes{any_window, padding_counts::yes},
                    [](const auto& p, const auto& q) { return p.view == q.view && p.counted == q.counted; }));
// the attributes of what the table calls windowed begin with the window
template <class Attributes> constexpr bool begins_with_window(const Attributes& a) {
    graph g;
    node n;
    g.set_attributes(n, a);
    return g.attributes<window>(n) == any_window;
}
static_assert(begins_with_window(convolution_attributes{any_window, 16}) &&
              begins_with_window(pooling_attributes{any_window, padding_counts::yes}));
static_assert(holds(slice_attributes{-0.5, {1, 2, 3, 4, 5, 6}, {-1, -2, -3, 7, 8, 9}},
                    [](const auto& p, const auto& q) {
                        bool equal = p.fill == q.fill;
                        for (int a = 0; a < max_rank; ++a)
                            equal = equal && p.first[a] == q.first[a] && p.step[a] == q.step[a];
                        return equal;
                    }));
static_assert(holds(permute_attributes{{5, 4, 3, 2, 1, 0}}, [](const auto& p, const auto& q) {
    bool equal = true;
    for (int a = 0; a < max_rank; ++a) equal = equal && p.order[a] == q.order[a];
    return equal;
}));
static_assert(holds(concatenate_attributes{3}, [](const auto& p, const auto& q) { return p.axis == q.axis; }));
static_assert(holds(resample_attributes{2, resampling::adaptive_mean, 1}, [](const auto& p, const auto& q) {
    return p.axis == q.axis && p.kind == q.kind && p.transposed == q.transposed;
}));
static_assert(holds(one_hot_attributes{1, -100},
                    [](const auto& p, const auto& q) { return p.ignores == q.ignores && p.ignored == q.ignored; }));
static_assert(holds(random_attributes{random_kind::normal},
                    [](const auto& p, const auto& q) { return p.kind == q.kind; }));
static_assert(holds(attention_attributes{0.125, 30.5, 1, 1}, [](const auto& p, const auto& q) {
    return p.scale == q.scale && p.cap == q.cap && p.causal == q.causal && p.by_offset == q.by_offset;
}));
static_assert(holds(normalise_attributes{0b11u, 1},
                    [](const auto& p, const auto& q) { return p.axes == q.axes && p.over_batch == q.over_batch; }));
static_assert(holds(store_attributes{store_to::gradient, 7},
                    [](const auto& p, const auto& q) { return p.where == q.where && p.rows == q.rows; }));
static_assert(holds(integer_attributes{integer_function::remainder, number_at::right, -7},
                    [](const auto& p, const auto& q) {
                        return p.function == q.function && p.where == q.where && p.number == q.number;
                    }));
static_assert(holds(to_index_attributes{9}, [](const auto& p, const auto& q) { return p.count == q.count; }));
static_assert(holds(take_along_attributes{2, 1, -100}, [](const auto& p, const auto& q) {
    return p.axis == q.axis && p.ignores == q.ignores && p.ignored == q.ignored;
}));
static_assert(holds(convert_attributes{0.1, -3, 0},
                    [](const auto& p, const auto& q) { return p.scale == q.scale && p.zero == q.zero; }));
static_assert(holds(row_product_attributes{33}, [](const auto& p, const auto& q) { return p.bits == q.bits; }));
static_assert(holds(loop_attributes{7, 1, 0},
                    [](const auto& p, const auto& q) { return p.length == q.length && p.reversed == q.reversed; }));

}  // namespace
