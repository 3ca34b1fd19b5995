// Where the elements of a value are: checked while compiling, a case a line.
#include <tessera/ir/layout.hpp>
#include <tessera/ir/windows_of.hpp>

namespace {

using namespace tessera;
using namespace tessera::detail;

constexpr layout of(const extents& e) { return layout::row_major(e, true); }

// the places of all elements of a sample, in row-major order
template <int Count> constexpr bool reads(const layout& l, const long (&places)[Count]) {
    if (l.axes == 0 || l.size() != Count) return false;
    for (int i = 0; i < Count; ++i)
        if (l.at(i) != places[i]) return false;
    return true;
}
constexpr layout permuted_by(const layout& l, std::initializer_list<int> order) { return permuted(l, order.begin()); }
constexpr layout cut(const layout& l, std::initializer_list<int> first, std::initializer_list<int> step,
                     const extents& box) {
    return sliced(l, first.begin(), step.begin(), box);
}

// one after another
static_assert(reads(of({2, 3}), {0, 1, 2, 3, 4, 5}));
static_assert(of({2, 3}).stride[0] == 6 && layout::row_major({2, 3}, false).stride[0] == 0);
static_assert(of({2, 3}).at(6) == 6 && layout::row_major({2, 3}, false).at(6) == 0);
static_assert(reads(of({}), {0}) && of({}).stride[0] == 1);
static_assert(of({2, 3, 4}).run() == 24 && of({1, 1}).run() == 1);

// permuted
static_assert(reads(permuted_by(of({2, 3}), {1, 0}), {0, 3, 1, 4, 2, 5}));
static_assert(permuted_by(of({2, 3}), {0, 1}) == of({2, 3}));
static_assert(permuted_by(permuted_by(of({2, 3, 4}), {1, 2, 0}), {2, 0, 1}) == of({2, 3, 4}));
static_assert(permuted_by(of({2, 3, 4}), {1, 0, 2}).run() == 4 && permuted_by(of({2, 3}), {1, 0}).run() == 1);
static_assert(permuted_by(of({1, 5}), {1, 0}).run() == 5, "an axis of 1 is anywhere");

// sliced: steps of any sign, of slices too
static_assert(reads(cut(of({2, 4}), {0, 1}, {1, 1}, {2, 2}), {1, 2, 5, 6}));
static_assert(reads(cut(of({5}), {4}, {-2}, {3}), {4, 2, 0}));
static_assert(reads(cut(cut(of({5}), {4}, {-1}, {5}), {1}, {2}, {2}), {3, 1}));
static_assert(reads(cut(permuted_by(of({2, 3}), {1, 0}), {1, 1}, {1, 1}, {2, 1}), {4, 5}));
static_assert(cut(of({3, 4}), {1, 0}, {1, 1}, {2, 4}).run() == 8 && cut(of({3, 4}), {0, 1}, {1, 1}, {3, 2}).run() == 2);
static_assert(cut(of({3, 4}), {1, 0}, {1, 1}, {2, 4}).at(8) == 16, "the second sample begins where the operand's does");

// stretched over the extents of others
static_assert(reads(broadcast(of({3}), {2, 3}), {0, 1, 2, 0, 1, 2}));
static_assert(reads(broadcast(of({2, 1}), {2, 3}), {0, 0, 0, 1, 1, 1}));
static_assert(reads(broadcast(of({}), {2, 2}), {0, 0, 0, 0}));
static_assert(reads(broadcast(cut(of({2, 3}), {0, 2}, {1, 1}, {2, 1}), {2, 2}), {2, 2, 5, 5}));

// axes that go on where one ends
static_assert(merged(of({2, 3, 4})).axes == 1 && merged(of({2, 3, 4})).extent[0] == 24);
static_assert(merged(cut(of({3, 4}), {0, 1}, {1, 1}, {3, 2})).axes == 2);
static_assert(merged(cut(of({3, 4}), {0, 1}, {1, 1}, {3, 2})).first == 1);
static_assert(merged(permuted_by(of({2, 3, 4, 5}), {2, 3, 0, 1})).axes == 2);
static_assert(merged(of({})).axes == 0 && merged(of({})).size() == 1);

// other extents, without a copy where there need be none
static_assert(reshaped(of({2, 6}), {3, 4}) == of({3, 4}));
static_assert(reshaped(of({2, 6}), {1, 12, 1}).axes == 4 && reads(reshaped(of({2, 2}), {1, 4, 1}), {0, 1, 2, 3}));
static_assert(reads(reshaped(cut(of({2, 6}), {0, 2}, {1, 1}, {2, 4}), {2, 2, 2}), {2, 3, 4, 5, 8, 9, 10, 11}));
static_assert(reads(reshaped(cut(of({3, 2}), {1, 0}, {1, 1}, {2, 2}), {4}), {2, 3, 4, 5}));
static_assert(reads(reshaped(cut(of({4}), {3}, {-1}, {4}), {2, 2}), {3, 2, 1, 0}));
static_assert(reshaped(cut(of({2, 6}), {0, 2}, {1, 1}, {2, 4}), {8}).axes == 0, "rows with gaps are not one");
static_assert(reshaped(cut(of({2, 6}), {0, 2}, {1, 1}, {2, 4}), {4, 2}).axes == 0);
static_assert(reshaped(cut(of({2, 6}), {0, 0}, {1, 1}, {2, 3}), {3, 2}).axes == 0, "nor cut across them");
static_assert(reshaped(permuted_by(of({2, 3}), {1, 0}), {6}).axes == 0);
static_assert(reads(reshaped(permuted_by(of({2, 4}), {1, 0}), {2, 2, 2}), {0, 4, 1, 5, 2, 6, 3, 7}));

// several axes as one
static_assert(of({2, 3, 4}).step(1, 3) == 4 && of({2, 3, 4}).step(0, 4) == 1 && of({2, 3, 4}).step(0, 3) == 4);
static_assert(cut(of({2, 3, 6}), {0, 0, 1}, {1, 1, 1}, {2, 3, 4}).step(0, 3) == 6, "rows further apart, all alike");
static_assert(cut(of({2, 4, 6}), {0, 1, 0}, {1, 1, 1}, {2, 3, 6}).step(1, 3) == 0, "rows are missing between");
static_assert(cut(of({4, 6}), {0, 0}, {1, 1}, {3, 6}).step(1, 2) == 6);
static_assert(cut(of({4, 6}), {0, 0}, {1, 1}, {3, 6}).step(0, 2) == 0, "and between samples");
static_assert(layout::row_major({4, 6}, false).step(0, 2) == 6, "samples that are one");
static_assert(of({1, 1, 5}).step(1, 3) == 5 && of({4, 1, 5}).step(1, 3) == 5);

// what a window sees: samples, places, taps, channels
static_assert(reads(windows_of(of({4, 2}), {.kernel = {1, 1, 2}}), {0, 1, 2, 3, 2, 3, 4, 5, 4, 5, 6, 7}));
static_assert(reads(windows_of(of({5, 1}), {.kernel = {1, 1, 2}, .stride = {1, 1, 2}}), {0, 1, 2, 3}));
static_assert(reads(windows_of(of({5, 1}), {.kernel = {1, 1, 2}, .dilation = {1, 1, 3}}), {0, 3, 1, 4}));
static_assert(reads(windows_of(of({3, 3, 1}), {.kernel = {1, 2, 2}}),
                    {0, 1, 3, 4, 1, 2, 4, 5, 3, 4, 6, 7, 4, 5, 7, 8}));
static_assert(reads(windows_of(of({3, 1}), {.kernel = {1, 1, 2}, .before = {0, 0, 1}}), {-1, 0, 0, 1, 1, 2}),
              "padding stands before the image");
static_assert(windows_of(of({3, 1}), {.kernel = {1, 1, 2}, .after = {0, 0, 1}}).at(5) == 3, "and after it");
static_assert(windows_of(of({4, 5, 6, 3}), {.kernel = {2, 3, 2}, .stride = {2, 1, 2}}) == [] {
    layout l;
    const long extent[] = {1, 2, 3, 3, 2, 3, 2, 3}, stride[] = {360, 180, 18, 6, 90, 18, 3, 1};
    l.axes = 8;
    for (int a = 0; a < 8; ++a) l.extent[a] = extent[a], l.stride[a] = stride[a];
    return l;
}());
static_assert(windows_of(of({4, 2}), {.kernel = {1, 1, 2}}).at(12) == 8, "the second sample's begin where it does");
static_assert(reads(windows_of(cut(of({4, 3}), {1, 1}, {1, 1}, {3, 2}), {.kernel = {1, 1, 2}}),
                    {4, 5, 7, 8, 7, 8, 10, 11}),
              "of a part of an image, as of one");
static_assert(merged(windows_of(of({6, 2}), {.kernel = {1, 1, 3}, .stride = {1, 1, 3}})).axes == 1,
              "windows that tile a line are the line");
static_assert(merged(windows_of(of({8, 2}), {.kernel = {1, 1, 4}, .stride = {1, 1, 2}})).axes == 2,
              "overlapping ones are rows of a matrix");

}  // namespace
