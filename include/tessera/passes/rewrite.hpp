// rewrite: the nodes of a graph written anew, one after another, some of them as others.
//
//     rewrite r(g);
//     for (int i = 0; i < r.count(); ++i) ... r.keep(i) or r.becomes(i, y)
//     r.finish();
//
// A node that is written has the new numbers of its arguments; one that is not yet has the old ones.
#pragma once
#include <tessera/ir/value.hpp>
#include <utility>

namespace tessera::detail {

class rewrite {
  public:
    constexpr explicit rewrite(graph& g, std::size_t further = 16)
        : g_(g), before_(std::move(g.nodes)), now_(before_.size(), -1), scope_before_(g.scope_now) {
        g_.nodes = {};
        g_.nodes.reserve(before_.size() + further);
    }

    constexpr int count() const { return static_cast<int>(before_.size()); }
    constexpr const node& before(int i) const { return before_[at(i)]; }
    // of a node that is not yet written
    constexpr int argument_before(int i, int k) const { return g_.arguments[before_[at(i)].first_argument + k]; }
    constexpr int now(int i) const { return now_[at(i)]; }
    constexpr value value_now(int i) const { return {&g_, now_[at(i)]}; }
    constexpr void becomes(int i, int now) { now_[at(i)] = now; }

    // a node as it was; what is added after it belongs to its scope
    constexpr int keep(int i) { return keep_as(i, before_[at(i)]); }
    // as n, which is the node changed
    constexpr int keep_as(int i, const node& n) {
        g_.renumber_arguments(n, now_.data());
        g_.scope_now = n.scope;
        return now_[at(i)] = g_.add(n);
    }
    constexpr void finish() {
        g_.scope_now = scope_before_;
        g_.renumber(now_.data());
    }

  private:
    static constexpr std::size_t at(int i) { return static_cast<std::size_t>(i); }

    graph& g_;
    list<node> before_;
    list<int> now_;  // old number -> new number
    int scope_before_;
};

}  // namespace tessera::detail
