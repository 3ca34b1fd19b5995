// gradient_check<Net, Loss, Samples>: the gradients of a network against central differences, in double precision.
//
//     struct mine : network<my_layer, shape<8, 8, 2>> {};
//     EXPECT_LT(gradient_check<mine>().error, 1e-6);
//
//   Net       any network, traced for training: batch norm and dropout run as in training
//   Loss      any loss; unless given, the sum of the outputs weighted by random numbers
//   Samples   in the batch
//
// For some positions of each parameter and of each real input, the derivative d of the mean loss is compared with
// n = (loss(x + h) - loss(x - h)) / 2h. The result is the worst |d - n| / max(|d|, |n|, floor), and where it is. A
// difference that straddles a kink (of a relu, of a maximum) is repeated with h / 10 and h / 100.
//
// Parameters  are drawn as they would start; those that would start from a number, normally around it, so that no
//             two are equal. Inputs and targets are normal; whole numbers are below `indices`, labels below the
//             classes.
// Cost        two to six runs of the network a position, on the reference implementations.
// Errors      none: numbers that are not finite give an infinite error.
#pragma once
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/ir/initialise.hpp>
#include <tessera/model/state_numbers.hpp>
#include <tessera/train/all_gradients.hpp>
#include <tessera/train/loss/weighted_outputs.hpp>
#include <vector>

namespace tessera {

struct gradient_check_options {
    double step = 1e-5;      // h, times max(1, |x|)
    double floor = 1e-3;     // gradients below count as if they were this large
    int positions = 16;      // of each parameter and input; all where there are no more
    int indices = 2;         // whole numbers of the network's inputs are below
    double deviation = 0.5;  // of parameters that start from a number
    std::uint64_t seed = 1;  // of parameters, inputs, positions and of the network's own random numbers
};

struct gradient_check_result {
    double error = 0;     // the worst; relative
    std::string where{};  // path of a parameter, or name of an input
    long index = 0;
    double analytic = 0, numeric = 0;
    long checked = 0;  // positions
};

namespace detail {

namespace gradient_checking {

// forward alone
template <class Loss> struct loss_of {
    static constexpr phase purpose = phase::training;
    template <class Net> static constexpr graph prepare() { return forward_graph<Net, Loss, phase::training>.thaw(); }
};

template <class Net, class Loss, int Samples> class check {
    using forward = program<Net, backend::scalar, batch<Samples>, double, loss_of<Loss>>;
    using backward = program<Net, backend::scalar, batch<Samples>, double, all_gradients<Loss>>;
    using numbers = std::vector<double>;
    static constexpr const auto& graph_ = backward::graph;

  public:
    explicit check(const gradient_check_options& options) : options_(options) {
        parameters_.resize(at(Net::parameter_elements));
        gradients_.resize(at(Net::parameter_elements));
        fresh_states_.resize(at(Net::state_elements));
        workspace_.resize(at(std::max(forward::workspace_bytes, backward::workspace_bytes)) / sizeof(double));
        draw_parameters();
        draw_inputs();
    }

    gradient_check_result run() {
        run_program<backward>();
        std::vector<numbers> inputs;
        for (int i = 0, output = Net::table.output_count; i < graph_.input_count; ++i) {
            const element type = graph_.inputs[i].type;
            inputs.push_back(type == element::real ? copy_output(output) : numbers{});
            output += is_floating(type);
        }
        for (int i = 0; i < graph_.parameter_count; ++i) {
            const variable_info& v = graph_.parameters[i];
            compare(std::string(graph_.path_of(v).view()), parameters_.data() + v.offset, gradients_.data() + v.offset,
                    v.shape.size());
        }
        for (int i = 0; i < Net::table.input_count; ++i)
            compare(std::string(graph_.inputs[i].name.view()), real_[at(i)].data(), inputs[at(i)].data(),
                    static_cast<int>(real_[at(i)].size()));
        return result_;
    }

  private:
    static constexpr std::size_t at(long i) { return static_cast<std::size_t>(i); }

    double normal(int stream, int index) const {
        return normal_number(options_.seed, static_cast<std::uint64_t>(stream), static_cast<std::uint64_t>(index));
    }
    double uniform(int stream, int index) const {
        return uniform_number(options_.seed, static_cast<std::uint64_t>(stream), static_cast<std::uint64_t>(index));
    }

    double draw(const initialiser& start, const extents& shape, int stream, int index) const {
        using kind = initialiser::distribution;
        switch (start.kind) {
            case kind::constant: return start.scale + options_.deviation * normal(stream, index);
            case kind::uniform: return start.scale * (2 * uniform(stream, index) - 1);
            case kind::normal: return start.scale * normal(stream, index);
            case kind::truncated_normal: return start.scale * std::clamp(normal(stream, index), -2.0, 2.0);
            case kind::orthogonal: return start.scale * normal(stream, index) / std::sqrt(shape[-1]);
            case kind::table: return start.numbers[index] + options_.deviation * normal(stream, index);
        }
        return 0;
    }
    void draw_parameters() {
        for (int i = 0; i < graph_.parameter_count; ++i) {
            const variable_info& v = graph_.parameters[i];
            for (int k = 0; k < v.shape.size(); ++k) parameters_[at(v.offset + k)] = draw(v.start, v.shape, i, k);
        }
        for (int i = 0; i < graph_.state_count; ++i) {
            const variable_info& v = graph_.states[i];
            with_state_numbers<has_typed_states(graph_)>(v, fresh_states_.data() + v.offset,
                                                         [&](auto* start) { detail::initialise(v, i, 0, start); });
        }
        states_ = fresh_states_;
    }
    void draw_inputs() {
        const extents first_output = Net::table.nodes[Net::table.outputs[0]].shape;
        const int classes = first_output.rank > 0 ? first_output[-1] : 1;
        real_.resize(at(graph_.input_count));
        index_.resize(at(graph_.input_count));
        for (int i = 0; i < graph_.input_count; ++i) {
            const input_info& input = graph_.inputs[i];
            const int stream = graph_.parameter_count + i, count = Samples * input.shape.size();
            const int bound = i < Net::table.input_count ? options_.indices : classes;
            for (int k = 0; k < count; ++k)
                if (input.type == element::real)
                    real_[at(i)].push_back(normal(stream, k));
                else if (input.type == element::float32)
                    index_[at(i)].push_back(std::bit_cast<std::int32_t>(static_cast<float>(normal(stream, k))));
                else
                    index_[at(i)].push_back(static_cast<std::int32_t>(uniform(stream, k) * bound));
        }
    }

    // states are put back first: each run is the first one
    template <class Program> void run_program() {
        states_ = fresh_states_;
        memory_.parameters = parameters_.data();
        memory_.gradients = gradients_.data();
        memory_.states = states_.data();
        memory_.workspace = workspace_.data();
        memory_.count = Samples;
        memory_.seed = options_.seed;
        for (int i = 0; i < graph_.input_count; ++i) {
            memory_.real_inputs[i] = real_[at(i)].data();
            memory_.index_inputs[i] = index_[at(i)].data();
        }
        backend::scalar::run<Program>(memory_);
    }
    double loss() {
        run_program<forward>();
        constexpr int id = forward::graph.losses[0], count = forward::graph.nodes[id].batched ? Samples : 1;
        const double* l = address(memory_, forward::places.at[id]);
        double total = 0;
        for (int i = 0; i < count; ++i) total += l[i];
        return total / count;
    }
    numbers copy_output(int number) const {
        const int id = graph_.outputs[number];
        const double* y = address(memory_, backward::places.at[id]);
        return numbers(y, y + Samples * graph_.nodes[id].shape.size());
    }

    double difference(double& x, double step) {
        const double before = x, above = before + step, below = before - step;
        x = above;
        const double up = loss();
        x = below;
        const double down = loss();
        x = before;
        return (up - down) / (above - below);
    }
    double error_of(double analytic, double numeric) const {
        const double scale = std::max({std::abs(analytic), std::abs(numeric), options_.floor});
        const double e = std::abs(analytic - numeric) / scale;
        return std::isfinite(e) ? e : std::numeric_limits<double>::infinity();
    }
    void compare(const std::string& name, double* x, const double* gradient, int size) {
        const int count = std::min(size, options_.positions);
        for (int k = 0; k < count; ++k) {
            // one in each of `count` equal pieces
            const long first = static_cast<long>(k) * size / count, end = static_cast<long>(k + 1) * size / count;
            const long i = first + static_cast<long>(uniform(-1, k) * static_cast<double>(end - first));
            compare_one(name, i, x[i], gradient[i]);
        }
    }
    void compare_one(const std::string& name, long index, double& x, double analytic) {
        double error = std::numeric_limits<double>::infinity(), numeric = 0;
        double step = options_.step * std::max(1.0, std::abs(x));
        for (int attempt = 0; attempt < 3 && error > 1e-7; ++attempt, step /= 10) {
            const double n = difference(x, step), e = error_of(analytic, n);
            if (attempt > 0 && e >= error) continue;
            error = e;
            numeric = n;
        }
        if (result_.checked++ > 0 && error <= result_.error) return;
        result_.error = error;
        result_.where = name;
        result_.index = index;
        result_.analytic = analytic;
        result_.numeric = numeric;
    }

    gradient_check_options options_;
    gradient_check_result result_;
    memory<double> memory_;
    numbers parameters_, gradients_, states_, fresh_states_, workspace_;
    std::vector<numbers> real_;
    std::vector<std::vector<std::int32_t>> index_;
};

}  // namespace gradient_checking

}  // namespace detail

template <class Net, class Loss = weighted_outputs, int Samples = 3>
gradient_check_result gradient_check(const gradient_check_options& options = {}) {
    return detail::gradient_checking::check<Net, Loss, Samples>(options).run();
}

}  // namespace tessera
