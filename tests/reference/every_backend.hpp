// on_every_backend<case_list<...>>: the cases of a list, each on every backend and number type, for typed tests from
// one body:
//
//     template <class> class pooling_values : public testing::Test {};
//     TYPED_TEST_SUITE(pooling_values, reference::on_every_backend<pooling_cases>, reference::name_of);
//     TYPED_TEST(pooling_values, are_those_of_the_reference) { TypeParam::check(); }
//
// Unless TESSERA_EVERY_NUMBER_TYPE is defined, the reference implementations run in double and vectors in float only. With
// TESSERA_VECTORS_ALONE only vectors do: for sanitizers, since other tests show them the reference implementations.
#pragma once
#include "check.hpp"

namespace reference {

// the network that must reproduce a file, and what it is traced for; the case names the file without its ending:
//
//     struct dense_vector : from<network<dense<3>, shape<5>>> {
//         static constexpr const char* file = "dense_vector";
//     };
template <class Net, phase Purpose = phase::inference> struct from : Net {
    static constexpr phase purpose = Purpose;
    static constexpr bool labelled = false;  // whether the loss is a cross-entropy with labels
};

template <class... Case> struct case_list {};

template <class Case, class Backend, class T> struct on {
    static void check() { reference::check<Case, Backend, T>(); }
    static std::string name() {
        constexpr bool vectors = std::is_same_v<Backend, backend::simd>, exact = std::is_same_v<T, double>;
        return std::string(Case::file) + (vectors ? "_simd" : "_scalar") + (exact ? "_double" : "_float");
    }
};

struct name_of {
    template <class On> static std::string GetName(int) { return On::name(); }
};

template <class... Case> constexpr auto crossed(case_list<Case...>) {
    return std::type_identity<testing::Types<on<Case, backend::simd, float>...
#ifndef TESSERA_VECTORS_ALONE
                                             ,
                                             on<Case, backend::scalar, double>...
#endif
#ifdef TESSERA_EVERY_NUMBER_TYPE
                                             ,
                                             on<Case, backend::scalar, float>..., on<Case, backend::simd, double>...
#endif
                                             >>{};
}
template <class List> using on_every_backend = typename decltype(crossed(List{}))::type;

}  // namespace reference
