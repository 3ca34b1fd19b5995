// Units compiled for different instruction sets, in one program: each computes what the scalar backend does. Returns 77
// where the processor lacks one of them.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/model.hpp>
#include <vector>

#include "../../networks/lenet.hpp"
#include "lenet_logits.hpp"

namespace {

using namespace tessera;

model<networks::lenet, backend::scalar> oracle(3);

bool agrees(const char* level, std::span<const float> wanted, std::span<const float> found) {
    double largest = 0, apart = 0;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        largest = std::max(largest, std::abs(static_cast<double>(wanted[i])));
        apart = std::max(apart, std::abs(static_cast<double>(wanted[i]) - static_cast<double>(found[i])));
    }
    const bool sound = largest > 0 && apart <= 1e-5 * largest;
    std::printf("%s %s: largest logit %g, largest difference %g\n", sound ? "ok    " : "FAILED", level, largest, apart);
    return sound;
}

}  // namespace

int main() {
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) {
        std::printf("skipped: the processor lacks x86-64-v3\n");
        return 77;
    }
    std::vector<float> image(28 * 28), logits(10);
    for (std::size_t i = 0; i < image.size(); ++i) image[i] = static_cast<float>(i * i % 251) / 251;
    const auto wanted = oracle(image);
    logits_on_v3(oracle.parameters(), image, logits);
    bool sound = agrees("x86-64-v3", wanted, logits);
    if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bw") ||
        !__builtin_cpu_supports("avx512vl") || !__builtin_cpu_supports("avx512dq") ||
        !__builtin_cpu_supports("avx512cd")) {
        std::printf("skipped: the processor lacks x86-64-v4\n");
        return sound ? 77 : 1;
    }
    std::fill(logits.begin(), logits.end(), 0.0f);
    logits_on_v4(oracle.parameters(), image, logits);
    sound = agrees("x86-64-v4", wanted, logits) && sound;
    return sound ? 0 : 1;
}
