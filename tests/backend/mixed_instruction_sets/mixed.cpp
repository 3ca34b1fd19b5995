// Units compiled for different instruction sets, in one program: each computes what the scalar backend does. Returns 77
// where the processor lacks one of them.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/model.hpp>
#include <vector>

#include "outputs.hpp"

namespace {

using namespace tessera;

using unit = void (*)(numbers parameters, numbers input, std::span<float> output);

// what a unit computes, against the oracle
template <class Net> bool agrees(const char* level, const char* name, unit of_unit) {
    static model<Net, backend::scalar> oracle(3);
    std::vector<float> input(static_cast<std::size_t>(Net::table.inputs[0].shape.size()));
    for (std::size_t i = 0; i < input.size(); ++i) input[i] = static_cast<float>(i * i % 251) / 251;
    const auto wanted = oracle(input);
    std::vector<float> found(wanted.size());
    of_unit(oracle.parameters(), input, found);
    double largest = 0, apart = 0;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        largest = std::max(largest, std::abs(static_cast<double>(wanted[i])));
        apart = std::max(apart, std::abs(static_cast<double>(wanted[i]) - static_cast<double>(found[i])));
    }
    const bool sound = largest > 0 && apart <= 1e-5 * largest;
    std::printf("%s %s %s: largest output %g, largest difference %g\n", sound ? "ok    " : "FAILED", level, name,
                largest, apart);
    return sound;
}

}  // namespace

int main() {
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) {
        std::printf("skipped: the processor lacks x86-64-v3\n");
        return 77;
    }
    bool sound = agrees<networks::lenet>("x86-64-v3", "lenet", lenet_on_v3);
    sound = agrees<reader>("x86-64-v3", "reader", reader_on_v3) && sound;
    if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bw") ||
        !__builtin_cpu_supports("avx512vl") || !__builtin_cpu_supports("avx512dq") ||
        !__builtin_cpu_supports("avx512cd")) {
        std::printf("skipped: the processor lacks x86-64-v4\n");
        return sound ? 77 : 1;
    }
    sound = agrees<networks::lenet>("x86-64-v4", "lenet", lenet_on_v4) && sound;
    sound = agrees<reader>("x86-64-v4", "reader", reader_on_v4) && sound;
    return sound ? 0 : 1;
}
