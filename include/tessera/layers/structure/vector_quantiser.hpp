// vector_quantiser<K>: each place takes the nearest of K codes.
//
//   in      z (..., D)
//   out     q (..., D), index (...) int32       two values
//
//   index = argmin_k |z - e_k|^2, of equals the first; q = e_index
//
// Backward z receives what q does, as though nothing had been chosen. The codes learn from a loss that is added in
// training, mean over the places and features of
//   |stop(z) - q|^2 + Beta |z - stop(q)|^2
// Options     commitment<Beta>: 0.25 unless told otherwise, which is that of the paper.
//             moving_codes<Decay>: the codes are total / count, states that follow the sums and the number of the places
//             that chose them, with the decay, 0.99 in the paper's appendix; the loss has its second term alone. Counts
//             begin with 1 and totals with the codes, and below 1e-6 both stay as they are, so a code that nobody
//             chooses stays where it is. (The authors' code begins with 0 and adds 1e-5 to the counts.)
//             only_codes: q alone is the result.
// Parameters  codes (K, D), uniform up to 1 / K. moving_codes: none; states total (K, D), uniform up to 1 / K, count (K), 1.
// Gradient    to z that of q, and of the second term; to the codes that of the first.
// Cost        K D multiply-adds a place, and a row copied.
// Errors      compile time: K < 1; an input of rank 0 or of more than 4 axes.
// Source      van den Oord, Vinyals, Kavukcuoglu 2017, "Neural Discrete Representation Learning".
#pragma once
#include <tessera/ir/add_loss.hpp>
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/ir/operations/gather.hpp>
#include <tessera/ir/operations/store.hpp>
#include <tessera/ir/operations/top_k.hpp>
#include <tessera/ir/values.hpp>
#include <tessera/layers/options.hpp>

namespace tessera {

template <auto Beta> struct commitment {
    static_assert(Beta >= 0, "commitment<Beta>: Beta must not be negative");
};
template <auto Decay> struct moving_codes {
    static_assert(Decay >= 0 && Decay < 1, "moving_codes<Decay>: from 0 to below 1");
};
struct only_codes {};

namespace detail {

struct quantiser_choices {
    double beta = 0.25, decay = -1;
    bool only_codes = false, known = true;
};
template <class Option> constexpr void read(quantiser_choices& c, Option) { c.known = false; }
template <auto Beta> constexpr void read(quantiser_choices& c, commitment<Beta>) { c.beta = Beta; }
template <auto Decay> constexpr void read(quantiser_choices& c, moving_codes<Decay>) { c.decay = Decay; }
constexpr void read(quantiser_choices& c, only_codes) { c.only_codes = true; }

template <class... Options>
inline constexpr quantiser_choices quantiser_choices_of = [] {
    quantiser_choices c;
    (read(c, Options{}), ...);
    return c;
}();

}  // namespace detail

template <int K, class... Options> struct vector_quantiser_layer : layer_base<vector_quantiser_layer<K, Options...>> {
    static constexpr detail::quantiser_choices choices = detail::quantiser_choices_of<Options...>;
    static_assert(K >= 1, "vector_quantiser<K>: K must be at least 1");
    static_assert(choices.known,
                  "vector_quantiser<K, ...>: the options are commitment<Beta>, moving_codes<Decay> and only_codes");
    static constexpr std::string_view name = "vector_quantiser";
    static constexpr text describe() { return text("vector_quantiser<") + K + std::string_view(">"); }

    constexpr auto apply(value z) const {
        const auto result = [](value q, value index) {
            if constexpr (choices.only_codes)
                return q;
            else
                return values{q, index};
        };
        if (!expects(z, z.rank() >= 1 && z.rank() <= 4, "codes (..., features)")) return result(z, z);
        constexpr bool moving = choices.decay >= 0;
        const int d = z.extent(-1), places = z.size() / d;
        value codes, count, total;
        if constexpr (moving) {
            count = state("count", {K}, 1).with(z);
            total = state("total", {K, d}, initial::uniform(1.0 / K)).with(z);
            codes = total / reshape(count, {K, 1});
        } else {
            codes = parameter("codes", {K, d}, initial::uniform(1.0 / K)).with(z);
        }
        // |z|^2 is the same for all codes
        const value close = einsum("...d,kd->...k", z, codes) - 0.5 * sum(square(codes), last);  // (..., K)
        const value index = arg_max(close);
        if (!index.valid()) return result(z, z);
        const value nearest = gather(codes, index);  // (..., D)
        value lost = mean(square(z - stop_gradient(nearest))) * choices.beta;
        if constexpr (moving)
            follow(z, index, count, total, places);
        else
            lost = lost + mean(square(stop_gradient(z) - nearest));
        add_loss(lost);
        return result(straight_through(nearest, z), index);
    }

  private:
    static constexpr void follow(value z, value index, value count, value total, int places) {
        if (!z.training()) return;
        const value rows = stop_gradient(reshape(z, {places, z.extent(-1)}));
        const value who = one_hot(reshape(index, {places}), K);          // (places, K)
        const value kept = select(less(count, 1e-6), 1, choices.decay);  // (K)
        update(count, kept * count + (1 - choices.decay) * batch_sum(who, leading));
        update(total, reshape(kept, {K, 1}) * total + (1 - choices.decay) * batch_sum(einsum("pk,pd->kd", who, rows)));
    }
};

template <int K, class... Options> inline constexpr vector_quantiser_layer<K, Options...> vector_quantiser{};

}  // namespace tessera
