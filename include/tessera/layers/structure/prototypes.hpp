// prototypes<Classes, PerClass>: what an image is, by which of a set of learnt parts it shows somewhere.
//
//   in      z (..., D)        features of places; a sigmoid before keeps them where the points are
//   out     logits (Classes), distances (M)      two values, M = Classes PerClass
//
//   d_m       = min over places of |z - p_m|^2                  see squared_distances
//   similar_m = log((d_m + 1) / (d_m + 1e-4))                   9.2103 at d = 0
//   logits    = similar weight
//
// Prototypes m = c PerClass ... (c + 1) PerClass - 1 are those of class c. The distances are what cluster_cost and
// separation_cost of prototype_costs.hpp take. With only_logits the result is the logits alone.
//
//     struct net : network<(conv<8, 3> >> sigmoid >> prototypes<10, 3>), shape<9, 9, 1>> {};
//
// Options     only_logits; wrong_class_penalty<S>: adds S times the sum of |weight| between prototypes and other classes
//             to the loss in training (the authors: 1e-4).
// Parameters  prototypes (M, D), uniform from 0 to 1 in the authors' code; here normal around 0 with deviation 1/2, since
//             the initialisers are symmetric: load others where features are those of a sigmoid. weight (M, Classes), 1
//             from a prototype to its class, else -1/2.
// Gradient    exact; of a minimum to all places that attain it in equal parts.
// Cost        M D multiply-adds a place, M Classes after it.
// Errors      compile time: Classes < 1, PerClass < 1; an input of rank 0 or 1.
// Source      Chen et al. 2019, "This Looks Like That: Deep Learning for Interpretable Image Recognition", and its code:
//             prototypes of one place.
#pragma once
#include <tessera/ir/add_loss.hpp>
#include <tessera/ir/values.hpp>
#include <tessera/layers/options.hpp>
#include <tessera/layers/structure/squared_distances.hpp>

namespace tessera {

struct only_logits {};
template <auto S> struct wrong_class_penalty {
    static_assert(S >= 0, "wrong_class_penalty<S>: S must not be negative");
};

namespace detail {

template <class> inline constexpr bool is_prototype_option = false;
template <> inline constexpr bool is_prototype_option<only_logits> = true;
template <auto S> inline constexpr bool is_prototype_option<wrong_class_penalty<S>> = true;
template <class> inline constexpr double penalty_option = 0;
template <auto S> inline constexpr double penalty_option<wrong_class_penalty<S>> = double(S);

// (M, Classes)
template <int Classes, int PerClass> struct class_connections {
    static constexpr auto table = [] {
        struct {
            double of[Classes * PerClass * Classes];
        } t{};
        for (int m = 0; m < Classes * PerClass; ++m)
            for (int c = 0; c < Classes; ++c) t.of[m * Classes + c] = m / PerClass == c ? 1 : -0.5;
        return t;
    }();
    static constexpr initialiser start{initialiser::distribution::table, Classes* PerClass* Classes, table.of};
};

}  // namespace detail

// log((d + 1) / (d + 1e-4)) of squared distances: falls from 9.2103 to 0
constexpr value log_similarity(value d) { return d.valid() ? log((d + 1) / (d + 1e-4)) : d; }

template <int Classes, int PerClass, class... Options>
struct prototypes_layer : layer_base<prototypes_layer<Classes, PerClass, Options...>> {
    static_assert(Classes >= 1 && PerClass >= 1, "prototypes<Classes, PerClass>: both must be at least 1");
    static_assert((detail::is_prototype_option<Options> && ...),
                  "prototypes<Classes, PerClass, ...>: the options are only_logits and wrong_class_penalty<S>");
    static constexpr std::string_view name = "prototypes";
    static constexpr int count = Classes * PerClass;
    static constexpr text describe() {
        return text("prototypes<") + Classes + std::string_view(", ") + PerClass + std::string_view(">");
    }

    constexpr auto apply(value z) const {
        const auto result = [](value logits, value distances) {
            if constexpr (detail::has_option<only_logits, Options...>)
                return logits;
            else
                return values{logits, distances};
        };
        if (!expects(z, z.rank() >= 2 && z.rank() <= 5, "features of places (..., D)")) return result(z, z);
        const value points = parameter("prototypes", {count, z.extent(-1)}, initial::normal(0.5)).with(z);
        const value distances = min(squared_distances(z, points), leading);  // (M)
        const value weight =
            parameter("weight", {count, Classes}, detail::class_connections<Classes, PerClass>::start).with(z);
        constexpr double penalty = (0 + ... + detail::penalty_option<Options>);
        if constexpr (penalty > 0) {
            detail::list<double> other;
            for (int m = 0; m < count; ++m)
                for (int c = 0; c < Classes; ++c) other.push_back(m / PerClass == c ? 0 : penalty);
            add_loss(sum(abs(weight) * constant(other, {count, Classes}).with(z)));
        }
        return result(einsum("m,mc->c", log_similarity(distances), weight), distances);
    }
};

template <int Classes, int PerClass, class... Options>
inline constexpr prototypes_layer<Classes, PerClass, Options...> prototypes{};

}  // namespace tessera
