// What unusual layers are made of, piece by piece: see families.hpp.
//
//     bench_layers_families_pieces [<part of a row's name>]
#include <tessera/layers/activation/softmax.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/recurrent/gru.hpp>

#include "families.hpp"

namespace {

using namespace tessera;

inline constexpr auto expert_product = [](value x) {  // (T, E, D) -> (T, E, H)
    return einsum("ted,edh->teh", x, parameter("w", {4, 16, 32}, initial::constant(0.1)));
};
inline constexpr auto expert_rows = [](value x) {  // (E, T, D) -> (E, T, H)
    return einsum("etd,edh->eth", x, parameter("w", {4, 16, 32}, initial::constant(0.1)));
};
inline constexpr auto added_to_outer = [](value x) {  // u (I, J, D), c (I, J), v (J, D)
    const value u = x, c = sum(x, last), v = sum(x, axes(0));
    return u + einsum("ij,jd->ijd", c, v);
};
inline constexpr auto agreement = [](value u) {
    const value c = sum(u, last), v = sum(u, axes(0));
    return c + einsum("ijd,jd->ij", u, v);
};
inline constexpr auto agreement_of_sums = [](value u) {
    const value c = sum(u, last), v = sum(u, axes(0));
    return c + sum(u * v, last);
};
inline constexpr auto votes = [](value u) {  // (I, P) -> (I, J, D)
    return einsum("ip,ijpd->ijd", u, parameter("w", {676, 10, 8, 16}, initial::constant(0.1)));
};
inline constexpr auto minus_grid = [](value x) {  // (..., 1) - (8)
    return square(reshape(x, {12544, 1}) - parameter("g", {8}, initial::constant(0.5)));
};
inline constexpr auto minus_grid_whole = [](value x) { return square(x - 0.5); };
inline constexpr auto small_outer = [](value x) {  // (5, 1) * (1, 5)
    const value a = reshape(slice(x, 1, 0, 5), {3136, 5, 1}), b = reshape(slice(x, 1, 5, 5), {3136, 1, 5});
    return a * b;
};
inline constexpr auto largest_of_8 = [](value x) { return max(x, last); };
inline constexpr auto sum_of_8 = [](value x) { return sum(x, last); };
inline constexpr auto softmax_of = [](value x) { return softmax(x); };
inline constexpr auto singles = [](value x) {  // columns one by one
    value y[5];
    for (int k = 0; k < 5; ++k) y[k] = slice(x, 1, k, 1) * (k + 1);
    return concatenate({y[4], y[2], y[0], y[1], y[3]}, 1);
};
inline constexpr auto one_channel = [](value x) {  // a row of a channel each
    return slice(x, -1, 3, 1) * parameter("w", {1}, initial::constant(0.1));
};
inline constexpr auto into_one_channel = [](value x) {
    const value y = x * parameter("w", {16}, initial::constant(0.1));
    return square(slice(y, -1, 3, 1));
};

struct expert_net : network<expert_product, shape<784, 4, 16>> {};
struct expert_rows_net : network<expert_rows, shape<4, 784, 16>> {};
struct outer_net : network<added_to_outer, shape<676, 10, 16>> {};
struct agreement_net : network<agreement, shape<676, 10, 16>> {};
struct agreement_sums_net : network<agreement_of_sums, shape<676, 10, 16>> {};
struct votes_net : network<votes, shape<676, 8>> {};
struct grid_net : network<minus_grid, shape<12544>> {};
struct whole_net : network<minus_grid_whole, shape<12544 * 8>> {};
struct small_outer_net : network<small_outer, shape<3136, 10>> {};
struct max_net : network<largest_of_8, shape<12544, 8>> {};
struct max_16_net : network<largest_of_8, shape<6272, 16>> {};
struct sum_net : network<sum_of_8, shape<12544, 8>> {};
struct softmax_3_net : network<softmax_of, shape<6272, 3>> {};
struct softmax_10_net : network<softmax_of, shape<6272, 10>> {};
struct softmax_32_net : network<softmax_of, shape<784, 32>> {};
struct singles_net : network<singles, shape<3136, 5>> {};
struct into_net : network<into_one_channel, shape<784, 16>> {};
struct gru_net : network<gru<32>, shape<50, 32>> {};

}  // namespace

int main(int argc, char** argv) {
    using namespace families;
    if (argc > 1) wanted = argv[1];
    row<expert_net, 1, false>("expert product, one");
    row<expert_net, 32, false>("expert product");
    row<expert_rows_net, 1, false>("expert rows, one");
    row<expert_rows_net, 32>("expert rows");
    row<votes_net, 32>("votes");
    row<outer_net, 32, false>("u + ij,jd->ijd");
    row<agreement_net, 32, false>("b + ijd,jd->ij");
    row<agreement_sums_net, 32, false>("b + sum(u v)");
    row<grid_net, 32>("(..., 1) - (8)");
    row<whole_net, 32, false>("as large, one number");
    row<small_outer_net, 32, false>("(5, 1) * (1, 5)");
    row<max_net, 32, false>("max of 8");
    row<max_16_net, 32, false>("max of 16");
    row<sum_net, 32, false>("sum of 8");
    row<softmax_3_net, 32, false>("softmax of 3");
    row<softmax_10_net, 32, false>("softmax of 10");
    row<softmax_32_net, 32, false>("softmax of 32");
    row<singles_net, 32, false>("concatenate singles");
    row<into_net, 32>("gradient of one channel");
    row<gru_net, 32>("gru 32, 50 elements");
}
