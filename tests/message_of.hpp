// message_of: the text of the tessera::error that a call throws; empty when it throws none.
#pragma once
#include <string>
#include <tessera/error/error.hpp>

namespace tests {

template <class Call> std::string message_of(Call&& call) {
    try {
        call();
    } catch (const tessera::error& e) {
        return e.what();
    }
    return {};
}

}  // namespace tests
