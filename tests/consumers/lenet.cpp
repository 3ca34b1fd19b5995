// A user's first program: LeNet on one image.
#include <array>
#include <cmath>
#include <cstdio>
#include <tessera/tessera.hpp>

using namespace tessera;

namespace {

constexpr auto lenet = conv<6, 5, same> >> relu >> max_pool<2> >> conv<16, 5> >> relu >> max_pool<2> >> flatten >>
                       dense<120> >> relu >> dense<84> >> relu >> dense<10>;

struct digits : network<lenet, shape<28, 28, 1>> {};
static_assert(digits::parameter_count == 61'706);

}  // namespace

int main() {
    static model<digits> classify;
    std::array<float, 28 * 28> image{};
    const auto logits = classify(image);
    for (float logit : logits)
        if (!std::isfinite(logit)) return 1;
    std::printf("%zu logits\n", logits.size());
    return logits.size() == 10 ? 0 : 1;
}
