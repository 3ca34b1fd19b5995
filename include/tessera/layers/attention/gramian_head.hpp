// gramian_head<D, E>: what an image shows, told by a class token of its Gram matrix that then looks at the image.
//
//   in      x (positions..., C), one to three axes of positions
//   out     z (C); a classifier for it is dense
//
//   f = batch_norm(x contract + contract_bias), D channels, and a ConvNeXt block:
//       f + scale (gelu(layer_norm(depthwise_conv(f)) rise + rise_bias) fall + fall_bias), 7 in each direction, 4 D wide
//   z = gramian_token<C, 8>(f)
//   z = z + scale_look look(layer_norm_look of z and the positions of x)
//       look: attention of z, in Heads heads of E features in all, on z and the positions
//   z = z + scale_think (gelu(layer_norm_think(z) widen) narrow), 4 C wide, in Groups parts whose channels are shuffled
//
// Options     Heads 8, Groups of the last perceptron 4, Parts of gramian_token 8, unless given.
// The scales start at 1e-6 in the block, as the authors' code has it, and at 1e-4. Epsilon of the block's norm is 1e-6.
// Parameters  contract (C, D), contract_bias (D), contract_norm; block.depthwise_conv, block.layer_norm, block.rise (D,
//             4 D), block.fall (4 D, D) and biases, block.scale (D); gramian_token; layer_norm_look, layer_norm_think;
//             query, key, value (C, Heads, E / Heads), out (Heads, E / Heads, C), out_bias (C); widen (Groups, C / Groups,
//             4 C / Groups), widen_bias (4 C), narrow (Groups, 4 C / Groups, C / Groups), narrow_bias (C); scale_look,
//             scale_think (C).
// Gradient    exact.
// Cost        P (C D + 49 D + 8 D^2 + D^2 + 2 C E + 2 E) + 8 C^2 / Groups multiply-adds, and those of the token, of P
//             positions.
// Errors      compile time: Heads that do not divide E; Groups that do not divide C; an input of a rank other than 2 to 4.
// Source      Ryu, Han, Lim 2023, "Gramian Attention Heads are Strong yet Efficient Vision Learners", and the authors'
//             code.
//
//     inline constexpr auto classify = [](value x) {                       // (14, 14, 768): logits of five heads
//         values logits;
//         for (int k = 0; k < 5; ++k) logits.push(dense<1000>(gramian_head<192, 192>(x)));
//         add_loss(-0.8 * head_decorrelation(logits));
//         return logits;
//     };
#pragma once
#include <tessera/expression/named.hpp>
#include <tessera/ir/operations/attention.hpp>
#include <tessera/ir/operations/concatenate.hpp>
#include <tessera/layers/activation/gelu.hpp>
#include <tessera/layers/attention/gramian_token.hpp>
#include <tessera/layers/attention/squeeze_excite.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/normalisation/layer_norm.hpp>

namespace tessera {

template <int D, int E, int Heads = 8, int Groups = 4, int Parts = 8>
struct gramian_head_layer : layer_base<gramian_head_layer<D, E, Heads, Groups, Parts>> {
    static_assert(D >= 1 && E >= 1 && Heads >= 1 && Groups >= 1 && Parts >= 1,
                  "gramian_head<D, E>: all must be at least 1");
    static_assert(E % Heads == 0, "gramian_head<D, E, Heads>: E must be a multiple of Heads");
    static constexpr std::string_view name = "gramian_head";
    static constexpr text describe() { return detail::written("gramian_head", {D, E}); }

    constexpr value apply(value x) const {
        if (!expects(x, x.rank() >= 2 && x.rank() <= 4, "(positions..., channels), rank 2 to 4")) return x;
        const int c = x.extent(-1), positions = x.size() / c;
        if (!expects(x, c % Groups == 0 && c % Parts == 0,
                     (text("channels divisible by ") + Groups + std::string_view(" and ") + Parts).view()))
            return x;
        const value f = block(named<"contract_norm">(batch_norm)(
            detail::gates::mapped(x, "...c,cd->...d", "contract", {c, D}, initial::truncated_normal(0.02), true, {D})));
        const value token = token_of(f, c);
        if (!token.valid()) return token;
        const value z = token + look(token, reshape(x, {positions, c}), c) * scale("scale_look", c, 1e-4);
        return z + think(z, c) * scale("scale_think", c, 1e-4);
    }

  private:
    static constexpr initialiser narrow_start = initial::truncated_normal(0.02);

    static constexpr auto scale(std::string_view own, int features, double start) {
        return parameter(own, {features}, initial::constant(start)).no_weight_decay();
    }

    // a ConvNeXt block
    static constexpr value block(value f) {
        const detail::scope_guard inside(*f.owner, "block", text("block"), false);
        const value seen = layer_norm_over<1, 1e-6>(depthwise_conv<7, 1, same>(f));
        const value h =
            gelu(detail::gates::mapped(seen, "...d,dh->...h", "rise", {D, 4 * D}, narrow_start, true, {4 * D}));
        const value y = detail::gates::mapped(h, "...h,hd->...d", "fall", {4 * D, D}, narrow_start, true, {D});
        return f + y * scale("scale", D, 1e-6);
    }

    static constexpr value token_of(value f, int c) {
        const detail::scope_guard inside(*f.owner, "gramian_token", text("gramian_token"), false);
        return detail::gramian::token_of(f, c, Parts);
    }

    // z (C), x (P, C)
    static constexpr value look(value z, value x, int c) {
        constexpr int k = E / Heads;
        const value seq = named<"layer_norm_look">(layer_norm)(concatenate({reshape(z, {1, c}), x}, 0));  // (1 + P, C)
        const auto heads = [&](value of, std::string_view own) {
            return einsum("tc,chk->thk", of, parameter(own, {c, Heads, k}, narrow_start));
        };
        const value q = heads(slice(seq, 0, 0, 1), "query"), keys = heads(seq, "key"), kept = heads(seq, "value");
        const value seen = attend(q, keys, kept, {.scale = rsqrt(k)});  // (1, Heads, K)
        const value y = einsum("thk,hkc->tc", seen, parameter("out", {Heads, k, c}, narrow_start));
        return reshape(y, {c}) + parameter("out_bias", {c}).no_weight_decay();
    }

    // z (C)
    static constexpr value think(value z, int c) {
        const int own = c / Groups;
        const value y = reshape(named<"layer_norm_think">(layer_norm)(z), {Groups, own});
        const value wide = einsum("gi,gio->go", y, parameter("widen", {Groups, own, 4 * own}, narrow_start));
        const value h = gelu(reshape(wide, {4 * c}) + parameter("widen_bias", {4 * c}).no_weight_decay());
        // the channels, taken in turn by the parts: channel i goes to part i modulo Groups
        const value shuffled = permute(reshape(h, {4 * own, Groups}), {1, 0});  // (Groups, 4 C / Groups)
        const value back = einsum("gi,gio->go", shuffled, parameter("narrow", {Groups, 4 * own, own}, narrow_start));
        return reshape(back, {c}) + parameter("narrow_bias", {c}).no_weight_decay();
    }
};

template <int D, int E, int Heads = 8, int Groups = 4, int Parts = 8>
inline constexpr gramian_head_layer<D, E, Heads, Groups, Parts> gramian_head{};

}  // namespace tessera
