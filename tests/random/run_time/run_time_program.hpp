// run_time_program: a program whose graph no type names.
#pragma once
#include <tessera/backend/widths.hpp>
#include <tessera/program.hpp>

namespace tessera::random_networks {

using namespace detail;

template <class T> struct run_time_program {
    virtual ~run_time_program() = default;
    // constants: those of the other width
    virtual void run(const memory<T>& m, const other_real<T>* constants) const = 0;
    virtual placed at(int node) const = 0;
    virtual long workspace_bytes() const = 0;
};

}  // namespace tessera::random_networks
