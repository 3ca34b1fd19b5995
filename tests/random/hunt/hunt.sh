#!/bin/bash
# hunt.sh HUNT FIRST_SEED HOURS [JOBS]: random networks for hours, at most two jobs at once.
#
# HUNT is the program random_hunt. Its processes run five minutes each, small, deep and large networks in turn, so that
# one that a network stops costs little: the seed that was running is the last of its .each file. Logs are in
# ./hunt.FIRST_SEED/; what failed stands there as the smallest network like it.
hunt=$1 first=$2 hours=$3 jobs=${4:-1}
logs=hunt.$first
end=$(($(date +%s) + $(awk "BEGIN { print int(3600 * $hours) }")))
mkdir -p "$logs"
[ "$jobs" -gt 2 ] && jobs=2

one_job() {
    seed=$1
    for ((round = 0; $(date +%s) < end; ++round)); do
        case $((round % 6)) in
            1 | 3) what="18 small" ;;
            5) what="8 large" ;;
            *) what="10 small" ;;
        esac
        NAME_EACH=1 nice -n 5 "$hunt" "$seed" 300 $what >"$logs/$seed.log" 2>"$logs/$seed.each"
        code=$?
        [ $code -gt 1 ] && echo "stopped with $code at seed $(tail -n 1 "$logs/$seed.each"), steps $what" >>"$logs/$seed.log"
        rm -f "$logs/$seed.each"
        seed=$((seed + 1000000))
    done
}
for ((job = 0; job < jobs; ++job)); do one_job $((first + job * 500000000)) & done
wait
grep -h "^seed \|^stopped\|^smallest" "$logs"/*.log
awk '/^seeds from/ { graphs += $4; faults += $6 } END { print graphs " graphs, " faults " faults" }' "$logs"/*.log
