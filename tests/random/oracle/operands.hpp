// operands: a node, what it reads, and the arithmetic that it is to be computed with.
#pragma once
#include <tessera/ir/graph.hpp>

#include "functions.hpp"
#include "places.hpp"

namespace tessera::random_networks {

using namespace detail;

using numbers = std::vector<bounded>;  // a value: all samples one after another

struct operands {
    const graph& of;
    const node& self;
    const std::vector<numbers>& made;  // by node
    bounded_arithmetic with;
    int count;  // samples
    std::uint64_t seed;

    int id(int k) const { return of.view().argument(self, k); }
    const node& argument(int k) const { return of.nodes[static_cast<std::size_t>(id(k))]; }
    template <class Attributes> Attributes attributes() const { return of.attributes<Attributes>(self); }
    const extents& shape(int k) const { return argument(k).shape; }
    bounded at(int k, int sample, int number) const {
        const int first = argument(k).batched ? sample * shape(k).size() : 0;
        return made[static_cast<std::size_t>(id(k))][static_cast<std::size_t>(first + number)];
    }
    int index_at(int k, int sample, int number) const { return static_cast<int>(at(k, sample, number).value); }

    int samples() const { return self.batched ? count : 1; }
    // the samples that a result is made of: all of them if it is one for all, of what each sample has one of
    std::vector<int> samples_of(int sample) const {
        bool over_batch = false;
        for (int k = 0; k < self.argument_count; ++k) over_batch = over_batch || (!self.batched && argument(k).batched);
        std::vector<int> list;
        for (int s = over_batch ? 0 : sample; s < (over_batch ? count : sample + 1); ++s) list.push_back(s);
        return list;
    }
    // the result, element by element: f(sample, number of the element)
    template <class F> numbers each(F f) const {
        numbers y;
        for (int s = 0; s < samples(); ++s)
            for (int i = 0; i < self.shape.size(); ++i) y.push_back(f(s, i));
        return y;
    }
};

}  // namespace tessera::random_networks
