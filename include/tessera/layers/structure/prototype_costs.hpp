// cluster_cost and separation_cost: that an image shows a part of its own class, and none of the others'.
//
//   in      distances (M), of M / classes prototypes a class, class by class; label (), int32
//   out     a scalar a sample
//
//   cluster_cost      the smallest distance to a prototype of the label's class
//   separation_cost   the smallest distance to one of another class; to be made large, so its factor is negative
//
// The authors' code takes max_dist - max((max_dist - d) mask), which is the same while distances are below max_dist.
// Gradient    exact; to all distances that attain the minimum in equal parts.
// Cost        three operations a prototype.
// Errors      compile time: distances that no whole number of classes shares; a label that is not int32; separation of one
//             class.
// Source      Chen et al. 2019, "This Looks Like That: Deep Learning for Interpretable Image Recognition".
#pragma once
#include <limits>
#include <tessera/ir/operations/gather.hpp>
#include <tessera/ir/operations/pointwise.hpp>
#include <tessera/ir/operations/reduce.hpp>

namespace tessera {

namespace detail {

constexpr value nearest_of_class(value distances, value label, int classes, bool own) {
    const int count = distances.extent(-1);
    if (!expects(distances, distances.rank() == 1 && classes >= 1 && count % classes == 0,
                 "distances, as many of each class"))
        return distances;
    if (!own && !expects(distances, classes >= 2, "two classes or more")) return distances;
    const value of_class = min(reshape(distances, {classes, count / classes}), last);  // (classes)
    const value is_own = one_hot(label, classes);
    if (own) return sum(of_class * is_own);
    return min(select(is_own, std::numeric_limits<double>::infinity(), of_class));
}

}  // namespace detail

constexpr value cluster_cost(value distances, value label, int classes) {
    return detail::nearest_of_class(distances, label, classes, true);
}
constexpr value separation_cost(value distances, value label, int classes) {
    return detail::nearest_of_class(distances, label, classes, false);
}

}  // namespace tessera
