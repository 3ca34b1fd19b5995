// batch_feed<Program, Loss, Batch>: how a batch becomes the inputs of a program that has the loss.
//
//   sample_batch   images and labels, for a network of one input and one output (classes); targets as loss_targets says
//   another type   with data, a std::tuple of ranges for the inputs of the network and then those of the loss, and
//                  count, as tensor_batch has them
//
//   feed.require_fit(batch, most, place)   throws unless the sizes agree, there are 1 to `most` samples, and every index
//                                          is one
//   feed.with(batch, call)                 call(ranges...), and its result
//   feed.counted(batch)                    what the mean loss of the batch is a mean over: samples, or with a loss that
//                                          ignores labels those that count, of every position of a sample
//   feed.tally(batch, output, score)       adds the labels that count, and those where the largest score of the output
//                                          is. There are labels where the network has one output (..., classes) and the
//                                          loss one input, of int32, (...).
//
// Errors  tessera::error naming the place, the input, wanted and found. Compile time: this_call_does_not_fit<...> for
//         another number of ranges, or of other elements.
#pragma once
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <tessera/call/inputs.hpp>
#include <tessera/data/sample_batch.hpp>
#include <tessera/error/error.hpp>
#include <tessera/train/loss_targets.hpp>
#include <tuple>
#include <type_traits>
#include <utility>

namespace tessera::detail {

namespace evaluating {

template <class Net> constexpr bool is_classifier() {
    const node& y = Net::table.nodes[Net::table.outputs[0]];
    return Net::table.input_count == 1 && Net::table.output_count == 1 && y.shape.rank == 1 && y.batched &&
           y.type == element::real;
}

// the features of the output
template <class Net> constexpr std::size_t classes() {
    return static_cast<std::size_t>(Net::table.nodes[Net::table.outputs[0]].shape.size());
}

template <class Net> constexpr std::size_t values_of_image() {
    return static_cast<std::size_t>(Net::table.inputs[0].shape.size());
}

// of the largest scores, how many are at the label
struct hits {
    long right = 0, labels = 0;

    double accuracy() const { return static_cast<double>(right) / static_cast<double>(labels); }  // NaN of none
};

inline void require_samples(std::size_t count, std::size_t most, const std::string& place) {
    if (count < 1 || count > most)
        throw error(place, sentence("1 to ", most, " samples, the capacity of the model"), sentence(count));
}

// what is given for an input of a program
struct given_input {
    const char* place;  // "input 'targets'"
    extents shape;      // of a sample
    std::size_t size;
    const std::int32_t* indices;  // null where it has none
    calls::index_range range;
};

inline void require_input(const given_input& input, std::size_t count, const std::string& place) {
    const auto sample = static_cast<std::size_t>(input.shape.size());
    if (input.size != count * sample)
        throw error(sentence(place, ", ", input.place),
                    sentence(count, " samples of ", sample, " values, ", input.shape.describe().view()),
                    sentence(input.size, " values"));
    for (std::size_t i = 0; input.indices && input.range.rows > 0 && i < input.size; ++i)
        if (!input.range.contains(input.indices[i]))
            throw error(sentence(place, ", ", input.place, ", element ", i),
                        sentence("an index below ", input.range.rows), sentence(input.indices[i]));
}

}  // namespace evaluating

template <class Batch>
concept a_tensor_batch = requires(const Batch& b) {
    std::tuple_size<decltype(Batch::data)>::value;
    static_cast<std::size_t>(b.count);
};

template <class Program, class Loss, class Batch> class batch_feed {
    static_assert(
        a_tensor_batch<Batch>,
        "tessera: a batch is a sample_batch, or has data, a std::tuple of ranges, and count, as tensor_batch");
};

template <class Program, class Loss, a_tensor_batch Batch> class batch_feed<Program, Loss, Batch> {
    using net = typename Program::network_type;
    static constexpr int ranges = static_cast<int>(std::tuple_size_v<decltype(Batch::data)>);
    static constexpr bool as_many = !Program::failed && !calls::checked_call<Program, ranges>::failed;
    static constexpr int first_target = net::table.input_count;

    // the first of the loss's inputs that holds labels; -1 for none
    static constexpr int labels = [] {
        for (int i = first_target; as_many && i < ranges; ++i)
            if (Program::graph.inputs[i].type == element::int32) return i;
        return -1;
    }();
    static constexpr bool has_classes = [] {
        if (labels < 0 || ranges != first_target + 1 || net::table.output_count != 1) return false;
        const node& y = net::table.nodes[net::table.outputs[0]];
        return y.batched && y.type == element::real && y.shape.rank >= 1 &&
               without(y.shape, last.of(y.shape.rank)) == Program::graph.inputs[first_target].shape;
    }();

  public:
    static void require_fit(const Batch& batch, std::size_t most, const std::string& place) {
        evaluating::require_samples(samples_of(batch), most, place);
        if constexpr (as_many)
            [&]<int... Slot>(std::integer_sequence<int, Slot...>) {
                (require_range<Slot>(std::get<Slot>(batch.data), samples_of(batch), place), ...);
            }(std::make_integer_sequence<int, ranges>{});
    }

    template <class Call> auto with(const Batch& batch, Call call) const { return std::apply(call, batch.data); }

    static std::size_t counted(const Batch& batch) {
        if constexpr (labels >= 0 && requires { Loss::ignores(0); })
            return loss_targets<Loss>::counted(std::get<static_cast<std::size_t>(labels)>(batch.data));
        else
            return samples_of(batch);
    }

    template <class T> static void tally(const Batch& batch, const output_view<T>& y, evaluating::hits& score) {
        if constexpr (has_classes) {
            const auto& truth = std::get<static_cast<std::size_t>(first_target)>(batch.data);
            const output_view<T> rows(y.data(), {y.extent(-1)}, y.count * (y.sample.size() / y.extent(-1)));
            for (int k = 0; k < rows.count; ++k) {
                const std::int32_t label = truth[static_cast<std::size_t>(k)];
                if (loss_targets<Loss>::ignores(label)) continue;
                ++score.labels;
                score.right += rows.largest(k) == label;
            }
        }
    }

  private:
    static std::size_t samples_of(const Batch& batch) { return static_cast<std::size_t>(batch.count); }

    template <int Slot, class Range>
    static void require_range(const Range& range, std::size_t count, const std::string& place) {
        if constexpr (calls::checked_argument<Program, Slot, Range>::of_its_type) {
            using input = calls::input_of_call<Program, Slot>;
            const std::int32_t* indices = nullptr;
            if constexpr (input::info.type == element::int32)
                if (std::size(range) > 0) indices = &*std::begin(range);
            constexpr calls::index_range range_of = calls::range_of_index(Program::graph, Slot);
            evaluating::require_input({input::place.letters, input::info.shape, std::size(range), indices, range_of},
                                      count, place);
        }
    }
};

template <class Program, class Loss> class batch_feed<Program, Loss, sample_batch> {
    using net = typename Program::network_type;

  public:
    static void require_fit(const sample_batch& batch, std::size_t most, const std::string& place) {
        constexpr std::size_t values = evaluating::values_of_image<net>();
        evaluating::require_samples(batch.count, most, place);
        if (batch.images.size() != batch.count * values || batch.labels.size() != batch.count)
            throw error(place, sentence(batch.count, " images of ", values, " values, and labels"),
                        sentence(batch.images.size(), " values, ", batch.labels.size(), " labels"));
    }

    template <class Call> auto with(const sample_batch& batch, Call call) {
        return targets_.with(batch, [&](const auto& targets) { return call(batch.images, targets); });
    }

    static std::size_t counted(const sample_batch& batch) { return loss_targets<Loss>::counted(batch.labels); }

    template <class T> static void tally(const sample_batch& batch, const output_view<T>& y, evaluating::hits& score) {
        for (int k = 0; k < y.count; ++k) {
            const std::int32_t label = batch.labels[static_cast<std::size_t>(k)];
            if (loss_targets<Loss>::ignores(label)) continue;
            ++score.labels;
            score.right += y.largest(k) == label;
        }
    }

  private:
    loss_targets<Loss> targets_{evaluating::classes<net>()};
};

// the batches of a range, a sample_batch where they are made of one
template <class Batches> struct batch_of_range {
    using given = std::remove_cvref_t<decltype(*std::begin(std::declval<Batches&>()))>;
    using type = std::conditional_t<std::is_convertible_v<const given&, const sample_batch&>, sample_batch, given>;
};
template <class Batches> using batch_in = typename batch_of_range<Batches>::type;

// Whether a network may have the batches of images and labels.
template <class Net, class Batch> inline constexpr bool takes_batch = true;
template <class Net> inline constexpr bool takes_batch<Net, sample_batch> = evaluating::is_classifier<Net>();

}  // namespace tessera::detail
