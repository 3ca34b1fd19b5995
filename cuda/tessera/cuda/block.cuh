// block<Program>: a program of backend::scalar with its buffers in device memory, run by one block in one launch.
//
//     cuda::block<program<digits, backend::scalar, batch<8>>> classify(parameters, states);
//     auto logits = classify(images);                    // a view, valid until the next call
//
//     cuda::block<program<digits, backend::scalar, batch<8>, float, training<cross_entropy>>> train(parameters,
//     states); train.step(rate, images, labels);                  // forward, back and parameters -= rate * gradients
//
// Inputs and outputs are on the host; a call copies them, launches once and waits.
// Errors  throws tessera::error where the CUDA runtime refuses. A wrong size stops the program, as in a model's call.
#pragma once
#include <algorithm>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/cuda/block_kernels.cuh>
#include <tessera/cuda/device_buffer.cuh>
#include <tessera/model.hpp>
#include <vector>

namespace tessera::cuda {

template <class Program> class block {
  public:
    using T = typename Program::real_type;
    using network_type = typename Program::network_type;
    static_assert(std::is_same_v<typename Program::backend_type, backend::scalar>,
                  "tessera: cuda::block interprets programs of backend::scalar");
    static_assert(!Program::mixes_widths,
                  "tessera: cuda::block runs numbers of one type; this network casts to float32 or float64, of which "
                  "only the program's own runs there");
    static_assert(
        [] {
            bool computed = true;
            for (int i = 0; i < Program::graph.output_count; ++i) {
                const detail::memory_space where = Program::places.at[Program::graph.outputs[i]].where;
                computed =
                    computed && (where == detail::memory_space::workspace || where == detail::memory_space::input);
            }
            return computed;
        }(),
        "tessera: cuda::block cannot show an output that is a state, a parameter or a gradient");

    explicit block(std::span<const T> parameters, std::span<const T> states = {}, int threads = block_threads)
        : threads_(threads),
          nodes_(std::span<const detail::node>(table.nodes)),
          arguments_(std::span<const int>(table.arguments)),
          words_(std::span<const int>(table.words)),
          numbers_(std::span<const double>(table.numbers)),
          at_(std::span<const detail::placed>(table.at)),
          run_(std::span<const detail::scalar::instruction>(table.run)),
          constants_(std::span<const T>(Program::constants.of)),
          index_constants_(std::span<const std::int32_t>(Program::index_constants.of)),
          parameters_(elements(network_type::parameter_elements)),
          gradients_(parameters_.size()),
          states_(elements(Program::state_elements)),
          workspace_(elements(Program::workspace_bytes / static_cast<long>(sizeof(T)))),
          mirror_(workspace_.size()) {
        parameters_.upload(parameters);
        states_.upload(states);
        for (int i = 0; i < Program::graph.input_count; ++i) {
            const detail::input_info& input = Program::graph.inputs[i];
            const std::size_t size = elements(input.shape.size()) * elements(Program::capacity);
            real_inputs_.emplace_back(input.type == element::real ? size : 0);
            index_inputs_.emplace_back(input.type == element::real ? 0
                                                                   : (bytes_of_input(i, Program::capacity) + 3) / 4);
        }
    }

    template <class... Range> output_view<T> operator()(const Range&... data) {
        const detail::memory<T> m = bound(data...);
        run_block<T><<<1, threads_>>>(instructions(), m);
        finish();
        return output();
    }
    template <class... Range> void step(double rate, const Range&... data) {
        const detail::memory<T> m = bound(data...);
        train_block<T><<<1, threads_>>>(instructions(), m, parameters_.data(), network_type::parameter_elements,
                                        static_cast<T>(rate));
        finish();
    }

    // an output of the last call
    output_view<T> output(int i = 0) const { return detail::calls::view_of<Program>(last_, Program::graph.outputs[i]); }
    // the loss of each sample of the last call
    output_view<T> losses() const { return detail::calls::view_of<Program>(last_, Program::graph.losses[0]); }
    std::vector<T> parameters() const { return copy(parameters_); }
    std::vector<T> gradients() const { return copy(gradients_); }
    std::vector<T> states() const { return copy(states_); }

  private:
    static constexpr const auto& table = detail::scalar::instructions_of<Program>;

    static constexpr std::size_t elements(long n) { return static_cast<std::size_t>(n); }
    // of one that is not real
    static std::size_t bytes_of_input(int i, int samples) {
        const detail::input_info& input = Program::graph.inputs[i];
        return elements(input.shape.size()) * elements(samples) * elements(detail::bytes_of(input.type, 0));
    }
    static std::vector<T> copy(const device_buffer<T>& b) {
        std::vector<T> v(b.size());
        b.download(v);
        return v;
    }
    device_instructions instructions() const {
        const detail::graph_view graph{nodes_.data(), arguments_.data(), words_.data(), numbers_.data()};
        return {graph, at_.data(), run_.data(), table.count};
    }

    // checks the inputs as a model does, and brings them to the device
    template <class... Range> detail::memory<T> bound(const Range&... data) {
        last_ = {};
        detail::calls::bind_inputs<Program>(last_, data...);
        detail::memory<T> m;
        m.count = last_.count;
        for (int i = 0; i < Program::graph.input_count; ++i) {
            const std::size_t size = elements(Program::graph.inputs[i].shape.size()) * elements(m.count),
                              at = elements(i);
            if (last_.real_inputs[i] != nullptr) real_inputs_[at].upload({last_.real_inputs[i], size});
            if (last_.index_inputs[i] != nullptr)
                index_inputs_[at].upload_bytes(last_.index_inputs[i], bytes_of_input(i, m.count));
            m.real_inputs[i] = real_inputs_[at].data();
            m.index_inputs[i] = index_inputs_[at].data();
        }
        m.constants = constants_.data();
        m.index_constants = index_constants_.data();
        m.parameters = parameters_.data();
        m.gradients = gradients_.data();
        m.states = states_.data();
        m.workspace = workspace_.data();
        return m;
    }
    // waits, and brings back what views look at
    void finish() {
        check(cudaGetLastError(), "launch of a block");
        check(cudaDeviceSynchronize(), "run of a block");
        workspace_.download(mirror_);
        last_.workspace = mirror_.data();
    }

    int threads_;
    device_buffer<detail::node> nodes_;
    device_buffer<int> arguments_, words_;
    device_buffer<double> numbers_;
    device_buffer<detail::placed> at_;
    device_buffer<detail::scalar::instruction> run_;
    device_buffer<T> constants_;
    device_buffer<std::int32_t> index_constants_;
    device_buffer<T> parameters_, gradients_, states_, workspace_;
    std::vector<device_buffer<T>> real_inputs_;
    std::vector<device_buffer<std::int32_t>> index_inputs_;
    std::vector<T> mirror_;
    detail::memory<T> last_;
};

}  // namespace tessera::cuda
