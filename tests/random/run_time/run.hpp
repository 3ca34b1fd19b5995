// run: one call of a program made at run time, with memory that is as unfriendly as it may be: the workspace is full of
// NaN before the call, buffers end where they must, and what stands after the workspace has to stay.
#pragma once
#include <algorithm>
#include <cstring>
#include <memory>
#include <tessera/backend/simd/threads.hpp>
#include <tessera/model/state_numbers.hpp>

#include "../oracle/evaluate.hpp"
#include "program.hpp"

namespace tessera::random_networks {

using namespace detail;

template <class T> struct results {
    std::vector<std::vector<T>> outputs, losses, taps, gradients;
    std::vector<std::vector<double>> states;  // of whatever width
    bool overrun = false;                     // memory after the workspace was written

    bool operator==(const results& other) const {
        const auto same = [](const auto& a, const auto& b) {
            return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
                return x.size() == y.size() &&
                       (x.empty() || std::memcmp(x.data(), y.data(), x.size() * sizeof x[0]) == 0);
            });
        };
        return same(outputs, other.outputs) && same(losses, other.losses) && same(taps, other.taps) &&
               same(states, other.states) && same(gradients, other.gradients);
    }
};

// memory on a 64-byte boundary
template <class T> class aligned {
  public:
    explicit aligned(std::size_t size, T fill) : storage_(size + 2 * 64 / sizeof(T), fill) {
        const auto address = reinterpret_cast<std::uintptr_t>(storage_.data());
        first_ = storage_.data() + (64 - address % 64) % 64 / sizeof(T);
    }
    T* data() { return first_; }

  private:
    std::vector<T> storage_;
    T* first_;
};

template <class T> class runner {
  public:
    runner(const graph& g, std::unique_ptr<run_time_program<T>> program) : g_(g), program_(std::move(program)) {}

    results<T> run(const given& in, int threads = 1) {
        const auto at = [](int i) { return static_cast<std::size_t>(i); };
        constexpr T nan = std::numeric_limits<T>::quiet_NaN();
        memory<T> m;
        m.count = in.count;
        m.seed = in.seed;
        std::vector<std::vector<T>> real(g_.inputs.size());
        std::vector<std::vector<std::int32_t>> whole(g_.inputs.size());
        for (std::size_t i = 0; i < g_.inputs.size(); ++i) {
            for (double v : in.inputs[i])
                if (g_.inputs[i].type == element::real)
                    real[i].push_back(static_cast<T>(v));
                else
                    whole[i].push_back(static_cast<std::int32_t>(v));
            m.real_inputs[i] = real[i].data();
            m.index_inputs[i] = whole[i].data();
        }
        aligned<T> parameters(at(end_of(g_.parameters)), T(0)), gradients(at(end_of(g_.parameters)), nan);
        aligned<T> states(at(end_of(g_.states)), T(0));
        for (std::size_t i = 0; i < g_.parameters.size(); ++i)
            for (std::size_t k = 0; k < in.parameters[i].size(); ++k)
                parameters.data()[at(g_.parameters[i].offset) + k] = static_cast<T>(in.parameters[i][k]);
        for (std::size_t i = 0; i < g_.states.size(); ++i)
            with_state_numbers<true>(g_.states[i], states.data() + g_.states[i].offset, [&](auto* to) {
                for (double x : in.states[i]) *to++ = static_cast<std::remove_cvref_t<decltype(*to)>>(x);
            });
        constexpr std::size_t after = 256;
        const std::size_t size = static_cast<std::size_t>(program_->workspace_bytes()) / sizeof(T);
        aligned<T> workspace(size + after, nan);
        std::fill_n(workspace.data() + size, after, T(12345));
        aligned<T> constants(constant_elements(), T(0));
        aligned<other_real<T>> others(constant_elements(), other_real<T>(0));
        for (std::size_t i = 0; i < g_.nodes.size(); ++i)
            if (const placed p = program_->at(static_cast<int>(i));
                g_.nodes[i].kind == op::constant && p.where == memory_space::constant)
                for (int k = 0; k < g_.nodes[i].shape.size(); ++k) {
                    const double x = g_.view().number(g_.nodes[i], k);
                    if (has_width(g_.nodes[i].type))
                        others.data()[at(p.offset + k)] = static_cast<other_real<T>>(x);
                    else
                        constants.data()[at(p.offset + k)] = static_cast<T>(x);
                }
        m.constants = constants.data();
        m.parameters = parameters.data();
        m.gradients = gradients.data();
        m.states = states.data();
        m.workspace = workspace.data();
        if (simd::threads::count() != threads) simd::threads::set_count(threads);
        program_->run(m, others.data());

        results<T> r;
        const auto read = [&](int id) {
            const node& n = g_.nodes[at(id)];
            const T* p = address(m, program_->at(id));
            return std::vector<T>(p, p + n.shape.size() * (n.batched ? in.count : 1));
        };
        for (int o : g_.outputs) r.outputs.push_back(read(o));
        for (int l : g_.losses) r.losses.push_back(read(l));
        for (const tap_info& t : g_.taps) r.taps.push_back(read(t.id));
        for (const variable_info& v : g_.states)
            with_state_numbers<true>(v, states.data() + v.offset,
                                     [&](const auto* from) { r.states.emplace_back(from, from + v.shape.size()); });
        for (const variable_info& v : g_.parameters)
            r.gradients.emplace_back(gradients.data() + v.offset, gradients.data() + v.offset + v.shape.size());
        for (std::size_t i = 0; i < after; ++i) r.overrun = r.overrun || workspace.data()[size + i] != T(12345);
        return r;
    }

  private:
    std::size_t constant_elements() const {
        std::size_t n = 1;
        for (const node& c : g_.nodes)
            if (c.kind == op::constant && !is_number(c))
                n += static_cast<std::size_t>(aligned_elements(c.shape.size()));
        return n;
    }

    const graph& g_;
    std::unique_ptr<run_time_program<T>> program_;
};

}  // namespace tessera::random_networks
