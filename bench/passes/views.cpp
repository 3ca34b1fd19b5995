// Slices, permutations and items of loops that are read where they are, against the same network that copies them: see
// turns.hpp.
//
//     bench_passes_views [<seconds for each>]
#include <cstdlib>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/ir/operations/attention.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/recurrent/gru.hpp>
#include <tessera/layers/recurrent/lstm.hpp>

#include "turns.hpp"

namespace {

using namespace tessera;

struct copied : backend::simd {
    static constexpr bool takes_view(const detail::graph_view&, const detail::node&, int, const detail::layout&) {
        return false;
    }
};

template <int C> constexpr value gated(value x) {
    return slice(x, -1, 0, C) * apply(detail::scalar_function::sigmoid, slice(x, -1, C, C));
}
template <int Heads, int K> constexpr value heads_of_one_product(value x) {
    const int length = x.extent(0);
    const value all = reshape(dense<3 * Heads * K>(x), {length, 3, Heads, K});
    const auto part = [&](int k) { return reshape(slice(all, 1, k, 1), {length, Heads, K}); };
    return dense<Heads * K>(reshape(attend(part(0), part(1), part(2), {.scale = 0.125}), {length, Heads * K}));
}
template <int Heads, int K> constexpr value permuted_heads(value x) {
    const int length = x.extent(0);
    const auto part = [&] { return permute(reshape(dense<Heads * K>(x), {length, Heads, K}), {1, 0, 2}); };
    return einsum("hts,hsk->htk", einsum("htk,hsk->hts", part(), part()), part());
}
template <int C> constexpr value rotated(value x) {
    const value turned = concatenate({-slice(x, -1, C, C), slice(x, -1, 0, C)});
    return x * 0.5F + turned * 0.25F;
}

template <int C, int Kernel> constexpr value half_of_channels(value x) {
    return concatenate({slice(x, -1, 0, C), conv<C, Kernel, same>(slice(x, -1, C, C))});
}

struct lstm_64 : network<lstm<64>, shape<32, 64>> {};
struct lstm_256 : network<lstm<256>, shape<32, 256>> {};
struct gru_64 : network<gru<64>, shape<32, 64>> {};
struct gru_256 : network<gru<256>, shape<32, 256>> {};
struct gate_of_32 : network<gated<32>, shape<256, 64>> {};
struct gate_of_256 : network<gated<256>, shape<64, 512>> {};
struct gate_of_images : network<gated<64>, shape<28, 28, 128>> {};
struct attention_of_one : network<heads_of_one_product<4, 64>, shape<64, 256>> {};
struct heads_permuted : network<permuted_heads<4, 64>, shape<64, 256>> {};
struct halves_turned : network<rotated<64>, shape<64, 128>> {};
struct differences : network<[](value x) { return slice(x, 0, 1, 255) - slice(x, 0, 0, 255); }, shape<256, 64>> {};
struct last_of_sequence : network<[](value x) { return dense<64>(slice(x, 0, 31, 1)); }, shape<32, 256>> {};
struct square_transposed
    : network<[](value x) { return einsum("ik,jk->ij", permute(x, {1, 0}), permute(x, {1, 0})); }, shape<128, 96>> {};
struct half_3x3_of_32 : network<half_of_channels<16, 3>, shape<56, 56, 32>> {};
struct half_3x3_of_128 : network<half_of_channels<64, 3>, shape<14, 14, 128>> {};
struct half_1x1_of_32 : network<half_of_channels<16, 1>, shape<56, 56, 32>> {};
struct half_1x1_of_128 : network<half_of_channels<64, 1>, shape<14, 14, 128>> {};
struct middle_of_an_image
    : network<[](value x) { return conv<16, 5>(slice(slice(x, 0, 8, 48), 1, 8, 48)); }, shape<64, 64, 3>> {};

}  // namespace

int main(int argc, char** argv) {
    const double enough = argc > 1 ? std::atof(argv[1]) : 1;
    turns::print_heading();
#define COMPARE(net)                                             \
    turns::compare<net, 1, backend::simd, copied>(#net, enough); \
    turns::compare<net, 16, backend::simd, copied>(#net, enough)
    COMPARE(lstm_64);
    COMPARE(lstm_256);
    COMPARE(gru_64);
    COMPARE(gru_256);
    COMPARE(gate_of_32);
    COMPARE(gate_of_256);
    COMPARE(gate_of_images);
    COMPARE(attention_of_one);
    COMPARE(heads_permuted);
    COMPARE(halves_turned);
    COMPARE(differences);
    COMPARE(last_of_sequence);
    COMPARE(square_transposed);
    COMPARE(half_3x3_of_32);
    COMPARE(half_3x3_of_128);
    COMPARE(half_1x1_of_32);
    COMPARE(half_1x1_of_128);
    COMPARE(middle_of_an_image);
}
