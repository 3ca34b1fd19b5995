// Looking at networks and programs: summaries, plans, graphs as pictures, the gradient check. Those who run or train a
// network need none of it, so <tessera/tessera.hpp> leaves it out.
#pragma once
#include <tessera/graphviz.hpp>
#include <tessera/program/live_values.hpp>
#include <tessera/program/plan_table.hpp>
#include <tessera/summary.hpp>
#include <tessera/train/gradient_check.hpp>
