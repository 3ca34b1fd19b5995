// causal: a program for attention's scores: the last query sees all keys, the one before all but the last, and so on.
// Of a sequence with itself, the query at place t sees the keys at places 0 to t; new queries after keys that were
// kept see all of those.
//
//   in      scores (H, T, S)
//   out     the scores where s <= t + (S - T), elsewhere -infinity, whose softmax is 0
//
// As an option: multi_head_attention<8, causal>.
// Gradient    that of the scores kept; 0 elsewhere.
// Cost        one addition a score; the mask itself is made once a call, for all samples and heads.
// Errors      more queries than keys.
#pragma once
#include <tessera/ir/operations/composed_attention.hpp>

namespace tessera {

struct causal {
    constexpr value operator()(value scores) const {
        if (!scores.valid()) return scores;
        return scores + causal_mask(*scores.owner, scores.extent(-2), scores.extent(-1), scores.get().type);
    }
};

}  // namespace tessera
