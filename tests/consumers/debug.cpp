// What a user builds to find a mistake of his own: no optimisation, all warnings, a sanitizer. Networks of most kinds
// of operation, called and trained.
#include <cmath>
#include <tessera/tessera.hpp>
#include <vector>

using namespace tessera;

namespace {

struct pictures : network<(conv<4, 3, same> >> batch_norm >> relu >> max_pool<2> >> depthwise_conv<3> >> flatten >>
                           dropout<0.1> >> dense<3>),
                          shape<8, 8, 2>> {};
struct sequences
    : network<(dense<8> >> layer_norm >> multi_head_attention<2> >> gru<4> >> flatten >> dense<3>), shape<6, 5>> {};

template <class Net, class Backend> bool learns() {
    model<Net, Backend, batch<4>> net(1);
    trainer<decltype(net), cross_entropy, adamw> train(net);
    const std::vector<float> x(4 * static_cast<std::size_t>(Net::table.inputs[0].shape.size()), 0.5F);
    const std::vector<int> labels{0, 1, 2, 0};
    const float loss = train.step(0.01, x, labels);
    for (const float y : net(x))
        if (!std::isfinite(y)) return false;
    return std::isfinite(loss);
}

}  // namespace

int main() {
    const bool fine = learns<pictures, backend::simd>() && learns<pictures, backend::scalar>() &&
                      learns<sequences, backend::simd>() && learns<sequences, backend::scalar>();
    return fine ? 0 : 1;
}
