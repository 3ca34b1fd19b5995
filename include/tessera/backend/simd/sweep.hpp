// sweep: the engine of convolution, forward and gradient with respect to the input; see sliding_axis.hpp for what is
// read where. Every output row of a phase is a product: positions x (taps, source channels) x output channels, its
// left operand read in place from the source, or from a halo copy where the window reaches outside.
//
// A task is a band of output rows of one plane of one sample. Where tasks are few and long, bands get lower, as far as
// what they read in common stays a part of it, and each has only a share of the output channels.
// Tasks, bands and slots follow from the shape alone; few threads leave slots unused, which no result depends on.
//
// A source that is computed is computed in place of that copy. Where images are few and small, all of them are, before
// the tasks. Else a slot has images of its own, or rows enough of one to share at most an eighth of them with others; what
// a band of it shares with the one above is moved there, not computed again; and no task has only some of the channels.
#pragma once
#include <array>
#include <tessera/backend/simd/depthwise.hpp>
#include <tessera/backend/simd/halo.hpp>
#include <tessera/backend/simd/packing.hpp>
#include <tessera/backend/simd/shares.hpp>
#include <tessera/backend/simd/sliding_axis.hpp>
#include <tessera/backend/simd/threads.hpp>

namespace tessera::detail::simd {

// Weight (tap, k, n) of group g is at tap * tap_stride + k * k_stride + n * n_stride + g * group_stride.
struct sweep_shape {
    int count = 0;
    sliding_axis axis[3];
    layout source;  // (samples, D, H, W, source channels), channels without gaps
    int groups = 1;
    int k = 1, n = 1;  // source and output channels of a group
    std::ptrdiff_t tap_stride = 0, k_stride = 0, n_stride = 1, group_stride = 0;

    constexpr int taps() const { return axis[0].kernel * axis[1].kernel * axis[2].kernel; }
    constexpr int source_channels() const { return groups * k; }
    constexpr int output_channels() const { return groups * n; }
    // channels do not mix: an output channel reads one source channel, and lanes can lie along them
    constexpr bool depthwise() const {
        return groups > 1 && k == 1 && (n == 1 || (n_stride == 1 && !axis[2].gradient));
    }
};

template <class Arch, class T> struct sweep_plan {
    static constexpr int width = lanes<vector<T, Arch>>;
    static constexpr int panel = tile_columns<T, Arch>;

    sweep_shape shape;
    bool depthwise = false, pack = false, prepared = false, computed = false, halo = false, merged = false;
    bool whole = false;           // the copy is of all images, and is there before the tasks
    int repeat = 1, pitch = 1;    // of the channels in the source as the kernels see it
    int extent[3] = {1, 1, 1};    // of that source
    std::ptrdiff_t step[3] = {};  // from one of its elements to the next along each axis
    int band = 1, bands = 1;      // output rows in a task
    int splits = 1;               // shares of a group's panels
    int tasks = 0, slots = 0;
    std::size_t table_bytes = 0, weights_bytes = 0, halo_bytes = 0;

    // (cold, as all of planning is: some 20 ns a call, and half the time to compile)
    [[gnu::cold, gnu::noinline]] constexpr explicit sweep_plan(const sweep_shape& s, bool weights_are_packed = false,
                                                               bool source_is_computed = false)
        : shape(s), prepared(weights_are_packed), computed(source_is_computed) {
        if (s.count < 1 || s.axis[0].outputs < 1 || s.axis[1].outputs < 1 || s.axis[2].outputs < 1) return;
        depthwise = s.depthwise();
        if (depthwise) repeat = s.n;
        pitch = s.source_channels() * repeat;
        for (const sliding_axis& a : s.axis) halo = halo || !a.stays_inside();
        halo = halo || repeat > 1 || computed;
        if (halo && depthwise && pitch * int(sizeof(T)) % 2048 == 0) pitch += packing_gap<T>;
        merged = !depthwise && s.groups == 1 && !s.axis[2].gradient && s.axis[2].dilation == 1;
        merged = merged || (!depthwise && s.groups == 1 && s.axis[2].gradient && s.axis[2].stride == 1 &&
                            s.axis[2].dilation == 1);
        merged = merged && (halo || s.source.stride[3] == s.k);
        divide();
        for (int i = 0; i < 3; ++i) step[i] = s.source.stride[i + 1];
        if (halo) {
            step[2] = pitch;
            step[1] = std::ptrdiff_t(extent[2]) * step[2];
            step[0] = std::ptrdiff_t(extent[1]) * step[1];
        }
        const int phases = s.axis[0].phases() * s.axis[1].phases() * s.axis[2].phases();
        table_bytes = padded(std::size_t(s.taps()) * sizeof(stretch) + std::size_t(phases + 1) * sizeof(int));
        if (pack && !prepared) weights_bytes = packed_bytes();
        if (halo)
            halo_bytes = padded(std::size_t(extent[0]) * std::size_t(extent[1]) * std::size_t(extent[2]) *
                                std::size_t(pitch) * sizeof(T));
        slots = halo && !whole ? shares(computed ? runs_of_rows() : tasks, halo_bytes) : tasks;
    }

    constexpr std::size_t bytes() const {
        if (!halo) return table_bytes + weights_bytes;
        if (whole) return table_bytes + weights_bytes + std::size_t(shape.count) * halo_bytes;
        return table_bytes + weights_bytes + room_of_shares(computed ? runs_of_rows() : tasks, halo_bytes);
    }
    // of all weights, in panels
    constexpr std::size_t packed_bytes() const {
        return std::size_t(shape.groups) * packed_columns_bytes<Arch, T>(depth(), shape.n);
    }
    constexpr std::size_t sample_of(int task) const {
        return std::size_t(task / splits / bands / shape.axis[0].outputs);
    }
    constexpr int depth() const { return shape.taps() * shape.k; }
    constexpr int panels() const { return (shape.n + panel - 1) / panel; }
    constexpr std::ptrdiff_t packed_group() const {
        return std::ptrdiff_t(packed_columns_bytes<Arch, T>(depth(), shape.n) / sizeof(T));
    }

  private:
    // How many slots a computed source may be shared out to.
    static constexpr int enough_images = 16;
    [[gnu::cold]] constexpr int runs_of_rows() const {
        const sliding_axis& a = shape.axis[1];
        const int images = shape.count * shape.axis[0].outputs;
        if (images >= enough_images) return images;
        int rows = 1;
        while (rows < a.outputs && 8 * a.reach(rows) > 9 * (a.reach(2 * rows) - a.reach(rows))) rows *= 2;
        return images * ((a.outputs + rows - 1) / rows);
    }
    [[gnu::cold]] constexpr void divide() {
        constexpr std::ptrdiff_t grain = 1 << 18;
        const sweep_shape& s = shape;
        const int rows = s.axis[1].outputs, planes = s.axis[0].outputs;
        const std::ptrdiff_t row_work = std::ptrdiff_t(s.axis[2].outputs) * s.groups * s.n * depth() /
                                        (s.axis[0].phases() * s.axis[1].phases() * s.axis[2].phases());
        const std::ptrdiff_t positions = std::ptrdiff_t(s.count) * planes * rows * s.axis[2].outputs;
        const bool unreadable = !vector_traits<vector<T, Arch>>::masked && s.n % width != 0;
        const bool large = std::ptrdiff_t(depth()) * s.n * std::ptrdiff_t(sizeof(T)) > (std::ptrdiff_t(1) << 17);
        pack = !depthwise && (prepared || s.n_stride != 1 || s.axis[2].gradient || unreadable ||
                              (large && positions >= 64 && s.n > panel));
        const std::ptrdiff_t row_bytes =
            std::ptrdiff_t(s.axis[2].reach(s.axis[2].outputs)) * pitch * s.axis[0].reach(1) * std::ptrdiff_t(sizeof(T));
        const auto band_bytes = [&](int run) { return row_bytes * s.axis[1].reach(run); };
        const auto tasks_of = [&](int run) { return std::ptrdiff_t(s.count) * planes * ((rows + run - 1) / run); };
        band = rows;
        std::ptrdiff_t image_bytes = pitch * std::ptrdiff_t(sizeof(T));
        for (const sliding_axis& a : s.axis) image_bytes *= a.reach(a.outputs);
        whole = computed && runs_of_rows() < enough_images && s.count * image_bytes <= (1 << 21);
        const std::ptrdiff_t cache = computed ? 1 << 17 : 1 << 18;
        while (halo && !whole && band > 1 && band_bytes(band) > cache) band = (band + 1) / 2;
        while (band > 1 && tasks_of(band) < 16 && row_work * band > 2 * grain) band = (band + 1) / 2;
        // Of large work as many as many threads want. Those that copy their rows want room for each copy, which may be
        // more than the network takes: only as many as stay small together, of few images (each number of which room.hpp
        // asks for), and bands that share no more than half of their rows.
        const bool copies = halo && !whole;
        constexpr std::ptrdiff_t most_copied = 1 << 20;
        const int overlap = s.axis[1].reach(1) - (s.axis[1].reach(2) - s.axis[1].reach(1));
        const auto may_copy = [&](std::ptrdiff_t copied, int run) {
            return s.count <= 16 && copied * band_bytes(run) <= most_copied;
        };
        while ((whole || !computed) && band > 1 && tasks_of(band) < enough_shares && row_work * band > 16 * grain &&
               (!copies || (band > 4 * overlap && may_copy(tasks_of((band + 1) / 2), (band + 1) / 2))))
            band = (band + 1) / 2;
        bands = (rows + band - 1) / band;
        if (!depthwise && (whole || !computed) && tasks_of(band) < enough_shares && row_work * band > 4 * grain) {
            const std::ptrdiff_t wanted = (enough_shares + tasks_of(band) - 1) / tasks_of(band);
            splits = int(std::min({std::ptrdiff_t(panels()), wanted, row_work * band / grain}));
            const int few = tasks_of(band) < 8 ? 4 : 1;
            while (copies && splits > few && !may_copy(tasks_of(band) * splits, band)) --splits;
        }
        tasks = s.count * planes * bands * splits;
        if (whole) {
            for (int i = 0; i < 3; ++i) extent[i] = s.axis[i].reach(s.axis[i].outputs);
        } else if (halo) {
            extent[0] = s.axis[0].reach(1);
            extent[1] = s.axis[1].reach(band);
            extent[2] = s.axis[2].reach(s.axis[2].outputs);
        } else {
            for (int i = 0; i < 3; ++i) extent[i] = s.axis[i].sources;
        }
    }
};

// The taps of every phase as stretches: those of phase p are [begins[p], begins[p + 1]).
template <class Arch, class T> struct tap_table {
    stretch* stretches;
    int* begins;

    tap_table(const sweep_plan<Arch, T>& plan, std::byte* workspace) noexcept
        : stretches(reinterpret_cast<stretch*>(workspace)),
          begins(reinterpret_cast<int*>(workspace + std::size_t(plan.shape.taps()) * sizeof(stretch))) {
        const auto& axis = plan.shape.axis;
        int total = 0, phase = 0;
        for (int d = 0; d < axis[0].phases(); ++d)
            for (int h = 0; h < axis[1].phases(); ++h)
                for (int w = 0; w < axis[2].phases(); ++w) {
                    begins[phase++] = total;
                    total = add(plan, {d, h, w}, total);
                }
        begins[phase] = total;
    }

  private:
    // In packed weights the taps of a gradient stand in reverse, so that sources ascend with them.
    int add(const sweep_plan<Arch, T>& plan, std::array<int, 3> output, int total) noexcept {
        const auto& axis = plan.shape.axis;
        const int taps = plan.shape.taps();
        const bool reverse = axis[2].gradient;
        const std::ptrdiff_t b_tap = plan.pack ? std::ptrdiff_t(plan.shape.k) * plan.panel : plan.shape.tap_stride;
        for (int i = 0; i < taps; ++i) {
            const int tap = reverse ? taps - 1 - i : i;
            const int w = tap % axis[2].kernel, h = tap / axis[2].kernel % axis[1].kernel;
            const int d = tap / axis[2].kernel / axis[1].kernel;
            if (!axis[0].uses(output[0], d) || !axis[1].uses(output[1], h) || !axis[2].uses(output[2], w)) continue;
            if (plan.merged && i % axis[2].kernel != 0) continue;
            const std::ptrdiff_t source =
                axis[0].offset(d) * plan.step[0] + axis[1].offset(h) * plan.step[1] + axis[2].offset(w) * plan.step[2];
            stretches[total++] = {source, (plan.pack ? i : tap) * b_tap};
        }
        return total;
    }
};

template <class Arch, class T>
[[gnu::noinline]] void pack_taps(const sweep_plan<Arch, T>& plan, const T* weights, T* to) noexcept {
    const sweep_shape& s = plan.shape;
    const int panels = plan.panels(), taps = s.taps();
    threads::parallel(s.groups * panels, [&](int item) noexcept {
        const int group = item / panels, p = item % panels;
        T* out = to + group * plan.packed_group() + std::ptrdiff_t(p) * plan.depth() * plan.panel;
        for (int i = 0; i < taps; ++i, out += std::ptrdiff_t(s.k) * plan.panel) {
            const int tap = s.axis[2].gradient ? taps - 1 - i : i;
            pack_panel<Arch>(
                out,
                weights + tap * s.tap_stride + group * s.group_stride + std::ptrdiff_t(p) * plan.panel * s.n_stride,
                s.k, std::min(plan.panel, s.n - p * plan.panel), s.k_stride, s.n_stride);
        }
    });
}

// What one task works on.
template <class T> struct sweep_band {
    int sample, plane, row, rows;
    int begin, end;   // panels
    const T* source;  // the element at source coordinates `start`, of the halo's copy if there is one
    int start[3];
};

// Positions that a depthwise kernel takes of a row before it goes down to the next: their sources stay in L1.
inline constexpr int depthwise_run = 8;

// One output row of one width phase: columns [from, to) of every group, or, where channels do not mix, at most
// depthwise_run positions from `from` on.
template <class Arch, bool Depthwise, class T>
[[gnu::noinline]] void sweep_row(const sweep_plan<Arch, T>& plan, const tap_table<Arch, T>& table,
                                 const sweep_band<T>& b, int row, int phase, int from, int to, const T* weights, T* y,
                                 bool accumulate, const tail& after) noexcept {
    const sweep_shape& s = plan.shape;
    const auto& axis = s.axis;
    const int residues =
        (b.plane % axis[0].phases() * axis[1].phases() + row % axis[1].phases()) * axis[2].phases() + phase;
    const int step = axis[2].phases();
    int positions = (axis[2].outputs - phase + step - 1) / step;
    const int skip = Depthwise ? from : 0;
    if constexpr (Depthwise) positions = std::min(positions - skip, depthwise_run);
    if (positions < 1) return;
    const std::ptrdiff_t source = (axis[0].origin(b.plane) - b.start[0]) * plan.step[0] +
                                  (axis[1].origin(row) - b.start[1]) * plan.step[1] +
                                  (axis[2].origin(phase) - b.start[2] + skip * axis[2].step()) * plan.step[2];
    const std::ptrdiff_t pixel =
        ((std::ptrdiff_t(b.sample) * axis[0].outputs + b.plane) * axis[1].outputs + row) * axis[2].outputs + phase +
        skip * step;
    const std::ptrdiff_t offset = pixel * s.output_channels();
    tile_operands<T> operands;
    operands.a = b.source + source;
    operands.a_row = axis[2].step() * plan.step[2];
    operands.a_col = 1;
    operands.b = weights;
    operands.b_row = plan.pack ? plan.panel : s.k_stride;
    operands.c = y + offset;
    operands.c_row = std::ptrdiff_t(step) * s.output_channels();
    operands.stretches = table.stretches + table.begins[residues];
    operands.stretch_count = table.begins[residues + 1] - table.begins[residues];
    operands.length = plan.merged ? s.k * axis[2].kernel : s.k;
    operands.accumulate = accumulate;
    if constexpr (Depthwise) {
        depthwise_row<Arch>(operands, positions, s.output_channels());
        return after(offset, positions, operands.c_row, s.output_channels());
    } else {
        const std::ptrdiff_t panel = plan.pack ? std::ptrdiff_t(plan.depth()) * plan.panel : plan.panel;
        const std::ptrdiff_t group = plan.pack ? plan.packed_group() : s.group_stride;
        for (int g = 0; g < s.groups; ++g) {
            tile_operands<T> one = operands;
            one.a += std::ptrdiff_t(g) * s.k;
            one.b += g * group + from / plan.panel * panel;
            one.c += std::ptrdiff_t(g) * s.n + from;
            tile_block<Arch>(one, positions, to - from, panel, after, offset + std::ptrdiff_t(g) * s.n + from);
        }
    }
}

template <class Arch, bool Depthwise, class T>
[[gnu::noinline]] void sweep_task(const sweep_plan<Arch, T>& plan, const tap_table<Arch, T>& table, int task,
                                  bool follows, const copied_operand<T>& x, const T* weights, T* y, bool accumulate,
                                  const tail& after, T* halo) noexcept {
    const sweep_shape& s = plan.shape;
    const auto& axis = s.axis;
    sweep_band<T> b{};
    const int split = task % plan.splits, band = task / plan.splits % plan.bands;
    b.plane = task / plan.splits / plan.bands % axis[0].outputs;
    b.sample = task / plan.splits / plan.bands / axis[0].outputs;
    b.row = band * plan.band;
    b.rows = std::min(plan.band, axis[1].outputs - b.row);
    b.begin = plan.panels() * split / plan.splits;
    b.end = plan.panels() * (split + 1) / plan.splits;
    const copied_operand<T> image = x + b.sample * s.source.stride[0];
    b.source = image.at;
    if (plan.whole) {
        b.source = halo;
        for (int i = 0; i < 3; ++i) b.start[i] = axis[i].lowest_source();
    } else if (plan.halo) {
        box part;
        part.start[0] = axis[0].origin(b.plane) + axis[0].lowest_offset();
        part.start[1] = axis[1].origin(b.row) + axis[1].lowest_offset();
        part.start[2] = axis[2].lowest_source();
        std::copy_n(plan.extent, 3, part.extent);
        std::copy_n(part.start, 3, b.start);
        T* to = halo;
        if (plan.computed && follows && band > 0 && plan.extent[0] == 1) {
            const std::ptrdiff_t row = std::ptrdiff_t(plan.extent[2]) * plan.pitch;
            const int by = axis[1].origin(b.row) - axis[1].origin(b.row - plan.band);
            const int shared = std::max(0, plan.extent[1] - by);
            std::memmove(halo, halo + by * row, std::size_t(shared) * std::size_t(row) * sizeof(T));
            part.start[1] += shared;
            part.extent[1] -= shared;
            to += shared * row;
        }
        copy_halo<Arch>(to, image, s.source, plan.repeat, plan.pitch, part);
        b.source = halo;
    }
    const auto rows = [&](int from, int to) noexcept {
        for (int row = b.row; row < b.row + b.rows; ++row)
            for (int phase = 0; phase < axis[2].phases(); ++phase)
                sweep_row<Arch, Depthwise>(plan, table, b, row, phase, from, to, weights, y, accumulate, after);
    };
    if constexpr (Depthwise) {
        for (int from = 0; from < axis[2].outputs; from += depthwise_run) rows(from, 0);
    } else {
        // as many columns at a time as leave their weights in L2
        constexpr std::ptrdiff_t cache = 1 << 18;
        const std::ptrdiff_t panel_bytes = std::ptrdiff_t(plan.depth()) * plan.panel * std::ptrdiff_t(sizeof(T));
        const int group_of_panels = int(std::max<std::ptrdiff_t>(1, cache / std::max<std::ptrdiff_t>(1, panel_bytes)));
        for (int p = b.begin; p < b.end; p += group_of_panels)
            rows(p * plan.panel, std::min(s.n, std::min(p + group_of_panels, b.end) * plan.panel));
    }
}

// All of a computed source, with what is outside of it, a row at a time.
template <class Arch, class T>
[[gnu::noinline]] void compute_images(const sweep_plan<Arch, T>& plan, const copied_operand<T>& x,
                                      std::byte* to) noexcept {
    const sweep_shape& s = plan.shape;
    const auto& axis = s.axis;
    const int rows = plan.extent[0] * plan.extent[1];
    threads::parallel(s.count * rows, [&](int item) noexcept {
        const int sample = item / rows, row = item % rows;
        T* const image = reinterpret_cast<T*>(to + std::size_t(sample) * plan.halo_bytes);
        const box part{{axis[0].lowest_source() + row / plan.extent[1], axis[1].lowest_source() + row % plan.extent[1],
                        axis[2].lowest_source()},
                       {1, 1, plan.extent[2]}};
        copy_halo<Arch>(image + std::ptrdiff_t(row) * plan.extent[2] * plan.pitch, x + sample * s.source.stride[0],
                        s.source, plan.repeat, plan.pitch, part);
    });
}

// Depthwise tells what shape.depthwise() is, so that only the code of the one or the other is made. `packed` are the
// weights as pack_taps leaves them, where that was done before the call.
template <class Arch, bool Depthwise, class T>
[[gnu::noinline]] void sweep(const sweep_shape& shape, const std::type_identity_t<copied_operand<T>>& x,
                             const T* weights, T* y, bool accumulate, const tail& after, std::byte* workspace,
                             const T* packed = nullptr) noexcept {
    const sweep_plan<Arch, T> plan(shape, packed != nullptr, x.computed());
    if (plan.tasks < 1 || shape.output_channels() < 1) return;
    const tap_table<Arch, T> table(plan, workspace);
    workspace += plan.table_bytes;
    if (plan.prepared) {
        weights = packed;
    } else if (plan.pack) {
        pack_taps<Arch>(plan, weights, reinterpret_cast<T*>(workspace));
        weights = reinterpret_cast<T*>(workspace);
        workspace += plan.weights_bytes;
    }
    if (plan.whole) compute_images<Arch>(plan, x, workspace);
    const int slots = threads::useful(plan.slots);
    threads::parallel(slots, [&](int slot) noexcept {
        T* halo = reinterpret_cast<T*>(workspace + std::size_t(slot) * plan.halo_bytes);
        const int begin = int(std::ptrdiff_t(plan.tasks) * slot / slots);
        const int end = int(std::ptrdiff_t(plan.tasks) * (slot + 1) / slots);
        for (int task = begin; task < end; ++task) {
            if (plan.whole) halo = reinterpret_cast<T*>(workspace + plan.sample_of(task) * plan.halo_bytes);
            sweep_task<Arch, Depthwise>(plan, table, task, task > begin, x, weights, y, accumulate, after, halo);
        }
    });
}

}  // namespace tessera::detail::simd
