// narrow_convolution: a convolution of images, forward or back to its input, that makes one or two channels of a few:
// lanes lie along the positions of a row, where lanes along the channels would be idle but for one or two.
//
//   y_(i, j, n) = sum over taps (s, t) and channels k of x_(i + s, j + t, k) weight_(s, t, k, n)     [+ y_(i, j, n)]
//
// The source is copied with its border, each channel in a plane of its own: sources of neighbours are neighbours. A task
// is a band of rows of a sample. Every element is summed in one order, whatever the bands and threads.
// A source that is computed is computed in place of the copy, where a task is a sample.
// Workspace    narrow_plan<Arch, T>(shape, whether x is computed).bytes(), 64-byte aligned.
// Cost         2 taps k n flop a position, and a copy of the source.
#pragma once
#include <tessera/backend/simd/sweep.hpp>

namespace tessera::detail::simd {

// strides would leave gaps between the sources of neighbours
constexpr bool is_narrow(const sweep_shape& s) {
    const sliding_axis& depth = s.axis[0];
    return s.n <= 2 && s.k <= 32 && s.groups == 1 && depth.outputs == 1 && depth.sources == 1 && depth.kernel == 1 &&
           depth.before == 0 && s.axis[1].stride == 1 && s.axis[2].stride == 1 && s.axis[2].outputs >= 8;
}

template <class Arch, class T> struct narrow_plan {
    static constexpr int width = lanes<vector<T, Arch>>;

    const sweep_shape& shape;
    int band = 1, bands = 1;  // output rows of a task; how many there are of a sample
    int rows, pitch;          // of a plane
    std::size_t slot_bytes = 0;

    [[gnu::cold]] constexpr narrow_plan(const sweep_shape& s, bool source_is_computed)
        : shape(s),
          rows(s.axis[1].reach(1)),
          pitch((s.axis[2].outputs + width - 1) / width * width + s.axis[2].reach(1) - 1) {
        const int outputs = s.axis[1].outputs;
        const std::ptrdiff_t row_bytes = std::ptrdiff_t(s.k) * pitch * std::ptrdiff_t(sizeof(T));
        const std::ptrdiff_t row_work = std::ptrdiff_t(s.axis[2].outputs) * s.n * s.k * s.taps();
        band = std::max(outputs, 1);
        const auto is_large = [&] {
            return row_bytes * s.axis[1].reach(band) > (1 << 17) ||
                   (std::ptrdiff_t(s.count) * ((outputs + band - 1) / band) < 16 && row_work * band > (1 << 18));
        };
        while (!source_is_computed && band > 1 && is_large()) band = (band + 1) / 2;
        bands = (outputs + band - 1) / band;
        rows = s.axis[1].reach(band);
        // and a row as it is in memory
        slot_bytes = padded(std::size_t(row_bytes) * std::size_t(rows + 1));
    }
    constexpr int tasks() const { return std::max(shape.count, 0) * bands; }
    constexpr std::size_t bytes() const { return room_of_shares(tasks(), slot_bytes); }
};

// (k, rows, pitch) from the source, with what is outside of it
template <class Arch, class T>
[[gnu::noinline]] void copy_planes(const narrow_plan<Arch, T>& plan, const copied_operand<T>& image, int first_row,
                                   T* planes) noexcept {
    const sweep_shape& s = plan.shape;
    const std::ptrdiff_t plane = std::ptrdiff_t(plan.rows) * plan.pitch;
    box part{{0, first_row, s.axis[2].lowest_source()}, {1, s.k == 1 ? plan.rows : 1, plan.pitch}};
    if (s.k == 1) return copy_halo<Arch>(planes, image, s.source, 1, 1, part);
    T* const pixels = planes + s.k * plane;
    for (int r = 0; r < plan.rows; ++r, ++part.start[1]) {
        copy_halo<Arch>(pixels, image, s.source, 1, s.k, part);
        for (int k = 0; k < s.k; ++k) {
            T* const to = planes + k * plane + std::ptrdiff_t(r) * plan.pitch;
            for (int j = 0; j < plan.pitch; ++j) to[j] = pixels[j * s.k + k];
        }
    }
}

// Vectors of positions from one on, Outputs channels: sum[n] is of channel n. `from`: the source of the first position
// and of offset 0 in each axis.
template <int Outputs, int Vectors, class Arch, class T>
[[gnu::noinline]] void narrow_tile(const narrow_plan<Arch, T>& plan, const T* from, const T* weights,
                                   T* sums) noexcept {
    using V = vector<T, Arch>;
    constexpr int width = lanes<V>;
    static_assert(Outputs * Vectors <= 8, "the unroll pragmas below must cover the loops");
    const sweep_shape& s = plan.shape;
    const std::ptrdiff_t plane = std::ptrdiff_t(plan.rows) * plan.pitch;
    V sum[Outputs][Vectors];
#pragma GCC unroll 8
    for (int n = 0; n < Outputs; ++n) {
#pragma GCC unroll 8
        for (int v = 0; v < Vectors; ++v) sum[n][v] = V(T(0));
    }
    for (int h = 0; h < s.axis[1].kernel; ++h)
        for (int w = 0; w < s.axis[2].kernel; ++w) {
            const T* x = from + std::ptrdiff_t(s.axis[1].offset(h)) * plan.pitch + s.axis[2].offset(w);
            const T* weight = weights + (std::ptrdiff_t(h) * s.axis[2].kernel + w) * s.tap_stride;
            for (int k = 0; k < s.k; ++k, x += plane, weight += s.k_stride) {
                V of[Outputs];
#pragma GCC unroll 8
                for (int n = 0; n < Outputs; ++n) of[n] = V(weight[n * s.n_stride]);
#pragma GCC unroll 8
                for (int v = 0; v < Vectors; ++v) {
                    const V source = load<V>(x + v * width);
#pragma GCC unroll 8
                    for (int n = 0; n < Outputs; ++n) sum[n][v] = fmadd(source, of[n], sum[n][v]);
                }
            }
        }
#pragma GCC unroll 8
    for (int n = 0; n < Outputs; ++n) {
#pragma GCC unroll 8
        for (int v = 0; v < Vectors; ++v) store_to(sums + (n * Vectors + v) * width, sum[n][v]);
    }
}

// an output row
template <int Outputs, class Arch, class T>
[[gnu::noinline]] void narrow_row(const narrow_plan<Arch, T>& plan, const T* from, const T* weights, T* y,
                                  bool accumulate) noexcept {
    constexpr int width = lanes<vector<T, Arch>>;
    const int outputs = plan.shape.axis[2].outputs;
    T sums[8 * width];
    const auto tile = [&]<int Vectors>(std::integral_constant<int, Vectors>, int begin) noexcept {
        constexpr int run = Vectors * width;
        narrow_tile<Outputs, Vectors>(plan, from + begin, weights, sums);
        const int count = std::min(run, outputs - begin);
        T* const to = y + std::ptrdiff_t(begin) * Outputs;
        for (int n = 0; n < Outputs; ++n)
            for (int j = 0; j < count; ++j) {
                T& element = to[j * Outputs + n];
                element = accumulate ? element + sums[n * run + j] : sums[n * run + j];
            }
        return begin + run;
    };
    int j = 0;
    while (outputs - j > 2 * width) j = tile(std::integral_constant<int, 4>{}, j);
    while (outputs - j > width) j = tile(std::integral_constant<int, 2>{}, j);
    while (j < outputs) j = tile(std::integral_constant<int, 1>{}, j);
}

template <class Arch, class T>
[[gnu::noinline]] void narrow_convolution(const sweep_shape& shape, const copied_operand<T>& x, const T* weights, T* y,
                                          bool accumulate, const tail& after, std::byte* workspace) noexcept {
    const narrow_plan<Arch, T> plan(shape, x.computed());
    const auto& axis = shape.axis;
    const int tasks = plan.tasks();
    if (tasks < 1) return;
    const int slots = threads::useful(shares(tasks, plan.slot_bytes));
    threads::parallel(slots, [&](int slot) noexcept {
        T* const planes = reinterpret_cast<T*>(workspace + std::size_t(slot) * plan.slot_bytes);
        const int begin = int(std::ptrdiff_t(tasks) * slot / slots);
        const int end = int(std::ptrdiff_t(tasks) * (slot + 1) / slots);
        for (int task = begin; task < end; ++task) {
            const int sample = task / plan.bands, top = task % plan.bands * plan.band;
            const int bottom = std::min(axis[1].outputs, top + plan.band);
            const int first_row = axis[1].origin(top) + axis[1].lowest_offset();
            copy_planes(plan, x + sample * shape.source.stride[0], first_row, planes);
            for (int row = top; row < bottom; ++row) {
                const T* const from = planes + std::ptrdiff_t(axis[1].origin(row) - first_row) * plan.pitch +
                                      (axis[2].origin(0) - axis[2].lowest_source());
                const std::ptrdiff_t offset =
                    (std::ptrdiff_t(sample) * axis[1].outputs + row) * axis[2].outputs * shape.n;
                if (shape.n == 1)
                    narrow_row<1>(plan, from, weights, y + offset, accumulate);
                else
                    narrow_row<2>(plan, from, weights, y + offset, accumulate);
                after(offset, axis[2].outputs, shape.n, shape.n);
            }
        }
    });
}

}  // namespace tessera::detail::simd
