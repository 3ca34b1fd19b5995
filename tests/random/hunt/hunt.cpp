// Random networks for as long as one likes:
//
//     random_hunt <first seed> <seconds> [<steps> [large [<moods>]]]
//
// A network that fails is made smaller and printed as C++ on values; the program goes on. It returns 1 if any failed.
// With NAME_EACH in the environment each seed is told before it runs.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "../compare.hpp"
#include "../print.hpp"
#include "../random_network.hpp"
#include "../shrink.hpp"

using namespace tessera;
using namespace tessera::detail;
using namespace tessera::random_networks;

namespace {

void tell(std::uint64_t seed, mood m, const recipe& r, const std::string& fault) {
    std::printf("seed %llu, mood %d: %s\n", static_cast<unsigned long long>(seed), static_cast<int>(m), fault.c_str());
    const recipe smallest =
        shrinking(r, [&](const recipe& candidate) { return compare(candidate, seed, m).fault; }).run(1000);
    std::printf("smallest: %s\n%s\n%s\n", compare(smallest, seed, m).fault.c_str(), printed(smallest).c_str(),
                printed(written(smallest, phase::inference)).c_str());
    std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
    const std::uint64_t first = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 0;
    const double seconds = argc > 2 ? std::atof(argv[2]) : 10;
    const int steps = argc > 3 ? std::atoi(argv[3]) : 10;
    const bool large = argc > 4 && std::string_view(argv[4]) == "large";
    const int special = argc > 5 ? std::atoi(argv[5]) : moods;    // the first so many
    const bool names_each = std::getenv("NAME_EACH") != nullptr;  // what was running when the program stopped
    const auto begin = std::chrono::steady_clock::now();
    report total;
    long graphs = 0, faults = 0;
    for (std::uint64_t seed = first;; ++seed, ++graphs) {
        const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - begin;
        if (spent.count() > seconds) break;
        if (names_each) std::fprintf(stderr, "%llu\n", static_cast<unsigned long long>(seed));
        const auto m =
            seed % 2 == 0 ? mood::ordinary : static_cast<mood>(seed / 2 % static_cast<std::uint64_t>(special));
        const recipe r = recipe_of(seed, steps, large);
        const report one = compare(r, seed, m);
        total.add(one);
        if (!one.failed()) continue;
        ++faults;
        tell(seed, m, r, one.fault);
    }
    std::printf("seeds from %llu: %ld graphs, %ld faults; %s\n", static_cast<unsigned long long>(first), graphs, faults,
                total.summary().c_str());
    return faults > 0;
}
