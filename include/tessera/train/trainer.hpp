// trainer: changes the parameters of a model so that a loss falls.
//
//     model<fashion, backend::simd, batch<128>> net(seed);
//     trainer<decltype(net), cross_entropy, sgd> train(net, sgd{.momentum = 0.9});
//     float loss = train.step(rate, images, labels);        // the network's inputs, then the loss's
//
// A step runs forward and back as one program and applies the optimiser to flat buffers. It takes no memory.
// Parameters below a frozen path, trainer<..., freeze<"stage1">>, stay bit-identical. The model must outlive it,
// and neither is called by two threads at once.
//
// Everything random in a step follows from the seed and the number of the step, so a resumed run repeats an
// uninterrupted one bit for bit.
#pragma once
#include <array>
#include <tessera/model.hpp>
#include <tessera/train/optimiser/clip_by_norm.hpp>
#include <tessera/train/optimiser/moving_average.hpp>
#include <tessera/train/training.hpp>

namespace tessera {

struct trainer_options {
    std::uint64_t seed = 0;    // of dropout and other random layers
    double clip_norm = 0;      // gradients are scaled to this norm where they exceed it; 0: never
    double average_decay = 0;  // of the moving average of the parameters; 0: none is kept
};

template <class T>
concept a_model = requires { typename T::program_type::backend_type; };
template <class T>
concept an_optimiser = requires { T::slots; };
template <class T>
concept a_freeze = requires { T::covers(std::string_view{}); };

// of other arguments than a trainer takes: says which, and has nothing else that could go wrong
template <class Model, class Loss, class Optimiser, class... Frozen> class trainer {
    static_assert(a_model<Model>, "tessera: trainer<model, ...>: the first is a model, such as model<net>");
    static_assert(a_loss<Loss>, "tessera: trainer<model, loss, ...>: the second is a loss, such as cross_entropy");
    static_assert(an_optimiser<Optimiser>, "tessera: trainer<model, loss, optimiser>: the third is one, such as sgd");
    static_assert((a_freeze<Frozen> && ...), "tessera: trainer<model, loss, optimiser, freeze<path>...>");
};

template <a_model Model, a_loss Loss, an_optimiser Optimiser, a_freeze... Frozen>
class trainer<Model, Loss, Optimiser, Frozen...> {
  public:
    using network_type = typename Model::network_type;
    using real_type = typename Model::real_type;
    using backend_type = typename Model::backend_type;
    using program_type =
        program<network_type, backend_type, typename Model::batch_type, real_type, training<Loss, Frozen...>>;
    using flat_buffer = buffer<real_type, network_type::parameter_elements, true>;

    static_assert(program_type::state_elements == Model::program_type::state_elements,
                  "tessera: a model that streams is not trained; train one of whole sequences and copy its parameters");

    static constexpr long workspace_bytes = program_type::workspace_bytes;
    static constexpr long memory_bytes = workspace_bytes + (1 + Optimiser::slots) * program_type::parameter_bytes;

    explicit trainer(Model& trained, Optimiser o = {}, trainer_options options = {})
        : model_(trained), optimiser_(o), options_(options) {
        if (options_.average_decay > 0) {
            average_ = std::make_unique<flat_buffer>();
            std::ranges::copy(model_.parameters(), average_->data());
        }
    }

    // one step; the mean loss over the samples, before it
    template <class... Range> real_type step(double rate, const Range&... data) noexcept {
        const real_type loss = compute(data...);
        apply(rate);
        return loss;
    }

    // Forward and back: the gradients, made anew, are there to be looked at, or changed, before apply. Called again, it
    // draws other random numbers.
    template <class... Range> real_type compute(const Range&... data) noexcept {
        const one_call alone(running_, "step of a trainer");
        memory<real_type> m;
        m.parameters = model_.parameters().data();
        m.states = model_.states().data();
        m.gradients = gradients_.data();
        m.workspace = workspace_.data();
        m.seed = random_block::at(options_.seed, static_cast<std::uint64_t>(steps_), passes_++).word[0];
        calls::bind_inputs<program_type>(m, data...);
        backend_type::template run<program_type>(m);
        last_ = m;
        double total = 0;
        const auto losses = calls::view_of<program_type>(m, program_type::graph.losses[0]);
        for (real_type l : losses) total += static_cast<double>(l);
        return static_cast<real_type>(total / static_cast<double>(losses.size()));
    }

    void apply(double rate) noexcept {
        if (options_.clip_norm > 0) clip_by_norm(gradients(), options_.clip_norm);
        ++steps_;
        passes_ = 0;
        for (int i = 0; i < network_type::table.parameter_count; ++i) {
            if (is_frozen[static_cast<std::size_t>(i)]) continue;
            const variable_info& v = network_type::table.parameters[i];
            const auto at = static_cast<std::size_t>(v.offset), n = static_cast<std::size_t>(v.shape.size());
            std::array<real_type*, Optimiser::slots> slots{};
            for (std::size_t k = 0; k < slots.size(); ++k) slots[k] = slots_[k].data() + at;
            optimiser_.update(model_.parameters().subspan(at, n), std::span<const real_type>(gradients_.data() + at, n),
                              slots, steps_, rate, v.decays);
        }
        if (average_)
            moving_average{options_.average_decay}.update(flat(*average_),
                                                          std::span<const real_type>(model_.parameters()));
    }

    // an output of the network in the last step, on the data as it was trained on
    output_view<real_type> output(int i = 0) const noexcept {
        return calls::view_of<program_type>(last_, program_type::graph.outputs[i]);
    }
    std::span<real_type> gradients() noexcept { return flat(gradients_); }
    std::span<real_type> slot(int k) noexcept { return flat(slots_[static_cast<std::size_t>(k)]); }
    // the moving average of the parameters; empty unless it was asked for
    std::span<real_type> average() noexcept { return average_ ? flat(*average_) : std::span<real_type>{}; }
    Model& trained() noexcept { return model_; }
    Optimiser& optimiser() noexcept { return optimiser_; }
    long steps() const noexcept { return steps_; }
    // a resumed run goes on counting
    void set_steps(long n) noexcept {
        steps_ = n;
        passes_ = 0;
    }

  private:
    static constexpr auto is_frozen = [] {
        std::array<bool, static_cast<std::size_t>(network_type::table.parameter_count) + 1> f{};
        for (int i = 0; i < network_type::table.parameter_count; ++i) {
            const text path = network_type::table.path_of(network_type::table.parameters[i]);
            f[static_cast<std::size_t>(i)] = (Frozen::covers(path.view()) || ...);
        }
        return f;
    }();

    static std::span<real_type> flat(flat_buffer& b) {
        return {b.data(), static_cast<std::size_t>(network_type::parameter_elements)};
    }

    Model& model_;
    Optimiser optimiser_;
    trainer_options options_;
    long steps_ = 0;
    std::uint64_t passes_ = 0;  // since the last step
    memory<real_type> last_;
    call_flag running_;
    flat_buffer gradients_;
    std::array<flat_buffer, Optimiser::slots> slots_;
    std::unique_ptr<flat_buffer> average_;
    buffer<real_type, workspace_bytes / static_cast<long>(sizeof(real_type)), true> workspace_;
};

}  // namespace tessera
