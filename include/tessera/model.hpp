// model: a network with its parameters, ready to be called.
//
//     model<digits> classify;                    // float, the SIMD backend, one sample
//     load(classify, "digits.safetensors");
//     auto logits = classify(image);             // a view, valid until the next call
//
// Inputs are contiguous ranges (std::array, std::vector, std::span, xtensor): one after another the samples of a batch,
// each row-major with the features last. How many samples a call holds follows from the size of the first input.
//
// A call takes no memory, does no I/O and does not throw. Buffers belong to the model: on the heap, allocated when it
// is made, or inside the object where the backend may not use a heap.
// Errors  a call with a wrong size or with an index outside its table stops the program with a message.
#pragma once
#include <algorithm>
#include <concepts>
#include <iterator>
#include <memory>
#include <new>
#include <span>
#include <tessera/backend/instruction_set.hpp>
#include <tessera/contract.hpp>
#include <tessera/ir/initialise.hpp>
#include <tessera/program.hpp>
#include <tessera/size_literals.hpp>
#include <type_traits>

namespace tessera {

// Zeroed, aligned, of a size known when compiling; Heap says where it lives.
template <class T, long Size, bool Heap> class buffer;

template <class T, long Size> class buffer<T, Size, false> {
  public:
    constexpr T* data() { return data_; }
    constexpr const T* data() const { return data_; }

  private:
    alignas(64) T data_[Size > 0 ? Size : 1] = {};
};

template <class T, long Size> class buffer<T, Size, true> {
  public:
    buffer() : data_(static_cast<T*>(::operator new(bytes, alignment))) {
        std::uninitialized_fill_n(data_.get(), length, T(0));
    }
    buffer(const buffer& other) : buffer() { *this = other; }
    buffer(buffer&&) noexcept = default;
    buffer& operator=(const buffer& other) {
        std::copy_n(other.data(), length, data());
        return *this;
    }
    buffer& operator=(buffer&&) noexcept = default;
    T* data() { return data_.get(); }
    const T* data() const { return data_.get(); }

  private:
    static constexpr std::align_val_t alignment{64};
    static constexpr std::size_t length = Size > 0 ? static_cast<std::size_t>(Size) : 1, bytes = length * sizeof(T);
    struct release {
        void operator()(T* p) const noexcept { ::operator delete(p, alignment); }
    };
    std::unique_ptr<T, release> data_;
};

// The trainable numbers of a network and its state: what a file holds and what a trainer changes.
template <class Program> struct variables {
    using Net = typename Program::network_type;
    using Real = typename Program::real_type;
    static constexpr bool heap = Program::backend_type::uses_heap;
    buffer<Real, Net::parameter_elements, heap> parameters;
    buffer<Real, Program::state_elements, heap> states;

    constexpr void initialise(std::uint64_t seed) {
        for (int i = 0; i < Net::table.parameter_count; ++i)
            tessera::initialise(Net::table.parameters[i], i, seed, parameters.data() + Net::table.parameters[i].offset);
        reset_states();
    }
    constexpr void reset_states() {
        for (int i = 0; i < Program::graph.state_count; ++i)
            tessera::initialise(Program::graph.states[i], i, 0, states.data() + Program::graph.states[i].offset);
    }
};

// What a call returns: the samples' values of one output, in the model's own memory.
template <class T> struct output_view : std::span<const T> {
    extents sample;  // of one sample
    int count = 1;   // samples

    constexpr output_view(const T* data, const extents& e, int samples)
        : std::span<const T>(data, static_cast<std::size_t>(e.size()) * static_cast<std::size_t>(samples)),
          sample(e),
          count(samples) {}
    constexpr std::span<const T> of_sample(int i) const {
        const auto n = static_cast<std::size_t>(sample.size());
        return this->subspan(n * static_cast<std::size_t>(i), n);
    }
    // the position of the largest value of a sample: the class that logits speak for
    constexpr int largest(int i = 0) const {
        const auto row = of_sample(i);
        int best = 0;
        for (int k = 1; k < static_cast<int>(row.size()); ++k)
            if (row[static_cast<std::size_t>(k)] > row[static_cast<std::size_t>(best)]) best = k;
        return best;
    }
};

template <class Range, class T>
concept contiguous_of = requires(const Range& r) {
    { std::size(r) } -> std::convertible_to<std::size_t>;
    requires std::contiguous_iterator<decltype(std::begin(r))>;
    requires std::same_as<std::iter_value_t<decltype(std::begin(r))>, T>;
};

namespace calls {

template <class Graph, class T, class Range>
constexpr int bind_range(const Graph& g, memory<T>& m, int slot, const Range& range) {
    const input_info& input = g.inputs[slot];
    const int sample = input.shape.size();
    const auto size = static_cast<long>(std::size(range));
    require(size % sample == 0, "input of a model", "whole samples", size);
    if constexpr (contiguous_of<Range, T>) {
        require(input.type == element::real, "input of a model", "int32 elements for this input", slot);
        m.real_inputs[slot] = std::to_address(std::begin(range));  // data() of a view may be its container's
    } else {
        require(input.type == element::int32, "input of a model", "real elements for this input", slot);
        m.index_inputs[slot] = std::to_address(std::begin(range));
    }
    return static_cast<int>(size / sample);
}

// binds one input; the number of samples is that of its size
template <class Graph, class T, class Range>
constexpr int bind_input(const Graph& g, memory<T>& m, int slot, const Range& range) {
    constexpr bool good = contiguous_of<Range, T> || contiguous_of<Range, std::int32_t>;
    static_assert(good, "tessera: an input is a contiguous range of the model's real type or of std::int32_t");
    if constexpr (good)
        return bind_range(g, m, slot, range);
    else
        return 0;
}

// the number of rows that an int32 input may choose from; 0 where nothing gathers by it
template <class Graph> constexpr int index_limit(const Graph& g, int slot) {
    int limit = 0;
    for (int i = 0; i < g.node_count; ++i) {
        const node& n = g.nodes[i];
        if (n.kind != op::gather && n.kind != op::one_hot) continue;
        int from = n.args[n.kind == op::gather];
        while (g.nodes[from].kind == op::reshape) from = g.nodes[from].args[0];
        if (g.nodes[from].kind != op::input || g.nodes[from].slot != slot) continue;
        const int rows = n.kind == op::gather ? g.nodes[n.args[0]].shape[0] : n.shape[-1];
        if (limit == 0 || rows < limit) limit = rows;
    }
    return limit;
}

// the first index outside its table, or -1
template <class Program, int Slot, class T> constexpr long first_bad_index(const memory<T>& m) {
    constexpr int limit = index_limit(Program::graph, Slot);
    const long n = static_cast<long>(m.count) * Program::graph.inputs[Slot].shape.size();
    if constexpr (limit > 0)
        for (long i = 0; i < n; ++i)
            if (m.index_inputs[Slot][i] < 0 || m.index_inputs[Slot][i] >= limit) return i;
    return -1;
}

template <class Program, class T, class... Range> constexpr void bind_inputs(memory<T>& m, const Range&... range) {
    static_assert(Program::failed || sizeof...(Range) == static_cast<std::size_t>(Program::graph.input_count),
                  "tessera: a call needs one range for each input of the network, then one for each of the loss");
    int slot = 0;
    bool first = true;
    const auto bind = [&](const auto& r) {
        const int count = bind_input(Program::graph, m, slot++, r);
        if (first) m.count = count;
        require(count == m.count, "input of a model", "as many samples as in the first input", count);
        first = false;
    };
    (bind(range), ...);
    require(m.count >= 1 && m.count <= Program::capacity, "input of a model", "1 sample to the batch capacity",
            m.count);
    [&]<int... S>(std::integer_sequence<int, S...>) {
        ((Program::graph.inputs[S].type == element::int32
              ? require(first_bad_index<Program, S>(m) < 0, "int32 input of a model", "indices inside the table, at",
                        first_bad_index<Program, S>(m))
              : void()),
         ...);
    }(std::make_integer_sequence<int, Program::graph.input_count>{});
}

template <class Program, class T> constexpr output_view<std::remove_const_t<T>> view_of(const memory<T>& m, int id) {
    const node& n = Program::graph.nodes[id];
    return {address(m, Program::places.at[id]), n.shape, n.batched ? m.count : 1};
}

}  // namespace calls

// in place of a backend that is not included, so that nothing else is missed
struct no_backend {
    static constexpr bool fuses = false, uses_heap = false;
    static constexpr bool takes_tail(const node&, const node* const*) { return false; }
    static constexpr bool takes_prologue(const node&, const node* const*) { return false; }
    static constexpr long workspace(const node&, const node* const*, int, int) { return 0; }
    template <class Program, class T> static constexpr void run(const memory<T>&) noexcept {}
};

template <class Net, class Backend = backend::simd, class Batch = batch<1>, class Real = float, class Mode = inference>
class model {
    static constexpr bool backend_is_included = requires { sizeof(Backend); };
    static_assert(backend_is_included,
                  "tessera: the backend is not included; include <tessera/tessera.hpp>, or name backend::scalar");
    static_assert(std::is_empty_v<Batch>, "model<net, backend, batch<N>>: the third is a batch");

  public:
    using network_type = Net;
    using backend_type = std::conditional_t<backend_is_included, Backend, no_backend>;
    using program_type = program<Net, backend_type, Batch, Real, Mode>;
    using batch_type = Batch;
    using real_type = Real;

    static constexpr long parameter_count = Net::parameter_count;
    static constexpr int capacity = program_type::capacity;
    static constexpr long workspace_bytes = program_type::workspace_bytes;
    static constexpr long parameter_bytes = program_type::parameter_bytes;
    static constexpr long state_bytes = program_type::state_bytes;
    // everything the model ever needs
    static constexpr long memory_bytes = workspace_bytes + parameter_bytes + state_bytes;

    // parameters drawn from the layers' distributions
    constexpr explicit model(std::uint64_t seed = 0) { variables_.initialise(seed); }

    template <class... Range> constexpr output_view<Real> operator()(const Range&... input) noexcept {
        memory<Real> m = bound();
        calls::bind_inputs<program_type>(m, input...);
        backend_type::template run<program_type>(m);
        last_ = m;
        return output();
    }
    // an output of the last call
    constexpr output_view<Real> output(int i = 0) const noexcept {
        return calls::view_of<program_type>(present(), program_type::graph.outputs[i]);
    }

    // back to the initial state: the beginning of a stream
    constexpr void reset() noexcept { variables_.reset_states(); }

    constexpr std::span<Real> parameters() noexcept {
        return {variables_.parameters.data(), static_cast<std::size_t>(Net::parameter_elements)};
    }
    constexpr std::span<const Real> parameters() const noexcept {
        return {variables_.parameters.data(), static_cast<std::size_t>(Net::parameter_elements)};
    }
    constexpr std::span<Real> states() noexcept {
        return {variables_.states.data(), static_cast<std::size_t>(program_type::state_elements)};
    }
    constexpr std::span<const Real> states() const noexcept {
        return {variables_.states.data(), static_cast<std::size_t>(program_type::state_elements)};
    }
    // one parameter by its path, empty if there is none of that name
    constexpr std::span<Real> parameter(std::string_view path) noexcept {
        for (int i = 0; i < Net::table.parameter_count; ++i) {
            const variable_info& v = Net::table.parameters[i];
            if (Net::table.path_of(v).view() == path)
                return parameters().subspan(static_cast<std::size_t>(v.offset),
                                            static_cast<std::size_t>(v.shape.size()));
        }
        return {};
    }

  private:
    constexpr memory<Real> bound() noexcept {
        memory<Real> m;
        m.parameters = variables_.parameters.data();
        m.states = variables_.states.data();
        m.workspace = workspace_.data();
        return m;
    }

    // where the results of the last call are; of a copy, in the copy
    constexpr memory<const Real> present() const noexcept {
        memory<const Real> m;
        m.parameters = variables_.parameters.data();
        m.states = variables_.states.data();
        m.workspace = workspace_.data();
        std::copy(std::begin(last_.real_inputs), std::end(last_.real_inputs), m.real_inputs);
        m.count = last_.count;
        return m;
    }

    variables<program_type> variables_;
    buffer<Real, workspace_bytes / static_cast<long>(sizeof(Real)), backend_type::uses_heap> workspace_;
    memory<Real> last_;
};

}  // namespace tessera
