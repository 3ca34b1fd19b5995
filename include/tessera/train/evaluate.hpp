// evaluate<Loss>: how good a model is on data.
//
//     const evaluation e = evaluate(net, data.test);                          a classifier; cross entropy
//     e.loss, e.accuracy, e.confusion.of(3).recall
//     const loss_report r = evaluate<squared_error>(net, pairs);              any network and loss, a tensor_dataset
//     const loss_report r = evaluate<squared_error>(net, loader);             batch by batch, as a loader has them
//
//   net    a model; its parameters and states are read, not changed
//   data   a data set of images and labels, where the network has one real input and one output (classes): as many
//          values an image as it takes, labels below its classes. Or a tensor_dataset: an array for each input of the
//          network, then for each of the loss. Or a loader, as for fit, of batches of either kind: its epoch 0.
//
// Data sets run in order, in batches of the model's capacity. A loss that takes targets gets 1 for the label and 0
// for the others, -1 where its targets are signs. Samples whose label the loss ignores count neither in the loss nor
// in the accuracy nor in the confusion matrix.
//
// The loss is the mean over the samples, whatever the batches; of a loss that ignores labels it is the mean over the
// positions that count. The accuracy is that of labels: where the network has one output (..., classes) and the loss one
// input, of int32, (...), the share of the positions whose largest score is at the label; else it is NaN.
//
// Cost    a forward pass; the memory of one workspace.
// Errors  tessera::error: an empty data set, one without a label that counts, one that does not hold together or does
//         not fit the network; more samples in a batch than the capacity. Compile time: this_call_does_not_fit<...> for
//         another number of arrays, or of other elements.
#pragma once
#include <algorithm>
#include <concepts>
#include <cstdint>
#include <iterator>
#include <limits>
#include <span>
#include <string>
#include <tessera/data/dataset.hpp>
#include <tessera/error/error.hpp>
#include <tessera/metrics/confusion_matrix.hpp>
#include <tessera/model.hpp>
#include <tessera/train/batch_feed.hpp>
#include <tessera/train/loss/cross_entropy.hpp>
#include <tessera/train/scoring.hpp>
#include <type_traits>
#include <utility>
#include <vector>

namespace tessera {

struct evaluation {
    double loss = 0;
    double accuracy = 0;
    confusion_matrix confusion;
};

struct loss_report {
    double loss = 0;
    double accuracy = std::numeric_limits<double>::quiet_NaN();  // NaN where there are no labels
};

// samples that can be had in any pieces
template <class Data>
concept a_tensor_dataset = requires(const Data& data) {
    { data.size() } -> std::convertible_to<std::size_t>;
    { data.batch(std::size_t{}, std::size_t{}) } -> detail::a_tensor_batch;
};
// what draws batches, epoch by epoch
template <class Loader>
concept a_loader = requires(const Loader& loader) {
    { loader.size() } -> std::convertible_to<std::size_t>;
    *std::begin(std::declval<decltype(loader.epoch(std::uint32_t{}))&>());
};

namespace detail {

namespace evaluating {

template <class Data>
[[gnu::cold]] void require_fit(const Data& data, std::size_t values, std::size_t most_classes,
                               const std::string& place) {
    data.check(place);
    if (data.size() == 0) throw error(place, "at least one sample", "none");
    if (data.extents.size() != values)
        throw error(place, sentence("images of ", values, " values, as the network takes them"),
                    to_string(data.extents));
    for (const std::int32_t label : data.labels)
        if (label != data.ignored && static_cast<std::size_t>(label) >= most_classes)
            throw error(place, sentence("labels below ", most_classes, ", the classes of the network"),
                        sentence(label));
}

// of the losses of a call, one a sample; a single one counts for all
template <class Losses> double sum_of_losses(const Losses& losses, std::size_t samples) {
    double sum = 0;
    for (const auto l : losses) sum += static_cast<double>(l);
    return sum / static_cast<double>(losses.size()) * static_cast<double>(samples);
}

template <class Model, class Loss>
using program_of = program<typename Model::network_type, typename Model::backend_type, typename Model::batch_type,
                           typename Model::real_type, scoring<Loss>>;

// runs a model on one batch after another, without changing it, and adds up the loss
template <class Model, class Loss, class Batch> class scorer {
    using number = typename Model::real_type;

  public:
    using program_type = program_of<Model, Loss>;
    using feed_type = batch_feed<program_type, Loss, Batch>;

    template <class From> explicit scorer(From& model) : states_(model.states().begin(), model.states().end()) {
        m_.parameters = model.parameters().data();
        m_.states = states_.data();
        m_.workspace = workspace_.data();
    }

    // what the network makes of it
    output_view<number> add(const Batch& batch) {
        feed_.with(batch, [&](const auto&... range) {
            calls::bind_inputs<program_type>(m_, range...);
            Model::backend_type::template run<program_type>(m_);
        });
        // the mean of the losses of a batch is over the samples that count in it
        if (const std::size_t here = feed_type::counted(batch); here > 0) {
            loss_ += sum_of_losses(calls::view_of<program_type>(m_, program_type::graph.losses[0]), here);
            counted_ += here;
        }
        return calls::view_of<program_type>(m_, program_type::graph.outputs[0]);
    }

    double loss() const {
        if (counted_ == 0) throw error("evaluate", "at least one label that counts", "none");
        return loss_ / static_cast<double>(counted_);
    }

  private:
    buffer<number, program_type::workspace_bytes / static_cast<long>(sizeof(number)), true> workspace_;
    std::vector<number> states_;  // a call may move them on
    memory<number> m_;
    feed_type feed_;
    double loss_ = 0;
    std::size_t counted_ = 0;
};

// one batch after another to add(batch)
template <class Data, class Add> void for_each_batch(const Data& data, std::size_t capacity, const Add& add) {
    if constexpr (a_loader<Data>) {
        auto&& epoch = data.epoch(0);
        for (const auto& batch : epoch) add(batch);
    } else {
        for (std::size_t first = 0, count = 0; first < data.size(); first += count) {
            count = std::min(capacity, data.size() - first);
            add(data.batch(first, count));
        }
    }
}

template <class Data> struct batch_of_data {
    using type = decltype(std::declval<const Data&>().batch(0, 0));
};
template <a_loader Data> struct batch_of_data<Data> {
    using type = batch_in<decltype(std::declval<const Data&>().epoch(0))>;
};

// (of images and labels; a template of the data set, so that a program which does not come here compiles none of it)
template <class Loss, class Model, class Data> evaluation evaluate_images(Model& model, const Data& data) {
    using net = typename Model::network_type;
    static_assert(is_classifier<net>(),
                  "tessera: evaluate: images and labels are for a network of one input, one output (classes); a "
                  "tensor_dataset is for any");
    static_assert(std::is_same_v<typename Model::real_type, float>,
                  "tessera: evaluate: a data set holds floats, so must the model");
    require_fit(data, values_of_image<net>(), classes<net>(), "evaluate");

    scorer<std::remove_cv_t<Model>, Loss, sample_batch> score(model);
    evaluation result{0, 0, confusion_matrix(std::max(classes<net>(), data.classes()))};
    decltype(data.labels) truths, predictions;
    const std::size_t values = data.extents.size();
    for (std::size_t first = 0, count = 0; first < data.size(); first += count) {
        count = std::min(static_cast<std::size_t>(Model::capacity), data.size() - first);
        const sample_batch batch{
            {data.images.data() + first * values, count * values}, {data.labels.data() + first, count}, {}, count, 0};
        const auto y = score.add(batch);
        truths.clear();
        predictions.clear();
        for (int k = 0; k < y.count; ++k) {
            const std::int32_t label = batch.labels[static_cast<std::size_t>(k)];
            if (loss_targets<Loss>::ignores(label)) continue;
            truths.push_back(label);
            predictions.push_back(y.largest(k));
        }
        result.confusion.add(truths, predictions);
    }
    result.loss = score.loss();
    result.accuracy = result.confusion.accuracy();
    return result;
}

}  // namespace evaluating

}  // namespace detail

template <class Loss = cross_entropy, class Model> evaluation evaluate(Model& model, const dataset& data) {
    return detail::evaluating::evaluate_images<Loss>(model, data);
}

template <class Loss = cross_entropy, class Model, class Data>
    requires a_tensor_dataset<Data> || a_loader<Data>
loss_report evaluate(Model& model, const Data& data) {
    using batch_type = typename detail::evaluating::batch_of_data<Data>::type;
    using score_type = detail::evaluating::scorer<std::remove_cv_t<Model>, Loss, batch_type>;
    static_assert(detail::takes_batch<typename Model::network_type, batch_type>,
                  "tessera: evaluate: images and labels are for a network of one input, one output (classes); a "
                  "tensor_dataset is for any");
    score_type score(model);
    detail::evaluating::hits hits;
    long number = 0;
    detail::evaluating::for_each_batch(data, static_cast<std::size_t>(Model::capacity), [&](const batch_type& batch) {
        score_type::feed_type::require_fit(batch, static_cast<std::size_t>(Model::capacity),
                                           detail::sentence("evaluate: batch ", number++));
        score_type::feed_type::tally(batch, score.add(batch), hits);
    });
    if (number == 0) throw error("evaluate", "at least one sample", "none");
    return {score.loss(), hits.accuracy()};
}

}  // namespace tessera
