// Networks run inside static_assert: outputs and gradients, in float and in double. Compiling is passing.
#include <array>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/function_layer.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/flatten.hpp>
#include <tessera/layers/pool.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/model.hpp>
#include <tessera/train/loss/cross_entropy.hpp>
#include <tessera/train/loss/squared_error.hpp>
#include <tessera/train/training.hpp>

namespace {

using namespace tessera;
using namespace tessera::detail;

constexpr double magnitude(double x) { return x < 0 ? -x : x; }
constexpr bool close(double a, double b, double allowed) { return magnitude(a - b) <= allowed; }

// --- a network small enough to be worked out by hand, in numbers that binary fractions hold exactly

struct two_layers : network<(dense<2> >> relu >> dense<1>), shape<2>> {};

constexpr int first_weight = two_layers::table.parameters[0].offset,
              first_bias = two_layers::table.parameters[1].offset,
              second_weight = two_layers::table.parameters[2].offset,
              second_bias = two_layers::table.parameters[3].offset;

// h = relu(x W + b), y = h V + c, with W = (1 -1; 0.5 0.25), b = (0.5, -0.25), V = (2; 3), c = 0.125
template <class T> constexpr void set_by_hand(T* parameters) {
    const double w[] = {1, -1, 0.5, 0.25}, b[] = {0.5, -0.25}, v[] = {2, 3};
    for (int i = 0; i < 4; ++i) parameters[first_weight + i] = static_cast<T>(w[i]);
    for (int i = 0; i < 2; ++i) parameters[first_bias + i] = static_cast<T>(b[i]);
    for (int i = 0; i < 2; ++i) parameters[second_weight + i] = static_cast<T>(v[i]);
    parameters[second_bias] = T(0.125);
}

template <class T> constexpr T called(T x0, T x1) {
    model<two_layers, backend::scalar, batch<1>, T> net;
    set_by_hand(net.parameters().data());
    return net(std::array{x0, x1})[0];
}
// x = (1, 2): x W + b = (2.5, -0.75), h = (2.5, 0), y = 5.125
static_assert(called(1.0f, 2.0f) == 5.125f && called(1.0, 2.0) == 5.125);
// x = (-1, 4): x W + b = (1.5, 1.75), y = 8.375
static_assert(called(-1.0f, 4.0f) == 8.375f && called(-1.0, 4.0) == 8.375);

// A program and all that it reads and writes
template <class Program> struct evaluation {
    using T = typename Program::real_type;
    static constexpr int parameter_room = Program::network_type::parameter_elements;
    std::array<T, parameter_room> parameters{}, gradients{};
    std::array<T, Program::workspace_bytes / sizeof(T) + 1> workspace{};

    template <class Bind> constexpr void run(Bind bind, int count) {
        memory<T> m;
        bind(m);
        m.count = count;
        m.parameters = parameters.data();
        m.gradients = gradients.data();
        m.workspace = workspace.data();
        Program::backend_type::template run<Program>(m);
    }
    constexpr T workspace_value(int id) const {
        return workspace[static_cast<std::size_t>(Program::places.at[id].offset * elements_of_line<T>)];
    }
    constexpr T loss() const { return workspace_value(Program::graph.losses[0]); }
    constexpr T gradient(int offset) const { return gradients[static_cast<std::size_t>(offset)]; }
};

template <class T>
constexpr auto squared_by_hand = [] {
    evaluation<program<two_layers, backend::scalar, batch<2>, T, training<squared_error>>> e;
    set_by_hand(e.parameters.data());
    const T x[] = {1, 2, -1, 4}, t[] = {T(4.125), T(8.375)};
    e.run(
        [&](memory<T>& m) {
            m.real_inputs[0] = x;
            m.real_inputs[1] = t;
        },
        2);
    return e;
}();

// The first sample errs by 1, the second by 0. The mean over both: dy = (1, 0); dV = h dy, dc = dy,
// dh = V dy = (2, 3), of which the second is cut; dW = x' dh, db = dh.
template <class T> constexpr bool gradient_is_right(const T& e) {
    return e.loss() == 1 && e.gradient(second_weight) == 2.5 && e.gradient(second_weight + 1) == 0 &&
           e.gradient(second_bias) == 1 && e.gradient(first_weight) == 2 && e.gradient(first_weight + 1) == 0 &&
           e.gradient(first_weight + 2) == 4 && e.gradient(first_weight + 3) == 0 && e.gradient(first_bias) == 2 &&
           e.gradient(first_bias + 1) == 0;
}
static_assert(gradient_is_right(squared_by_hand<float>) && gradient_is_right(squared_by_hand<double>));

// --- softmax with cross entropy, against numbers from a calculator

struct one_layer : network<dense<3>, shape<1>> {};

template <class T>
constexpr auto cross_entropy_by_hand = [] {
    evaluation<program<one_layer, backend::scalar, batch<1>, T, training<cross_entropy>>> e;
    const int weight = one_layer::table.parameters[0].offset;
    const double w[] = {1, 2, 0.5};
    for (int i = 0; i < 3; ++i) e.parameters[static_cast<std::size_t>(weight + i)] = static_cast<T>(w[i]);
    const T x[] = {1};
    const std::int32_t label[] = {0};
    e.run(
        [&](memory<T>& m) {
            m.real_inputs[0] = x;
            m.index_inputs[1] = label;
        },
        1);
    return e;
}();

// logits (1, 2, 0.5): probabilities (0.2312238976, 0.6285317192, 0.1402443832), loss = -log 0.2312238976
template <class T> constexpr bool cross_entropy_is_right(const T& e, double allowed) {
    const int bias = one_layer::table.parameters[1].offset;
    return close(e.loss(), 1.4643687841, allowed) && close(e.gradient(bias), 0.2312238976 - 1, allowed) &&
           close(e.gradient(bias + 1), 0.6285317192, allowed) && close(e.gradient(bias + 2), 0.1402443832, allowed);
}
static_assert(cross_entropy_is_right(cross_entropy_by_hand<double>, 1e-9));
static_assert(cross_entropy_is_right(cross_entropy_by_hand<float>, 1e-6));

// --- convolution, tanh and pooling, against central differences that the compiler takes, too

struct small_image
    : network<(conv<2, 3> >> layer<tessera::tanh> >> max_pool<2> >> flatten >> dense<3>), shape<6, 6, 1>> {};
using small_training = program<small_image, backend::scalar, batch<1>, double, training<cross_entropy>>;

// the loss and all gradients, one parameter being moved
constexpr evaluation<small_training> small_run(int moved, double by) {
    evaluation<small_training> e;
    for (int i = 0; i < small_image::table.parameter_count; ++i) {
        const variable_info& v = small_image::table.parameters[i];
        initialise(v, i, 7, e.parameters.data() + v.offset);
    }
    e.parameters[static_cast<std::size_t>(moved)] += by;
    std::array<double, 36> image{};
    for (int i = 0; i < 36; ++i) image[static_cast<std::size_t>(i)] = i * i % 11 / 11.0 - 0.4;
    const std::int32_t label[] = {2};
    e.run(
        [&](memory<double>& m) {
            m.real_inputs[0] = image.data();
            m.index_inputs[1] = label;
        },
        1);
    return e;
}

constexpr evaluation<small_training> small_result = small_run(0, 0);

template <int Parameter, int Element> constexpr bool agrees_with_difference() {
    constexpr int at = small_image::table.parameters[Parameter].offset + Element;
    constexpr double step = 1e-4, above = small_run(at, step).loss(), below = small_run(at, -step).loss();
    constexpr double exact = small_result.gradient(at);
    static_assert(exact != 0);
    return close(exact, (above - below) / (2 * step), 1e-7);
}
static_assert(agrees_with_difference<0, 0>());  // of the kernel
static_assert(agrees_with_difference<0, 13>());
static_assert(agrees_with_difference<1, 1>());  // of its bias
static_assert(agrees_with_difference<2, 0>());  // of the dense layer
static_assert(agrees_with_difference<2, 20>());
static_assert(agrees_with_difference<3, 2>());

// a model with its own initial parameters, drawn when compiling; a batch
constexpr bool runs_on_a_batch() {
    model<two_layers, backend::scalar, batch<3>> net(11);
    const auto y = net(std::array{1.0f, 2.0f, 3.0f, 4.0f});
    return y.count == 2 && y.size() == 2 && y[0] != y[1];
}
static_assert(runs_on_a_batch());

}  // namespace
