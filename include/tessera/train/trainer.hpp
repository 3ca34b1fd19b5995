// trainer: changes the parameters of a model so that a loss falls.
//
//     model<fashion, backend::simd, batch<128>> net(seed);
//     trainer<decltype(net), cross_entropy, sgd> train(net, sgd{.momentum = 0.9});
//     float loss = train.step(rate, images, labels);        // the network's inputs, then the loss's
//
// A step runs forward and back as one program and applies the optimiser to flat buffers. It takes no memory.
// Parameters below a frozen path, trainer<..., freeze<"stage1">>, stay bit-identical. The model must outlive it, and
// stay where it is: a trainer of a model that was moved from stops with a message. Neither is called by two threads at
// once.
//
// A step whose loss, gradients or rate are not finite is left out: parameters, slots, average and the states of the
// network stay as they were. It counts as a step, and left_out() tells how many there were.
//
//     train.group<"head">({.rate = 10, .weight_decay = 0});    // of the parameters below that path
//
// The optimiser is told how often it has changed a parameter, not how many steps there were: one that is no longer
// frozen begins like any other.
//
// With accumulate = k, k calls of step are one step, at the rate of the last of them: the mean of their gradients, each
// weighted by its samples, is what the joined batch has where the loss is a mean over samples and no layer looks at the
// batch as a whole, as batch norm does. A call whose loss or gradients are not finite is left out of the mean, and
// counted. What was summed is in no checkpoint; set_steps and reset_optimiser drop it.
//
// Everything random in a step follows from the seed and the number of the step, so a resumed run repeats an
// uninterrupted one bit for bit.
//
// Threads the optimiser, where it treats each element by itself (`elementwise`), the norm, the average and the sum of
//         gradients are shared out among the backend's threads where they are long; the results are the same bits for
//         any number of threads.
// Cost    memory_bytes: a workspace, gradients, the slots and a copy of the states; the moving average and, with
//         accumulate, a sum of gradients on top.
// Errors  compile time: this_call_does_not_fit<...> for data or a path of group that does not fit. Run time: data that
//         does not fit, a call during another, an option out of its range, and a group's weight decay where the
//         optimiser has none stop the program with a message.
#pragma once
#include <array>
#include <cmath>
#include <limits>
#include <tessera/model.hpp>
#include <tessera/train/in_slices.hpp>
#include <tessera/train/optimiser/all_finite.hpp>
#include <tessera/train/optimiser/clip_by_norm.hpp>
#include <tessera/train/optimiser/moving_average.hpp>
#include <tessera/train/parameter_group.hpp>
#include <tessera/train/training.hpp>
#include <utility>

namespace tessera {

struct trainer_options {
    std::uint64_t seed = 0;    // of dropout and other random layers
    double clip_norm = 0;      // gradients are scaled to this norm where they exceed it; 0: never
    double average_decay = 0;  // of the moving average of the parameters; 0: none is kept
    int accumulate = 1;        // calls of step that are one step together
};

template <class T>
concept a_model = requires { typename T::program_type::backend_type; };
template <class T>
concept an_optimiser = requires { T::slots; };

namespace detail {

// Whether an optimiser says that it treats each element by itself. Its update, which is const, may be called for slices
// of a parameter then, by several threads at once.
template <class Optimiser> inline constexpr bool is_elementwise = false;
template <class Optimiser>
    requires requires { requires Optimiser::elementwise; }
inline constexpr bool is_elementwise<Optimiser> = true;

}  // namespace detail

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
    using flat_buffer = detail::buffer<real_type, network_type::parameter_elements, true>;

    static_assert(!Model::borrows,
                  "tessera: a model that borrows its parameters is not trained; train one that owns them");
    static_assert(program_type::failed || program_type::state_elements == Model::program_type::state_elements,
                  "tessera: a model that streams is not trained; train one of whole sequences and copy its parameters");

    static constexpr long workspace_bytes = program_type::workspace_bytes;
    static constexpr long memory_bytes =
        workspace_bytes + (1 + Optimiser::slots) * program_type::parameter_bytes + program_type::state_bytes;

    [[gnu::cold]] explicit trainer(Model& trained, Optimiser o = {}, trainer_options options = {})
        : model_(trained), optimiser_(o), options_(options) {
        detail::require(options_.clip_norm >= 0, "trainer: clip_norm", "0 or a length above it", "another number");
        detail::require(options_.average_decay >= 0 && options_.average_decay < 1, "trainer: average_decay",
                        "a number from 0 to below 1", "another number");
        detail::require(options_.accumulate >= 1, "trainer: accumulate", "1 or more", options_.accumulate);
        if (options_.accumulate > 1) sum_ = flat_buffer();
        if (options_.average_decay > 0) {
            average_ = flat_buffer();
            copy(model_.parameters().data(), parameters_in_all, average_.data());
        }
    }

    trainer(const trainer&) = delete;
    trainer& operator=(const trainer&) = delete;

    // one step, or with accumulate a part of one; the mean loss over the samples, before it
    template <class... Range> real_type step(double rate, const Range&... data) noexcept {
        const real_type loss = compute(data...);
        if (sum_.data() != nullptr)
            gather(rate);
        else
            take(rate, sound_);
        return loss;
    }

    // Forward and back: the gradients, made anew, are there to be looked at, or changed, before apply. Called again, it
    // draws other random numbers. Where the loss, a gradient or a state is not finite, states stay as they were and all
    // gradients are NaN.
    template <class... Range> real_type compute(const Range&... data) noexcept {
        const detail::one_call alone(running_, "step of a trainer");
        copy(model_.states().data(), model_.states().size(), states_before_.data());
        detail::memory<real_type> m;
        m.parameters = model_.parameters().data();
        m.states = model_.states().data();
        m.gradients = gradients_.data();
        m.workspace = workspace_.data();
        m.seed = detail::random_block::at(options_.seed, static_cast<std::uint64_t>(steps_), passes_++).word[0];
        detail::calls::bind_inputs<program_type>(m, data...);
        backend_type::template run<program_type>(m);
        last_ = m;
        double total = 0;
        const auto losses = detail::calls::view_of<program_type>(m, program_type::graph.losses[0]);
        for (real_type l : losses) total += static_cast<double>(l);
        const auto loss = static_cast<real_type>(total / static_cast<double>(losses.size()));
        samples_ = static_cast<long>(losses.size());
        sound_ = std::isfinite(loss) && gradients_are_finite() && states_stay_finite();
        if (!sound_) take_back();
        return loss;
    }

    // false where the gradients as they are now, or the rate, are not finite: the step is left out
    bool apply(double rate) noexcept { return take(rate, gradients_are_finite()); }

    // Sets the rate and the weight decay of the parameters of this path and below it. What was set last counts.
    template <fixed_text Path> void group(parameter_group options) noexcept {
        if constexpr (!grouped_parameters<network_type, Path>::failed) {
            constexpr bool decays = requires(Optimiser o) { o.weight_decay = 0.0; };
            detail::require(decays || !options.weight_decay, "trainer: group", "an optimiser that has a weight decay",
                            "one that has none");
            for (std::size_t i = 0; i < groups_.size(); ++i)
                if (grouped_parameters<network_type, Path>::covers[i]) groups_[i] = options;
        }
    }

    // an output of the network in the last step, on the data as it was trained on
    output_view<real_type> output(int i = 0) const noexcept {
        const bool real = i >= 0 && i < network_type::table.output_count &&
                          program_type::graph.nodes[program_type::graph.outputs[i]].is_real();
        detail::require(real, "output of a trainer", "the number of an output of real numbers of the network", i);
        detail::require(last_.workspace != nullptr, "output of a trainer", "a step before it", "none");
        return detail::calls::view_of<program_type>(last_, program_type::graph.outputs[i]);
    }
    std::span<real_type> gradients() noexcept { return flat(gradients_); }
    std::span<real_type> slot(int k) noexcept {
        detail::require(k >= 0 && k < static_cast<int>(slots_.size()), "slot of a trainer",
                        "the number of one of the optimiser's", k);
        return flat(slots_[static_cast<std::size_t>(k)]);
    }
    // the moving average of the parameters; empty unless it was asked for
    std::span<real_type> average() noexcept {
        return average_.data() != nullptr ? flat(average_) : std::span<real_type>{};
    }
    Model& trained() noexcept { return model_; }
    Optimiser& optimiser() noexcept { return optimiser_; }
    // those that were left out, too
    long steps() const noexcept { return steps_; }
    long left_out() const noexcept { return left_out_; }
    // how often the optimiser has changed a parameter, by its number in the network's table
    long updates(int parameter) const noexcept { return updates_[checked(parameter)]; }
    // a resumed run goes on counting, each parameter that is not frozen as though it had been changed in all steps
    void set_steps(long n) noexcept {
        steps_ = n;
        passes_ = 0;
        drop_sum();
        for (std::size_t i = 0; i < parameters; ++i)
            if (!is_frozen[i]) updates_[i] = n;
    }
    void set_updates(int parameter, long n) noexcept { updates_[checked(parameter)] = n; }
    // the optimiser begins anew: its slots are 0, as though it had changed nothing
    void reset_optimiser() noexcept {
        for (flat_buffer& s : slots_) fill(s.data(), parameters_in_all, real_type(0));
        updates_ = {};
        drop_sum();
    }
    int accumulates() const noexcept { return options_.accumulate; }

  private:
    static constexpr auto parameters = static_cast<std::size_t>(network_type::table.parameter_count);

    static constexpr auto is_frozen = [] {
        std::array<bool, parameters + 1> f{};
        for (int i = 0; i < network_type::table.parameter_count; ++i) {
            const text path = network_type::table.path_of(network_type::table.parameters[i]);
            f[static_cast<std::size_t>(i)] = (Frozen::covers(path.view()) || ...);
        }
        return f;
    }();

    static std::size_t checked(int parameter) noexcept {
        detail::require(parameter >= 0 && parameter < network_type::table.parameter_count, "updates of a trainer",
                        "the number of a parameter of the network", parameter);
        return static_cast<std::size_t>(parameter);
    }
    static std::span<real_type> flat(flat_buffer& b) {
        return {b.data(), static_cast<std::size_t>(network_type::parameter_elements)};
    }

    using sharers = detail::threads_of<backend_type>;
    static constexpr auto parameters_in_all = static_cast<std::size_t>(network_type::parameter_elements);

    // (those of the library are a dozen functions each to compile)
    static void copy(const real_type* from, std::size_t count, real_type* to) noexcept {
        for (std::size_t i = 0; i < count; ++i) to[i] = from[i];
    }
    static void fill(real_type* to, std::size_t count, real_type x) noexcept {
        for (std::size_t i = 0; i < count; ++i) to[i] = x;
    }

    bool gradients_are_finite() const noexcept {
        bool finite[detail::slices::most] = {};
        detail::in_slices<sharers>(parameters_in_all, [&](int slice, std::size_t first, std::size_t length) noexcept {
            finite[slice] = all_finite(std::span<const real_type>(gradients_.data() + first, length));
        });
        for (int k = 0; k < detail::slices(parameters_in_all).count; ++k)
            if (!finite[k]) return false;
        return true;
    }

    [[gnu::cold]] void gather(double rate) noexcept {
        real_type *const sum = sum_.data(), *const now = gradients_.data();
        if (sound_) {
            const auto weight = static_cast<real_type>(samples_);
            detail::in_slices<sharers>(parameters_in_all, [&](int, std::size_t first, std::size_t length) noexcept {
                for (std::size_t i = first; i < first + length; ++i) sum[i] += weight * now[i];
            });
            summed_samples_ += samples_;
        } else {
            ++left_out_;
        }
        if (++gathered_ < options_.accumulate) return;
        if (summed_samples_ > 0) {
            const auto count = static_cast<real_type>(summed_samples_);
            detail::in_slices<sharers>(parameters_in_all, [&](int, std::size_t first, std::size_t length) noexcept {
                for (std::size_t i = first; i < first + length; ++i) now[i] = sum[i] / count;
            });
            apply(rate);
        } else {
            ++steps_;
            passes_ = 0;
        }
        drop_sum();
    }
    void drop_sum() noexcept {
        if (sum_.data() != nullptr) fill(sum_.data(), parameters_in_all, real_type(0));
        summed_samples_ = 0;
        gathered_ = 0;
    }
    bool take(double rate, bool sound) noexcept {
        ++steps_;
        passes_ = 0;
        if (!sound || !std::isfinite(rate)) {
            ++left_out_;
            return false;
        }
        if (options_.clip_norm > 0) clip_by_norm<sharers>(gradients(), options_.clip_norm);
        for (std::size_t i = 0; i < parameters; ++i)
            if (!is_frozen[i]) change(i, rate);
        if (average_.data() != nullptr)
            detail::in_slices<sharers>(parameters_in_all, [&](int, std::size_t first, std::size_t length) noexcept {
                moving_average{options_.average_decay}.update(
                    flat(average_).subspan(first, length),
                    std::span<const real_type>(model_.parameters()).subspan(first, length));
            });
        return true;
    }
    void change(std::size_t i, double rate) noexcept {
        const detail::variable_info& v = network_type::table.parameters[i];
        const auto at = static_cast<std::size_t>(v.offset), n = static_cast<std::size_t>(v.shape.size());
        std::array<real_type*, Optimiser::slots> slots{};
        for (std::size_t k = 0; k < slots.size(); ++k) slots[k] = slots_[k].data() + at;
        const parameter_group& own = groups_[i];
        const auto update = [&] {
            const long age = ++updates_[i];
            const auto part = [&](auto& optimiser, std::size_t first, std::size_t length) noexcept {
                auto from = slots;
                for (auto& slot : from) slot += first;
                optimiser.update(model_.parameters().subspan(at + first, length),
                                 std::span<const real_type>(gradients_.data() + at + first, length), from, age,
                                 rate * own.rate, v.decays || !own.spares);
            };
            if constexpr (detail::is_elementwise<Optimiser>)
                detail::in_slices<sharers>(n, [&](int, std::size_t first, std::size_t length) noexcept {
                    part(std::as_const(optimiser_), first, length);
                });
            else
                part(optimiser_, 0, n);
        };
        if constexpr (requires { optimiser_.weight_decay = 0.0; }) {
            const auto usual = optimiser_.weight_decay;
            if (own.weight_decay) optimiser_.weight_decay = *own.weight_decay;
            update();
            optimiser_.weight_decay = usual;
        } else {
            update();
        }
    }
    // what a pass has spoilt
    [[gnu::cold]] void take_back() noexcept {
        copy(states_before_.data(), model_.states().size(), model_.states().data());
        for (std::size_t i = 0; i < parameters; ++i) {
            const detail::variable_info& v = network_type::table.parameters[i];
            if (!is_frozen[i])
                fill(gradients_.data() + v.offset, static_cast<std::size_t>(v.shape.size()),
                     std::numeric_limits<real_type>::quiet_NaN());
        }
    }
    // a state that was not finite before is the network's own affair
    bool states_stay_finite() const noexcept {
        const std::span<const real_type> now = std::as_const(model_).states();
        constexpr bool typed = detail::has_typed_states(program_type::graph);
        if constexpr (typed) return typed_states_stay_finite(now);
        if (all_finite(now)) return true;
        for (std::size_t i = 0; i < now.size(); ++i)
            if (!std::isfinite(now[i]) && std::isfinite(states_before_.data()[i])) return false;
        return true;
    }

    // the same where states have widths of their own
    bool typed_states_stay_finite(std::span<const real_type> now) const noexcept {
        bool stay = true;
        for (int i = 0; i < program_type::graph.state_count; ++i) {
            const detail::variable_info& v = program_type::graph.states[i];
            const long at = detail::offset_of_state(program_type::graph, i, program_type::capacity);
            detail::with_state_numbers<true>(v, now.data() + at, [&](const auto* now_of_state) {
                using number = std::remove_cvref_t<decltype(*now_of_state)>;
                const auto* const before = reinterpret_cast<const number*>(states_before_.data() + at);
                for (long k = 0; k < detail::numbers_of(v, program_type::capacity); ++k)
                    stay = stay && (std::isfinite(now_of_state[k]) || !std::isfinite(before[k]));
            });
        }
        return stay;
    }

    Model& model_;
    Optimiser optimiser_;
    trainer_options options_;
    long steps_ = 0;
    std::uint64_t passes_ = 0;  // since the last step
    long left_out_ = 0;
    long samples_ = 0;         // of the last pass
    long summed_samples_ = 0;  // of the passes whose gradients are in the sum
    int gathered_ = 0;         // passes since the last step, those left out too
    bool sound_ = true;        // loss, gradients and states of the last pass
    std::array<long, parameters + 1> updates_{};
    std::array<parameter_group, parameters + 1> groups_{};
    detail::memory<real_type> last_;
    detail::call_flag running_;
    flat_buffer gradients_;
    std::array<flat_buffer, Optimiser::slots> slots_;
    flat_buffer average_ = flat_buffer::none();
    flat_buffer sum_ = flat_buffer::none();  // of gradients, each times its samples
    detail::buffer<real_type, program_type::state_elements, true> states_before_;
    detail::buffer<real_type, workspace_bytes / static_cast<long>(sizeof(real_type)), true> workspace_;
};

}  // namespace tessera
