// sweep_of<Case>(list, list, ...): a testing::Types of Case<A, B, ...> for every combination of one type from each
// list.
//
//     using cases = decltype(sweep_of<configuration>(hana::tuple_t<float, double>, hana::tuple_t<batch<1>, batch<3>>));
//     TYPED_TEST_SUITE(agreement, cases::type);
#pragma once
#include <gtest/gtest.h>

#include <boost/hana/cartesian_product.hpp>
#include <boost/hana/tuple.hpp>
#include <boost/hana/type.hpp>
#include <boost/hana/unpack.hpp>

namespace hana = boost::hana;

template <template <class...> class Case, class... Lists> constexpr auto sweep_of(Lists... lists) {
    return hana::unpack(hana::cartesian_product(hana::make_tuple(lists...)), [](auto... combination) {
        return hana::type_c<
            testing::Types<typename decltype(hana::unpack(combination, hana::template_<Case>))::type...>>;
    });
}
