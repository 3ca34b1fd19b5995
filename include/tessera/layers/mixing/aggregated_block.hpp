// aggregated_block<C, Paths, Width, Stride, form>: many narrow bottlenecks side by side, added up: the block of ResNeXt.
//
//   in      x (H, W, I)
//   out     y (H', W', C)
//
//   path i  u_i = relu(norm2_i(conv2_i(relu(norm1_i(conv1_i x)))))       1 by 1 to Width; 3 by 3 with the stride
//   y = relu(norm3(sum_i conv3_i u_i) + shortcut x)                      1 by 1 to C
//
// The shortcut is x, or where extents change norm(conv x), 1 by 1 with the stride. With one path it is the bottleneck of
// ResNet.
// Options     the form, of which all compute the same:
//               paths_grouped      (the default) conv1 and conv2 of all paths are one of Paths Width channels, conv2 in
//                                  Paths groups; conv3 adds up as it maps
//               paths_side_by_side each path has its own conv1 and conv2; their results side by side, one conv3
//               paths_added        each path has its own three
// Parameters  paths_grouped: conv1.weight (1, 1, I, Paths Width), norm1.weight, .bias; conv2.weight (3, 3, Width, Paths Width),
//             norm2.weight, .bias; conv3.weight (1, 1, Paths Width, C), norm3.weight, .bias; shortcut.weight,
//             shortcut_norm.weight, .bias where there is one. Else path i's are below paths.i, of Width channels.
//             No convolution has a bias.
// Gradient    exact.
// Cost        P = Paths Width: H W I P + H' W' P (9 Width + C) multiply-adds, in each form; paths_grouped runs fastest.
// Errors      compile time: C, Paths, Width or Stride < 1; an input of rank other than 3; other options.
// Source      Xie et al. 2017, "Aggregated Residual Transformations for Deep Neural Networks".
//
//     inline constexpr auto stage = aggregated_block<512, 32, 8, 2> >> aggregated_block<512, 32, 8>;
#pragma once
#include <tessera/ir/operations/concatenate.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>
#include <tessera/layers/relu.hpp>

namespace tessera {

struct paths_grouped {};
struct paths_side_by_side {};
struct paths_added {};

template <int C, int Paths, int Width, int Stride, class Form>
struct aggregated_block_layer : layer_base<aggregated_block_layer<C, Paths, Width, Stride, Form>> {
    static_assert(C >= 1 && Paths >= 1 && Width >= 1 && Stride >= 1,
                  "aggregated_block<C, Paths, Width, Stride>: all at least 1");
    static_assert(detail::is_option_of<Form, paths_grouped, paths_side_by_side, paths_added>,
                  "aggregated_block<...>: the form is paths_grouped, paths_side_by_side or paths_added");
    static constexpr std::string_view name = "aggregated_block";
    static constexpr text describe() { return detail::written(name, {C, Paths, Width, Stride}); }

    constexpr value apply(value x) const {
        if (!expects(x, rank == 3, "an image (height, width, channels)")) return x;
        value y;
        if constexpr (std::is_same_v<Form, paths_grouped>) {
            y = detail::call_in("conv3", to_result, narrow<Paths * Width, Paths>(x));
        } else {
            const detail::scope_guard inside(*x.owner, "paths", text("paths"), true);
            detail::list<value> parts;
            for (int i = 0; i < Paths; ++i) {
                const detail::scope_guard here(*x.owner, (text("") + i).view(), text("path"), true);
                const value part = narrow<Width, 1>(x);
                parts.push_back(std::is_same_v<Form, paths_added> ? detail::call_in("conv3", to_result, part) : part);
            }
            y = parts[0];
            if constexpr (std::is_same_v<Form, paths_added>)
                for (int i = 1; i < Paths; ++i) y = y + parts[i];
            else
                y = concatenate(parts.data(), parts.count());  // (H', W', Paths Width)
        }
        if constexpr (std::is_same_v<Form, paths_side_by_side>) y = detail::call_in("conv3", to_result, y);
        y = detail::call_in("norm3", batch_norm, y);
        return relu_of(y + shortcut(x));  // (H', W', C)
    }

  private:
    static constexpr auto to_result = conv<C, 1, no_bias>;

    static constexpr value relu_of(value x) { return tessera::apply(detail::scalar_function::relu, x); }
    // the two convolutions to `Channels`, in `Groups`
    template <int Channels, int Groups> static constexpr value narrow(value x) {
        value y = detail::call_in("conv1", conv<Channels, 1, no_bias>, x);
        y = relu_of(detail::call_in("norm1", batch_norm, y));
        y = detail::call_in("conv2", conv<Channels, 3, stride<Stride>, pad<1>, groups<Groups>, no_bias>, y);
        return relu_of(detail::call_in("norm2", batch_norm, y));
    }
    static constexpr value shortcut(value x) {
        if (Stride == 1 && x.extent(-1) == C) return x;
        return detail::call_in("shortcut_norm", batch_norm,
                               detail::call_in("shortcut", conv<C, 1, stride<Stride>, no_bias>, x));
    }
};

template <int C, int Paths, int Width, int Stride = 1, class Form = paths_grouped>
inline constexpr aggregated_block_layer<C, Paths, Width, Stride, Form> aggregated_block{};

}  // namespace tessera
