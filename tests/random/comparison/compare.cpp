#include "../compare.hpp"

#include <sstream>

#include "../../nodes.hpp"
#include "../differences.hpp"
#include "../random_network.hpp"
#include "../run_time/modes.hpp"
#include "../run_time/run.hpp"

namespace tessera::random_networks {

using namespace detail;

std::string report::summary() const {
    std::ostringstream s;
    s << compared << " numbers compared, " << unknown << " unknown; " << differences << " differences compared, "
      << skipped_differences << " skipped; " << streams << " streams, " << refused_streams
      << " of sequences alone refused";
    return s.str();
}

namespace {

double special_number(mood m, double u) {
    const auto of = [&](std::initializer_list<double> list) {
        return list.begin()[static_cast<std::size_t>(u * static_cast<double>(list.size()))];
    };
    switch (m) {
        case mood::ordinary: return 1;
        case mood::zeros: return of({0, 1, -1});
        case mood::large: return of({1e7, -1e7, 1e4, 3e3});
        case mood::tiny: return of({1e-30, -1e-30, 1e-40, -3e-42, 0});
        case mood::negative_infinity: return -infinite;
        case mood::nan: return NAN;
        case mood::infinities: return of({infinite, -infinite});
        case mood::mixed: return of({-infinite, NAN, 0, 1e7, 1e-30, 1e-40, infinite, 3e38});
    }
    return 0;
}

class comparison {
  public:
    comparison(const recipe& r, std::uint64_t seed, mood m) : recipe_(r), seed_(seed), mood_(m) {}

    report run() {
        prepare();
        if (refused(inference_, "inference")) return report_;
        check_inference();
        if (!report_.failed() && has_time()) check_streaming();
        if (!report_.failed()) check_training();
        if (!report_.failed()) check_explanations();
        return report_;
    }

    report run(made_elsewhere of_inference, made_elsewhere of_training, made_elsewhere of_one_sample) {
        prepare();
        if (refused(inference_, "inference")) return report_;
        const graph traced = without_taps();
        if (!check_program(traced, of_one_sample.of, std::move(of_one_sample.program), {1},
                           "inference of one sample, compiled"))
            return report_;
        if (!check_program(traced, of_inference.of, std::move(of_inference.program), {5, 2}, "inference, compiled",
                           true))
            return report_;
        if (of_training.program == nullptr) return report_;
        const graph backward = traced_for_training();
        check_program(backward, of_training.of, std::move(of_training.program), {5, 2}, "training, compiled", true);
        return report_;
    }

    report run_changed(const std::function<bool(graph&)>& change) {
        prepare();
        const graph traced = without_taps();
        const graph g = put_in_order(outputs_of(inference_));
        graph changed = g;
        if (change(changed)) {
            ++report_.changed;
            check_program(traced, g, make_program<float>(changed, 5, backend::simd{}), {5}, "changed");
        }
        return report_;
    }

  private:
    static std::size_t at(int i) { return static_cast<std::size_t>(i); }
    void prepare() {
        traced_ = as_traced(recipe_, phase::inference);
        inference_ = carry_states(traced_);
    }
    // what the oracle runs for the outputs alone
    graph without_taps() const {
        graph g = traced_;
        g.losses.clear();
        g.taps.clear();
        return g;
    }
    double uniform(int stream, int i) const {
        return uniform_number(seed_, static_cast<std::uint64_t>(stream), static_cast<std::uint64_t>(i));
    }

    bool refused(const graph& g, const char* when) {
        if (!g.failed) return false;
        const auto say = [](const text& t) { return std::string(t.view()); };
        report_.fail(std::string(when) + ": refused at " + say(g.problem.where) + ", " + say(g.problem.layer) +
                     ": expects " + say(g.problem.expected) + ", found " + say(g.problem.found));
        return true;
    }

    // what a float holds, so that both sides see the same
    static double as_float(double x) { return static_cast<double>(static_cast<float>(x)); }

    given inputs_for(const graph& g, int count, bool special) const {
        given in;
        in.count = count;
        in.seed = seed_ + 17;
        for (std::size_t i = 0; i < g.inputs.size(); ++i) {
            const bool of_network = i < at(recipe_.input_count);
            std::vector<double> x;
            for (int k = 0; k < count * g.inputs[i].shape.size(); ++k) {
                const int stream = 100 + static_cast<int>(i);
                double v = normal_number(seed_, static_cast<std::uint64_t>(stream), static_cast<std::uint64_t>(k));
                if (g.inputs[i].type != element::real)
                    v = std::floor(uniform(stream, k) * recipe::indices);
                else if (special && of_network && mood_ != mood::ordinary && uniform(stream + 50, k) < 0.2)
                    v = special_number(mood_, uniform(stream + 70, k));
                x.push_back(as_float(v));
            }
            in.inputs.push_back(x);
        }
        for (std::size_t i = 0; i < g.parameters.size(); ++i) {
            std::vector<double> p;
            const initialiser& start = g.parameters[i].start;
            const bool constant = start.kind == initialiser::distribution::constant;
            for (int k = 0; k < g.parameters[i].shape.size(); ++k) {
                const double v = normal_number(seed_, 1000 + i, static_cast<std::uint64_t>(k));
                p.push_back(as_float(constant ? start.scale + 0.3 * v : 0.5 * v));
            }
            in.parameters.push_back(p);
        }
        for (const variable_info& s : g.states) in.states.emplace_back(at(s.shape.size()), as_float(s.start.scale));
        return in;
    }

    template <class T> bool compare(const std::vector<T>& found, const numbers& wanted, const std::string& what) {
        if (found.size() != wanted.size()) {
            report_.fail(what + ": another size");
            return false;
        }
        for (std::size_t i = 0; i < found.size(); ++i) {
            const bounded& w = wanted[i];
            const auto f = static_cast<double>(found[i]);
            if (!w.known()) {
                ++report_.unknown;
                continue;
            }
            ++report_.compared;
            const bool good = std::isnan(w.value)   ? std::isnan(f)
                              : std::isinf(w.value) ? f == w.value
                                                    : std::abs(f - w.value) <= w.error;
            if (good) continue;
            std::ostringstream says;
            says.precision(9);
            says << what << ", element " << i << ": " << f << ", wanted " << w.value << " within " << w.error;
            report_.fail(says.str());
            return false;
        }
        return true;
    }
    template <class T>
    bool compare_all(const std::vector<std::vector<T>>& found, const std::vector<numbers>& wanted,
                     const std::string& what) {
        for (std::size_t i = 0; i < found.size(); ++i)
            if (!compare(found[i], wanted[i], what + " " + std::to_string(i))) return false;
        return true;
    }

    struct expectation {
        std::vector<numbers> outputs, losses, taps, states, gradients;
    };
    static expectation expected_of(const graph& g, const given& in, precision p) {
        evaluated e = oracle(g, in, p).run();
        expectation w;
        for (int o : g.outputs) w.outputs.push_back(e.made[at(o)]);
        for (int l : g.losses) w.losses.push_back(e.made[at(l)]);
        for (const tap_info& t : g.taps) w.taps.push_back(e.made[at(t.id)]);
        w.states = e.states;
        w.gradients = e.gradients;
        return w;
    }
    template <class T> bool compare_results(const results<T>& r, const expectation& w, const std::string& name) {
        if (r.overrun) report_.fail(name + ": memory after the workspace was written");
        const bool good =
            compare_all(r.outputs, w.outputs, name + ": output") && compare_all(r.losses, w.losses, name + ": loss") &&
            compare_all(r.taps, w.taps, name + ": tap") && compare_all(r.states, w.states, name + ": state");
        if (!good || report_.failed()) return false;
        for (std::size_t i = 0; i < r.gradients.size(); ++i)
            if (!w.gradients[i].empty() &&
                !compare(r.gradients[i], w.gradients[i], name + ": gradient of parameter " + std::to_string(i)))
                return false;
        return true;
    }

    // `traced` is what the oracle runs, `g` the same after the passes, of which the program is
    template <class T>
    bool check_program(const graph& traced, const graph& g, std::unique_ptr<run_time_program<T>> made,
                       std::initializer_list<int> counts, const std::string& name, bool with_threads = false) {
        runner<T> program(g, std::move(made));
        for (int count : counts) {
            given in = inputs_for(traced, count, true);
            const std::string full = name + ", " + std::to_string(count) + " samples";
            const int calls = traced.states.empty() ? 1 : 2;
            for (int call = 0; call < calls; ++call) {
                const results<T> r = program.run(in);
                if (!compare_results(r, expected_of(traced, in, precision::of<T>()),
                                     full + (call > 0 ? ", second call" : "")))
                    return false;
                if (with_threads && count > 2 && !(program.run(in, 2) == r)) {
                    report_.fail(full + ": two threads give other bits than one");
                    return false;
                }
                for (std::size_t i = 0; i < r.states.size(); ++i)
                    for (std::size_t k = 0; k < r.states[i].size(); ++k)
                        in.states[i][k] = static_cast<double>(r.states[i][k]);
            }
        }
        return true;
    }
    // as a program of double has it: values of float64 are real
    static graph of_doubles(const graph& g) { return put_in_order(settle_widths(graph(g), element::float64)); }
    void check_graph(const graph& traced, const graph& unordered, const std::string& name) {
        if (unordered.nodes.size() > many_nodes) return;
        const graph g = put_in_order(graph(unordered)), wide = of_doubles(g);
        if (refused(g, name.c_str())) return;
        const backend::simd simd{};
        const backend::scalar scalar{};
        check_program(traced, g, make_program<float>(g, 1, simd), {1}, name + ", simd float, capacity 1") &&
            check_program(traced, g, make_program<float>(g, 5, simd), {5, 2}, name + ", simd float, capacity 5",
                          true) &&
            check_program(traced, wide, make_program<double>(wide, 5, scalar), {3},
                          name + ", scalar double, capacity 5") &&
            check_program(traced, g, make_program<float>(g, 5, scalar), {5}, name + ", scalar float, capacity 5");
        if (report_.failed() || !has_products_without_reuse(g.view(), static_cast<int>(g.nodes.size()), 0)) return;
        const graph multiplied = put_in_order(multiply_out(graph(g), 0));
        ++report_.multiplied;
        check_program(traced, multiplied, make_program<float>(multiplied, 5, simd), {3},
                      name + ", products multiplied out");
    }

    void check_inference() {
        check_graph(without_taps(), outputs_of(inference_), "inference");
        if (report_.failed() || inference_.taps.empty()) return;
        graph tapped = traced_;
        tapped.losses.clear();
        keep_whole_taps(tapped);
        check_graph(tapped, outputs_of(inference_, true), "tapped");
    }

    graph traced_for_training() const {
        graph g = written(recipe_, phase::training);
        align(g, inference_);
        return with_gradients(with_weighted_outputs(std::move(g)));
    }
    void check_training() {
        graph g = written(recipe_, phase::training), forward = as_traced(recipe_, phase::training);
        align(g, inference_);
        align(forward, traced_);
        if (refused(g, "training")) return;
        const graph backward = with_gradients(with_weighted_outputs(g));
        if (refused(backward, "training")) return;
        check_graph(backward, backward, "training");
        forward.taps.clear();
        add_loss_behind<weighted_outputs>(forward);
        if (!report_.failed()) check_differences(forward, backward);
    }
    // a label to ignore is what makes the loss of a sample another one than its part of a batch's
    using ignoring = cross_entropy_with<ignore_label<1>>;
    bool has_logits() const {
        const extents& e = traced_.nodes[at(traced_.outputs[0])].shape;
        return traced_.outputs.size() == 1 && e.rank > 0 && e[-1] >= recipe::indices;
    }
    void check_explanations() {
        if (has_logits())
            check_explanations_of<ignoring>();
        else
            check_explanations_of<weighted_outputs>();
    }
    template <class Loss> void check_explanations_of() {
        const graph forward = with_loss_alone<Loss>(traced_);
        const graph g = explained(with_loss_alone<Loss>(inference_), recipe_.input_count);
        if (refused(g, "explained")) return;
        if (g.nodes.size() > many_nodes) return;
        const graph ordered = put_in_order(graph(g)), wide = of_doubles(ordered);
        check_program(g, ordered, make_program<float>(ordered, 5, backend::simd{}), {5, 2}, "explained, simd float",
                      true) &&
            check_program(g, wide, make_program<double>(wide, 5, backend::scalar{}), {3}, "explained, scalar double");
        if (report_.failed()) return;
        const given in = inputs_for(forward, 3, false);
        const expectation e = expected_of(g, in, precision::of<double>());
        std::vector<numbers> of_inputs(forward.inputs.size());
        std::size_t k = traced_.outputs.size();
        for (std::size_t i = 0; i < at(recipe_.input_count); ++i)
            if (forward.inputs[i].type == element::real) of_inputs[i] = e.outputs[k++];
        for (numbers& list : of_inputs)  // of the mean of all losses
            for (bounded& x : list) x = {x.value / in.count, x.error / in.count};
        compare_differences(forward, in, std::vector<numbers>(forward.parameters.size()), of_inputs, "explained: ");
        if (!report_.failed() && !mixes_samples(forward)) compare_alone(forward, in);
    }
    static bool mixes_samples(const graph& g) {
        for (const node& n : g.nodes)
            if (n.kind == op::random || n.kind == op::inverse_count ||
                ((n.kind == op::sum || n.kind == op::maximum) && g.view().sums_batch(n)))
                return true;
        return false;
    }
    // each sample has the loss that it has without the others
    void compare_alone(const graph& g, const given& in) {
        const numbers together = expected_of(g, in, precision::of<double>()).losses[0];
        for (int s = 0; s < in.count && together.size() == at(in.count); ++s) {
            given one = in;
            one.count = 1;
            for (std::vector<double>& x : one.inputs) {
                const auto size = static_cast<std::ptrdiff_t>(x.size()) / in.count;
                x = std::vector<double>(x.begin() + s * size, x.begin() + (s + 1) * size);
            }
            const numbers alone = expected_of(g, one, precision::of<double>()).losses[0];
            compare(std::vector<double>{together[at(s)].value}, alone, "explained: a sample by itself");
        }
    }

    // what the backward half computes, which is compared with programs above, and differences of the forward half
    void check_differences(const graph& forward, const graph& backward) {
        const given in = inputs_for(forward, 3, false);
        const expectation e = expected_of(backward, in, precision::of<double>());
        std::size_t k = backward.outputs.size() - forward.real_inputs().size();
        std::vector<numbers> of_inputs(forward.inputs.size());
        for (std::size_t i = 0; i < forward.inputs.size(); ++i)
            if (forward.inputs[i].type == element::real) of_inputs[i] = e.outputs[k++];
        compare_differences(forward, in, e.gradients, of_inputs, "");
    }
    void compare_differences(const graph& forward, const given& in, const std::vector<numbers>& of_parameters,
                             const std::vector<numbers>& of_inputs, const std::string& when) {
        const difference_report d = compare_with_differences(forward, in, of_parameters, of_inputs, seed_);
        report_.differences += d.compared;
        report_.skipped_differences += d.skipped;
        if (!d.fault.empty()) report_.fail(when + "gradient against differences: " + d.fault);
    }

    // whether the inputs are sequences of one length
    bool has_time() const {
        for (int i = 0; i < recipe_.input_count; ++i)
            if (recipe_.inputs[i].rank < 1 || recipe_.inputs[i].size_of[0] != recipe_.inputs[0].size_of[0])
                return false;
        return recipe_.inputs[0].size_of[0] > 1;
    }
    // A writer decides by extents, so what it writes for a stream may be another network where time is not kept apart.
    bool same_but_for_time(const graph& g) const {
        if (g.nodes.size() != inference_.nodes.size() || g.outputs != inference_.outputs) return false;
        const int time = inference_.inputs[0].shape[0];
        std::vector<int> after(g.nodes.size(), -1);  // how many axes stand after that of time
        for (std::size_t i = 0; i < g.nodes.size(); ++i) {
            const node &frame = g.nodes[i], &whole = inference_.nodes[i];
            if (!same_operation(g, frame, inference_, whole) || frame.shape.rank != whole.shape.rank) return false;
            int moving = 0;
            for (int a = 0; a < whole.shape.rank; ++a) {
                if (whole.shape[a] == frame.shape[a]) continue;
                if (++moving > 1 || whole.shape[a] != time || frame.shape[a] != 1) return false;
                after[i] = whole.shape.rank - a;
            }
            if (whole.kind == op::pointwise)
                for (int a : arguments_of(inference_, whole))
                    if (after[at(a)] >= 0 && after[at(a)] != after[i]) return false;
        }
        for (int o : g.outputs)
            if (g.nodes[at(o)].shape.rank == 0 || g.nodes[at(o)].shape[0] != 1 ||
                inference_.nodes[at(o)].shape[0] != time)
                return false;
        return true;
    }
    // frame by frame, the same as the whole sequence at once; what looks along time has to be refused
    void check_streaming() {
        graph g = written(recipe_, phase::streaming);
        align(g, inference_);
        if (!g.failed) expect_stream(g, inference_);
        if (g.failed && recipe_.temporal) ++report_.refused_streams;
        if (g.failed) return;
        if (!recipe_.temporal && !same_but_for_time(g)) return;
        ++report_.streams;
        const graph p = put_in_order(outputs_of(g));
        graph traced = traced_;
        traced.losses.clear();
        const given whole = inputs_for(traced, 1, true);
        const expectation w = expected_of(traced, whole, precision::of<float>());
        given frame;
        frame.seed = whole.seed;
        frame.parameters = whole.parameters;
        for (const variable_info& s : p.states) frame.states.emplace_back(at(s.shape.size()), as_float(s.start.scale));
        runner<float> program(p, make_program<float>(p, 1, backend::simd{}));
        const int length = traced.inputs[0].shape[0];
        std::vector<std::vector<float>> found(w.outputs.size());
        for (int t = 0; t < length; ++t) {
            frame.inputs.clear();
            for (const std::vector<double>& x : whole.inputs) {
                const auto size = static_cast<std::ptrdiff_t>(x.size()) / length;
                frame.inputs.emplace_back(x.begin() + t * size, x.begin() + (t + 1) * size);
            }
            const results<float> r = program.run(frame);
            for (std::size_t i = 0; i < found.size(); ++i)
                found[i].insert(found[i].end(), r.outputs[i].begin(), r.outputs[i].end());
            for (std::size_t i = 0; i < r.states.size(); ++i)
                frame.states[i].assign(r.states[i].begin(), r.states[i].end());
        }
        compare_all(found, w.outputs, "streaming: output");
    }

    recipe recipe_;
    std::uint64_t seed_;
    mood mood_;
    graph traced_, inference_;  // of inference, before and after states are carried
    report report_;
};

}  // namespace

report compare(const recipe& r, std::uint64_t seed, mood m) { return comparison(r, seed, m).run(); }
report compare(const recipe& r, std::uint64_t seed, mood m, made_elsewhere of_inference, made_elsewhere of_training,
               made_elsewhere of_one_sample) {
    return comparison(r, seed, m).run(std::move(of_inference), std::move(of_training), std::move(of_one_sample));
}
report compare_changed(const recipe& r, std::uint64_t seed, const std::function<bool(graph&)>& change) {
    return comparison(r, seed, mood::ordinary).run_changed(change);
}

}  // namespace tessera::random_networks
