// convolution_backward_filter: dw from x and dy, the adjoint of convolution in the weights.
//
//   dw (kd, kh, kw, in_channels / groups, out_channels) [+=], x and dy as in convolution.hpp
//
// Every tap (every row of taps, if they are contiguous) is a product over the positions: x' dy. Samples are cut into
// slices by the shape alone; each slice has a dw of its own in the workspace, added up in order. A large dw has one
// slice and is split by taps and channels instead.
//
// An x that is computed is computed into the copy that a band is read from, each row of a slice once; only windows of one
// plane may have that, and channels that are not repeated.
// Workspace    convolution_backward_filter_workspace<Arch, T>(shape) bytes, 64-byte aligned.
#pragma once
#include <tessera/backend/simd/convolution.hpp>
#include <tessera/backend/simd/depthwise_backward_filter.hpp>
#include <tessera/ir/windows_of.hpp>

namespace tessera::detail::simd {

constexpr product_shape backward_filter_product(const convolution_shape& s) {
    product_shape p = dense_product(s.in_channels, s.out_channels, s.pixels());
    p.a_row = 1;
    p.a_col = s.pixel_step();
    return p;
}

constexpr convolution_method backward_filter_method(const convolution_shape& s) {
    return s.pointwise()                                   ? convolution_method::product
           : s.groups > 1 && s.in_channels / s.groups == 1 ? convolution_method::depthwise
                                                           : convolution_method::mixing;
}

template <class Arch, class T> struct backward_filter_plan {
    static constexpr int panel = tile_columns<T, Arch>;

    convolution_shape shape;
    sliding_axis axis[3];
    bool depthwise = false, halo = false, merged = false, pack = false, computed = false;
    int repeat = 1, channels = 1, pitch = 1;  // of the source as the kernels see it
    int extent[3] = {1, 1, 1};
    int m = 1, n = 1;  // rows and columns of dw that one product makes
    int band = 1, bands = 1, tasks = 0, slices = 1;
    layout windows;           // of x, or of the copy that there is of a part of it
    std::ptrdiff_t size = 0;  // of dw
    std::size_t dw_bytes = 0, halo_bytes = 0, pack_bytes = 0, table_bytes = 0;

    [[gnu::cold]] constexpr explicit backward_filter_plan(const convolution_shape& s, bool source_is_computed = false)
        : shape(s), computed(source_is_computed) {
        for (int i = 0; i < 3; ++i) axis[i] = forward_axis(s.w, i, s.in[i], s.out[i]);
        const int k = s.in_channels / s.groups;
        n = s.out_channels / s.groups;
        size = std::ptrdiff_t(s.w.taps()) * k * s.out_channels;
        if (s.count < 1 || s.out[0] < 1 || s.out[1] < 1 || s.out[2] < 1) return;
        depthwise = s.groups > 1 && k == 1;
        repeat = depthwise ? n : 1;
        channels = pitch = s.in_channels * repeat;
        for (const sliding_axis& a : axis) halo = halo || !a.stays_inside();
        halo = halo || repeat > 1 || computed;
        if (halo && depthwise && pitch * int(sizeof(T)) % 2048 == 0) pitch += packing_gap<T>;
        merged = s.groups == 1 && s.w.dilation[2] == 1 && (halo || s.image.stride[3] == k);
        m = merged ? s.w.kernel[2] * k : k;
        pack = !depthwise && !vector_traits<vector<T, Arch>>::masked && n % lanes<vector<T, Arch>> != 0;
        divide();
        layout seen = s.image;
        window view = s.w;
        if (halo) {  // a copy, with the padding in it
            for (int i = 0; i < 3; ++i) view.before[i] = 0;
            seen.stride[3] = pitch;
            seen.stride[2] = extent[2] * seen.stride[3];
            seen.stride[1] = extent[1] * seen.stride[2];
        }
        windows = windows_of(seen, view);
    }

    // a slice has a dw; those that run side by side, a slot each
    constexpr std::size_t slot_bytes() const { return halo_bytes + pack_bytes + table_bytes; }
    constexpr std::size_t bytes() const { return std::size_t(slices) * (dw_bytes + slot_bytes()); }

  private:
    [[gnu::cold]] constexpr void divide() {
        const int rows = shape.out[1];
        const auto bytes_of = [&](int run) {
            return std::ptrdiff_t(axis[2].reach(shape.out[2])) * pitch * axis[0].reach(1) * axis[1].reach(run) *
                   std::ptrdiff_t(sizeof(T));
        };
        band = rows;
        while (band > 1 && bytes_of(band) > (std::ptrdiff_t(1) << 17)) band = (band + 1) / 2;
        bands = (rows + band - 1) / band;
        tasks = shape.count * shape.out[0] * bands;
        const std::ptrdiff_t most =
            (std::ptrdiff_t(1) << 22) / std::max<std::ptrdiff_t>(1, size * std::ptrdiff_t(sizeof(T)));
        for (int i = 0; i < 3; ++i) extent[i] = shape.in[i];
        if (halo) {
            extent[0] = axis[0].reach(1);
            extent[1] = axis[1].reach(band);
            extent[2] = axis[2].reach(shape.out[2]);
            halo_bytes = padded(std::size_t(extent[0]) * std::size_t(extent[1]) * std::size_t(extent[2]) *
                                std::size_t(pitch) * sizeof(T));
        }
        dw_bytes = padded(std::size_t(size) * sizeof(T));
        if (pack) pack_bytes = std::size_t(shape.groups) * packed_columns_bytes<Arch, T>(band * shape.out[2], n);
        table_bytes = padded(std::size_t(band) * sizeof(stretch));
        // beyond 16 slices each has positions enough that adding up costs little
        const std::ptrdiff_t positions = std::ptrdiff_t(tasks) / bands * rows * shape.out[2];
        const std::ptrdiff_t apart =
            std::min({std::ptrdiff_t(tasks), most, std::max<std::ptrdiff_t>(16, positions / 1024)});
        slices = shares(int(std::max<std::ptrdiff_t>(1, apart)), dw_bytes + slot_bytes(), 16);
    }
};

// A band of output rows of one plane of one sample, ready to be read.
template <class T> struct gradient_band {
    const T* x;           // where tap (0, 0, 0) of the band's first output reads
    const T* dy;          // the band's first output
    const stretch* rows;  // a: rows of x, b: rows of dy
    int count;
    std::ptrdiff_t dy_row, dy_panel, dy_group;  // pitches of dy, packed or not
};

// The band's part of x, as copy_halo, to where the slice had the band before, if there was one; by rows for the threads
// where there is one slice.
template <class Arch, class T>
[[gnu::noinline]] void copy_band(const backward_filter_plan<Arch, T>& plan, T* to, const copied_operand<T>& x, box part,
                                 int row, bool follows) noexcept {
    const auto copy = [&](T* target, const box& b) noexcept {
        copy_halo<Arch>(target, x, plan.shape.image, plan.repeat, plan.pitch, b);
    };
    if (!plan.computed) return copy(to, part);
    const std::ptrdiff_t line = std::ptrdiff_t(plan.extent[2]) * plan.pitch;
    if (follows && row > 0) {
        const int by = plan.axis[1].origin(row) - plan.axis[1].origin(row - plan.band);
        const int shared = std::max(0, plan.extent[1] - by);
        std::memmove(to, to + by * line, std::size_t(shared) * std::size_t(line) * sizeof(T));
        part.start[1] += shared;
        part.extent[1] -= shared;
        to += shared * line;
    }
    if (plan.slices > 1) return copy(to, part);
    threads::parallel(part.extent[1], [&](int i) noexcept {
        copy(to + i * line, {{part.start[0], part.start[1] + i, part.start[2]}, {1, 1, part.extent[2]}});
    });
}

// follows: the slot has the band before
template <class Arch, class T>
[[gnu::noinline]] gradient_band<T> prepare_band(const backward_filter_plan<Arch, T>& plan, int task, bool follows,
                                                const copied_operand<T>& x, const T* dy, std::byte* slot) noexcept {
    const convolution_shape& s = plan.shape;
    const int plane = task / plan.bands % s.out[0], sample = task / plan.bands / s.out[0];
    const int row = task % plan.bands * plan.band, rows = std::min(plan.band, s.out[1] - row);
    const copied_operand<T> image = x + sample * s.image.stride[0];
    const T* source = image.at;
    if (plan.halo) {
        box part{{plan.axis[0].origin(plane), plan.axis[1].origin(row), plan.axis[2].origin(0)}, {}};
        std::copy_n(plan.extent, 3, part.extent);
        T* const copy = reinterpret_cast<T*>(slot);
        copy_band<Arch>(plan, copy, image, part, row, follows);
        source = copy;
    } else {
        source += plan.windows.first + plane * plan.windows.stride[1] + row * plan.windows.stride[2];
    }
    gradient_band<T> band{source, nullptr, nullptr, rows, s.out_channels, plan.panel, plan.n};
    band.dy = dy + ((std::ptrdiff_t(sample) * s.out[0] + plane) * s.out[1] + row) * s.out[2] * s.out_channels;
    if (plan.pack) {
        T* const copy = reinterpret_cast<T*>(slot + plan.halo_bytes);
        const int length = rows * s.out[2];
        band.dy_group = std::ptrdiff_t(packed_columns_bytes<Arch, T>(plan.band * s.out[2], plan.n) / sizeof(T));
        for (int g = 0; g < s.groups; ++g)
            pack_columns<Arch>(copy + g * band.dy_group, band.dy + std::ptrdiff_t(g) * plan.n, length, plan.n,
                               std::ptrdiff_t(s.out_channels), std::ptrdiff_t(1));
        band.dy = copy;
        band.dy_row = plan.panel;
        band.dy_panel = std::ptrdiff_t(length) * plan.panel;
    }
    stretch* const table = reinterpret_cast<stretch*>(slot + plan.halo_bytes + plan.pack_bytes);
    for (int r = 0; r < rows; ++r) table[r] = {r * plan.windows.stride[2], std::ptrdiff_t(r) * s.out[2] * band.dy_row};
    band.rows = table;
    return band;
}

// where tap (d, h, w) of the band's first output reads
template <class Arch, class T>
const T* tap_source(const backward_filter_plan<Arch, T>& plan, const gradient_band<T>& band, int d, int h,
                    int w) noexcept {
    const long(&step)[layout::max_axes] = plan.windows.stride;
    return band.x + (d * step[4] + h * step[5] + w * step[6]);
}

// What the band adds to dw, or starts it with: taps and groups are independent.
template <class Arch, class T>
[[gnu::noinline]] void add_band(const backward_filter_plan<Arch, T>& plan, const gradient_band<T>& band, T* dw,
                                bool accumulate) noexcept {
    const convolution_shape& s = plan.shape;
    const int across = plan.merged ? 1 : s.w.kernel[2];
    const int products = s.w.kernel[0] * s.w.kernel[1] * across;
    // large products are cut into rows of tiles, which no result depends on
    const int cuts = plan.slices == 1 && plan.m >= 64 ? (plan.m + 31) / 32 : 1;
    threads::parallel(products * s.groups * cuts, [&](int item) noexcept {
        const int cut = item % cuts, g = item / cuts % s.groups, tap = item / cuts / s.groups;
        const int w = tap % across, h = tap / across % s.w.kernel[1], d = tap / across / s.w.kernel[1];
        const int from = plan.m * cut / cuts, to = plan.m * (cut + 1) / cuts;
        const int k = s.in_channels / s.groups;
        tile_operands<T> operands;
        operands.a = tap_source(plan, band, d, h, w) + std::ptrdiff_t(g) * k + from;
        operands.a_row = 1;
        operands.a_col = plan.windows.stride[3];
        operands.b = band.dy + g * band.dy_group;
        operands.b_row = band.dy_row;
        operands.c = dw + (std::ptrdiff_t(tap) * plan.m + from) * s.out_channels + std::ptrdiff_t(g) * plan.n;
        operands.c_row = s.out_channels;
        operands.stretches = band.rows;
        operands.stretch_count = band.count;
        operands.length = s.out[2];
        operands.accumulate = accumulate;
        tile_block<Arch>(operands, to - from, plan.n, band.dy_panel, tail{}, 0);
    });
}

// The same where channels do not mix: rows of taps, three at a time: together they read dy once.
template <class Arch, class T>
[[gnu::noinline]] void add_depthwise_band(const backward_filter_plan<Arch, T>& plan, const gradient_band<T>& band,
                                          T* dw, bool accumulate) noexcept {
    const convolution_shape& s = plan.shape;
    const int across = s.w.kernel[2];
    threads::parallel(s.w.kernel[0] * s.w.kernel[1], [&](int row) noexcept {
        const int h = row % s.w.kernel[1], d = row / s.w.kernel[1];
        for (int w = 0; w < across;) {
            const tile_operands<T> operands{tap_source(plan, band, d, h, w),
                                            plan.windows.stride[3],
                                            plan.windows.stride[6],
                                            band.dy,
                                            s.out_channels,
                                            dw + (std::ptrdiff_t(row) * across + w) * s.out_channels,
                                            s.out_channels,
                                            band.rows,
                                            band.count,
                                            s.out[2],
                                            accumulate};
            if (across - w >= 3)
                depthwise_backward_filter<Arch, 3>(operands, s.out_channels), w += 3;
            else
                depthwise_backward_filter<Arch, 1>(operands, s.out_channels), w += 1;
        }
    });
}

// Every slice of the samples on its own, then all of them added up.
template <class Arch, bool Depthwise, class T>
void sliced_weight_gradient(const convolution_shape& s, const copied_operand<T>& x, const T* dy, T* dw, bool accumulate,
                            std::byte* workspace) noexcept {
    const backward_filter_plan<Arch, T> plan(s, x.computed());
    if (plan.tasks < 1) {
        if (!accumulate) std::fill_n(dw, plan.size, T(0));
        return;
    }
    const auto partial = [&](int slice) {
        return reinterpret_cast<T*>(workspace + std::size_t(slice) * plan.dw_bytes);
    };
    const auto make_slice = [&](int slice, std::byte* slot) noexcept {
        const int begin = int(std::ptrdiff_t(plan.tasks) * slice / plan.slices);
        const int end = int(std::ptrdiff_t(plan.tasks) * (slice + 1) / plan.slices);
        for (int task = begin; task < end; ++task) {
            const gradient_band<T> band = prepare_band<Arch>(plan, task, task > begin, x, dy, slot);
            if constexpr (Depthwise)
                add_depthwise_band<Arch>(plan, band, partial(slice), task > begin);
            else
                add_band<Arch>(plan, band, partial(slice), task > begin);
        }
    };
    const int slots = threads::useful(plan.slices);
    threads::parallel(slots, [&](int slot) noexcept {
        std::byte* const room =
            workspace + std::size_t(plan.slices) * plan.dw_bytes + std::size_t(slot) * plan.slot_bytes();
        for (int slice = plan.slices * slot / slots; slice < plan.slices * (slot + 1) / slots; ++slice)
            make_slice(slice, room);
    });
    constexpr int group = 4096;
    threads::parallel(int((plan.size + group - 1) / group), [&](int item) noexcept {
        const std::ptrdiff_t begin = std::ptrdiff_t(item) * group, end = std::min(plan.size, begin + group);
        if (!accumulate) std::fill(dw + begin, dw + end, T(0));
        for (int slice = 0; slice < plan.slices; ++slice) {
            const T* const part = partial(slice);
            for (std::ptrdiff_t i = begin; i < end; ++i) dw[i] += part[i];
        }
    });
}

// as convolution_work, for x, dy and dw; no tail runs over a dw
struct convolution_weight_work {
    convolution_shape shape;
    product_shape product;  // where windows hold one element each

    // of one sample: the same of so many
    constexpr convolution_weight_work of(int count) const {
        convolution_weight_work all = *this;
        all.shape.count = count;
        all.product.k *= count;
        return all;
    }
    constexpr convolution_method method() const { return backward_filter_method(shape); }
    constexpr std::ptrdiff_t sample_step() const { return shape.image.stride[0]; }
    template <class Arch, class T> constexpr std::size_t workspace(bool x_is_computed = false) const {
        if (method() == convolution_method::product)
            return product_workspace<Arch, T>(product, beforehand::nothing, x_is_computed);
        return backward_filter_plan<Arch, T>(shape, x_is_computed).bytes();
    }
    template <class Arch, convolution_method Method, class T>
    void run(const std::type_identity_t<copied_operand<T>>& x, const T* dy, T* dw, bool accumulate, const tail&,
             std::byte* workspace) const noexcept {
        if constexpr (Method == convolution_method::product)
            detail::simd::product<Arch>(product, x, dy, dw, accumulate, tail{}, workspace);
        else
            sliced_weight_gradient<Arch, Method == convolution_method::depthwise>(shape, x, dy, dw, accumulate,
                                                                                  workspace);
    }
};

constexpr convolution_weight_work backward_filter_work(const convolution_shape& s) {
    return {s, backward_filter_product(s)};
}

template <class Arch, class T> constexpr std::size_t convolution_backward_filter_workspace(const convolution_shape& s) {
    return backward_filter_work(s).workspace<Arch, T>();
}

template <class Arch, class T>
void convolution_backward_filter(const convolution_shape& s, const T* x, const T* dy, T* dw, bool accumulate,
                                 std::byte* workspace) noexcept {
    run_work<Arch>(backward_filter_work(s), x, dy, dw, accumulate, tail{}, workspace);
}

}  // namespace tessera::detail::simd
