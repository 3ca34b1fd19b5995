#!/usr/bin/env bash
# The layers of families beside the same layers as plain PyTorch modules: both programs of a family take turns on one core,
# and one table has the least time of each row over the turns, ours and PyTorch's, in ms, and PyTorch's over ours.
#
#     turns.sh <folder of the bench programs> [<turns> [<family>...]]
#
# PYTHON (python3) has torch. CORE is 0 unless set. A family is a stem of this folder, such as kan.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
build=${1:?the folder of the bench programs}
turns=${2:-3}
families=(kan capsule gates sets polynomial mixing structure)
[ $# -le 2 ] || families=("${@:3}")
for family in "${families[@]}"; do
    for ((turn = 0; turn < turns; ++turn)); do
        taskset -c "${CORE:-0}" "$build/bench_layers_families_$family" | sed 's/^/ours\t/'
        taskset -c "${CORE:-0}" "${PYTHON:-python3}" -B "$here/$family.py" | sed 's/^/theirs\t/'
    done
done | awk -F'\t' '
    function least(key, ms) { if (!(key in best) || ms < best[key]) best[key] = ms }
    {
        name = substr($2, 1, 28)
        split(substr($2, 29), ms, " ")
        if (!(name in seen)) { seen[name] = 1; order[++rows] = name }
        least($1 name 1, ms[1] + 0)
        least($1 name 2, ms[2] + 0)
    }
    END {
        printf "%-28s %9s %9s %6s   %9s %9s %6s\n", "forward, then step, ms", "ours", "PyTorch", "ratio", "ours", "PyTorch", "ratio"
        for (i = 1; i <= rows; ++i) {
            name = order[i]
            printf "%s", name
            for (half = 1; half <= 2; ++half) {
                a = best["ours" name half]; b = best["theirs" name half]
                printf " %9.3f %9.3f %6.2f  ", a, b, (a > 0 ? b / a : 0)
            }
            printf "\n"
        }
    }'
