// evaluate<Loss>: how good a classifier is on a data set.
//
//     const evaluation e = evaluate(net, data.test);         cross entropy
//     e.loss, e.accuracy, e.confusion.of(3).recall
//
//   net    a model of one real input and an output (classes); its parameters and states are read, not changed
//   data   as many values an image as the network takes, labels below its classes
//
// The samples run in order, in batches of the model's capacity. A loss that takes targets gets 1 for the label and 0
// for the others, -1 where its targets are signs. Samples whose label the loss ignores count neither in the loss nor
// in the accuracy nor in the confusion matrix.
//
// Cost    a forward pass; the memory of one workspace.
// Errors  tessera::error: an empty data set, one without a label that counts, one that does not hold together or does
//         not fit the network.
#pragma once
#include <algorithm>
#include <string>
#include <tessera/data/dataset.hpp>
#include <tessera/error/error.hpp>
#include <tessera/metrics/confusion_matrix.hpp>
#include <tessera/model.hpp>
#include <tessera/train/loss/cross_entropy.hpp>
#include <tessera/train/loss_targets.hpp>
#include <tessera/train/scoring.hpp>
#include <vector>

namespace tessera {

struct evaluation {
    double loss = 0;
    double accuracy = 0;
    confusion_matrix confusion;
};

namespace detail {

namespace evaluating {

template <class Net> constexpr bool is_classifier() {
    const node& y = Net::table.nodes[Net::table.outputs[0]];
    return Net::table.input_count == 1 && Net::table.output_count == 1 && y.shape.rank == 1 && y.batched;
}

// the features of the output
template <class Net> constexpr std::size_t classes() {
    return static_cast<std::size_t>(Net::table.nodes[Net::table.outputs[0]].shape.size());
}

template <class Net> constexpr std::size_t values_of_image() {
    return static_cast<std::size_t>(Net::table.inputs[0].shape.size());
}

inline void require_fit(const dataset& data, std::size_t values, std::size_t most_classes, const std::string& place) {
    data.check(place);
    if (data.size() == 0) throw error(place, "at least one sample", "none");
    if (data.extents.size() != values)
        throw error(place, "images of " + std::to_string(values) + " values, as the network takes them",
                    to_string(data.extents));
    for (const std::int32_t label : data.labels)
        if (label != data.ignored && static_cast<std::size_t>(label) >= most_classes)
            throw error(place, "labels below " + std::to_string(most_classes) + ", the classes of the network",
                        std::to_string(label));
}

// of the losses of a call, one a sample; a single one counts for all
template <class Losses> double sum_of_losses(const Losses& losses, std::size_t samples) {
    double sum = 0;
    for (const auto l : losses) sum += static_cast<double>(l);
    return sum / static_cast<double>(losses.size()) * static_cast<double>(samples);
}

}  // namespace evaluating

}  // namespace detail

template <class Loss = cross_entropy, class Model> evaluation evaluate(Model& model, const dataset& data) {
    using net = typename Model::network_type;
    using number = typename Model::real_type;
    using program_type = program<net, typename Model::backend_type, typename Model::batch_type, number, scoring<Loss>>;
    static_assert(detail::evaluating::is_classifier<net>(),
                  "tessera: evaluate: the network needs one input, one output (classes)");
    static_assert(std::is_same_v<number, float>, "tessera: evaluate: a data set holds floats, so must the model");
    detail::evaluating::require_fit(data, detail::evaluating::values_of_image<net>(),
                                    detail::evaluating::classes<net>(), "evaluate");

    detail::buffer<number, program_type::workspace_bytes / static_cast<long>(sizeof(number)), true> workspace;
    std::vector<number> states(model.states().begin(), model.states().end());  // a call may move them on
    detail::memory<number> m;
    m.parameters = model.parameters().data();
    m.states = states.data();
    m.workspace = workspace.data();

    evaluation result{0, 0, confusion_matrix(std::max(detail::evaluating::classes<net>(), data.classes()))};
    loss_targets<Loss> targets(detail::evaluating::classes<net>());
    std::vector<std::int32_t> truths, predictions;
    std::size_t counted = 0;
    const std::size_t values = data.extents.size();
    for (std::size_t first = 0, count = 0; first < data.size(); first += count) {
        count = std::min(static_cast<std::size_t>(Model::capacity), data.size() - first);
        const sample_batch batch{std::span(data.images).subspan(first * values, count * values),
                                 std::span(data.labels).subspan(first, count),
                                 {},
                                 count,
                                 0};
        targets.with(batch, [&](const auto& target) {
            detail::calls::bind_inputs<program_type>(m, batch.images, target);
            Model::backend_type::template run<program_type>(m);
        });
        const auto losses = detail::calls::view_of<program_type>(m, program_type::graph.losses[0]);
        const auto y = detail::calls::view_of<program_type>(m, program_type::graph.outputs[0]);
        truths.clear();
        predictions.clear();
        for (int k = 0; k < y.count; ++k) {
            const std::int32_t label = batch.labels[static_cast<std::size_t>(k)];
            if (loss_targets<Loss>::ignores(label)) continue;
            truths.push_back(label);
            predictions.push_back(y.largest(k));
        }
        // the mean of the losses of a batch is over the samples that count in it
        if (!truths.empty()) result.loss += detail::evaluating::sum_of_losses(losses, truths.size());
        counted += truths.size();
        result.confusion.add(truths, predictions);
    }
    if (counted == 0) throw error("evaluate", "at least one label that counts", "none");
    result.loss /= static_cast<double>(counted);
    result.accuracy = result.confusion.accuracy();
    return result;
}

}  // namespace tessera
