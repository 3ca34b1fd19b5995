// early_exits(stage, head, stage, head, ...): a network that may answer before its end.
//
//   in      x
//   out     the result of each head: logits (classes), from 1 to 8 exits
//
//   x_0 = x, x_i = stage_i(x_(i-1)), logits_i = head_i(x_i)
//
// In training all exits are computed, and a loss looks at all outputs; which weights they have is its own. What an answer
// is, and costs:
//
//   first_confident(logits, threshold)      values: of each sample the logits of the first exit whose largest probability
//                                           is above the threshold, of the last if none is; and which exit, (exits), 1 at
//                                           one of them. With 1 the last is taken always, below 0 the first.
//   first_certain(logits, entropy)          the same by an entropy below a bound (BranchyNet)
//   exit_macs<early, shape<...>>            the multiply-adds until each exit, its head and those before included
//   expected_macs<early, shape<...>>(p)     of exits that are taken with probabilities p
//   exit_piece<early, I>                    stage I and head I alone, from x_(I-1) to x_I and logits: a network of its
//                                           own, whose parameters have the paths that they have in the whole
//
// One program has no branches that depend on data: first_confident chooses among exits that are all computed. What saves
// the multiply-adds is a model of each piece, called one after another until one is confident:
//
//     inline constexpr auto early = early_exits(conv<8, 3> >> flatten, dense<10>, dense<64> >> layer<tanh>, dense<10>);
//     struct whole : network<early, shape<9, 9, 1>> {};
//     struct begin : network<exit_piece<early, 0>, shape<9, 9, 1>> {};
//     struct end : network<exit_piece<early, 1>, shape<392>> {};
//     static_assert(exit_macs<early, shape<9, 9, 1>>[0] == begin::macs);
//
// Parameters  stage0, exit0, stage1, ...: those of the parts.
// Gradient    exact; through the choice of first_confident none, to the chosen logits that of the result.
// Cost        that of the parts.
// Errors      compile time: an odd number of parts, more than 8 exits; logits of different shapes, or not of rank 1.
// Source      Teerapittayanon, McDanel, Kung 2016, "BranchyNet: Fast Inference via Early Exiting from Deep Neural
//             Networks".
#pragma once
#include <array>
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/concatenate.hpp>
#include <tessera/ir/operations/gather.hpp>
#include <tessera/ir/operations/softmax.hpp>
#include <tessera/network.hpp>
#include <tuple>
#include <utility>

namespace tessera {

template <class... F> struct early_exits_layer : layer_base<early_exits_layer<F...>> {
    using takes_anything = void;
    using combines = void;
    static constexpr int exits = static_cast<int>(sizeof...(F) / 2);
    static_assert(sizeof...(F) % 2 == 0 && exits >= 1 && exits <= values::capacity,
                  "early_exits(stage, head, ...): from 1 to 8 pairs");
    static constexpr std::string_view name = "early_exits";
    template <int I> using part = std::tuple_element_t<I, std::tuple<F...>>;

    template <class X> constexpr values apply(const X& x) const { return run<0>(x, values{}); }

    // the first pairs alone
    template <int Count> static constexpr auto first() {
        return []<std::size_t... I>(std::index_sequence<I...>) {
            return early_exits_layer<part<static_cast<int>(I)>...>{};
        }(std::make_index_sequence<2 * Count>{});
    }
    template <int I, class X> static constexpr values piece(const X& x) {
        const value y = detail::only(detail::call_in((text("stage") + I).view(), part<2 * I>{}, x), I);
        return {y, detail::only(detail::call_in((text("exit") + I).view(), part<2 * I + 1>{}, y), I)};
    }

  private:
    template <int I, class X> static constexpr values run(const X& x, values out) {
        const values y = piece<I>(x);
        out.push(y[1]);
        if constexpr (I + 1 < exits)
            return run<I + 1>(y[0], out);
        else
            return out;
    }
};

template <detail::composable... F> constexpr early_exits_layer<F...> early_exits(F...) { return {}; }

template <class Exits, int I> struct exit_piece_layer : layer_base<exit_piece_layer<Exits, I>> {
    static_assert(I >= 0 && I < Exits::exits, "exit_piece<early, I>: an exit that is there");
    using takes_anything = void;
    using combines = void;
    static constexpr std::string_view name = "exit_piece";
    template <class X> constexpr values apply(const X& x) const { return Exits::template piece<I>(x); }
};
template <auto Early, int I> inline constexpr exit_piece_layer<std::remove_cvref_t<decltype(Early)>, I> exit_piece{};

// --- which exit is taken

namespace detail {

// `leaves` (exits), 1 where an exit may be taken
constexpr values taken_exit(const values& logits, const value* leaves) {
    value open = constant(*logits[0].owner, 1), result, which;
    for (int i = 0; i < logits.count; ++i) {
        const value here = i + 1 < logits.count ? open * leaves[i] : open;  // ()
        open = i + 1 < logits.count ? open * (1 - leaves[i]) : open;
        result = i == 0 ? masked(here, logits[i]) : result + masked(here, logits[i]);
        const value one = reshape(here, {1});
        which = i == 0 ? one : concatenate({which, one});
    }
    return {result, which};
}
constexpr bool expects_exits(const values& logits) {
    for (int i = 0; i < logits.count; ++i)
        if (!expects(logits[i], logits[i].rank() == 1 && logits[i].shape() == logits[0].shape(),
                     "logits (classes) of every exit"))
            return false;
    return logits.count > 0;
}

}  // namespace detail

constexpr values first_confident(const values& logits, double threshold) {
    if (!detail::expects_exits(logits)) return logits;
    value leaves[values::capacity];
    for (int i = 0; i < logits.count; ++i)
        leaves[i] = less(threshold, max(softmax_over_last(detail::op::softmax, logits[i])));
    return detail::taken_exit(logits, leaves);
}

constexpr values first_certain(const values& logits, double entropy) {
    if (!detail::expects_exits(logits)) return logits;
    value leaves[values::capacity];
    for (int i = 0; i < logits.count; ++i) {
        const value log_p = softmax_over_last(detail::op::log_softmax, logits[i]), p = exp(log_p);
        leaves[i] = less(-sum(masked(p, log_p)), entropy);
    }
    return detail::taken_exit(logits, leaves);
}

// --- what they cost

template <auto Early, class... Inputs>
inline constexpr auto exit_macs = []<int... I>(std::integer_sequence<int, I...>) {
    return std::array<double, sizeof...(I)>{network<Early.template first<I + 1>(), Inputs...>::macs...};
}(std::make_integer_sequence<int, Early.exits>{});

template <auto Early, class... Inputs>
constexpr double expected_macs(const std::array<double, static_cast<std::size_t>(Early.exits)>& probabilities) {
    double total = 0;
    for (std::size_t i = 0; i < probabilities.size(); ++i) total += probabilities[i] * exit_macs<Early, Inputs...>[i];
    return total;
}

}  // namespace tessera
