#!/bin/bash
# check.sh SOURCE COMPILER FLAG...: SOURCE does not compile, and the message is good.
#
# Each line `// expect: regex` of SOURCE (extended, as grep -E takes it) matches within the first ten lines of the
# message, which is at most 6 kB long, and each `// never: regex` nowhere in it. With -DCONTROL the same source compiles.
#
# A compiler names each file by its full path; counted is what a user prints who keeps the library in `home`.
source=$1
home=/home/somebody/projects/something/tessera
root=$(cd "$(dirname "$0")/../.." && pwd)
shift
compiler=("$@")
failures=0

fail() {
    echo "$(basename "$source"): $1"
    failures=1
}

if message=$("${compiler[@]}" "$source" 2>&1); then
    fail "compiles, and must not"
else
    expectations=$(sed -n 's|^// expect: *||p' "$source")
    [ -n "$expectations" ] || fail "has no line '// expect: regex'"
    while IFS= read -r regex; do
        head -n 10 <<<"$message" | grep -qE -e "$regex" || fail "the first ten lines do not match: $regex"
    done <<<"$expectations"
    while IFS= read -r regex; do
        ! grep -qE -e "$regex" <<<"$message" || fail "a line matches: $regex"
    done < <(sed -n 's|^// never: *||p' "$source")
    message=${message//"$root/"/"$home/"}
    [ ${#message} -le 6144 ] || fail "the message is ${#message} bytes long, more than 6144"
    [ $failures -eq 0 ] || { echo "the message:"; head -c 8000 <<<"$message"; }
fi

control=$("${compiler[@]}" -DCONTROL "$source" 2>&1) || {
    fail "does not compile with -DCONTROL:"
    head -c 8000 <<<"$control"
}
exit $failures
