// to_xtensor, from_xtensor: between npy_array and xt::xarray.
//
//   to_xtensor(array)          elements converted to float, row-major
//   from_xtensor(expression)   any xtensor expression of an stored type of .npy, evaluated row-major
#pragma once
#include <algorithm>
#include <cstddef>
#include <span>
#include <tessera/data/npy_array.hpp>
#include <tessera/xtensor/door.hpp>
#include <type_traits>
#include <vector>

namespace tessera {

template <detail::npy_element Element = float> xt::xarray<Element> to_xtensor(const npy_array& array) {
    using tensor = xt::xarray<Element>;
    tensor result = tensor::from_shape(typename tensor::shape_type(array.extents.begin(), array.extents.end()));
    const std::vector<Element> values = array.converted<Element>();
    std::copy(values.begin(), values.end(), result.template begin<xt::layout_type::row_major>());
    return result;
}

template <class Expression> npy_array from_xtensor(const xt::xexpression<Expression>& expression) {
    const Expression& tensor = expression.derived_cast();
    using stored = std::remove_cv_t<typename Expression::value_type>;
    npy_array array{detail::npy_type_of<stored>(), {tensor.shape().begin(), tensor.shape().end()}, {}};
    array.bytes.reserve(tensor.size() * sizeof(stored));
    for (auto it = tensor.template begin<xt::layout_type::row_major>();
         it != tensor.template end<xt::layout_type::row_major>(); ++it) {
        const stored value = *it;
        const auto bytes = std::as_bytes(std::span(&value, 1));
        array.bytes.insert(array.bytes.end(), bytes.begin(), bytes.end());
    }
    return array;
}

}  // namespace tessera
