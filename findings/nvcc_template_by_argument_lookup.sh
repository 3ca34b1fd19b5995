#!/bin/bash
# nvcc 13.0: C++20 lets a call with explicit template arguments, twice<3>(x), name a template that only the argument's
# namespace has. nvcc 13.0 with -std=c++20 takes such a call in a function template and in a class, but not in the
# initialiser of a static member of a class template: "twice is not a template". g++ 12 takes all three.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip -q install --no-deps nvidia-cuda-nvcc==13.0.88 nvidia-cuda-crt==13.0.88 nvidia-nvvm==13.0.88 \
    nvidia-cuda-runtime==13.0.96
root=$(dirname "$(dirname "$(find python -path '*bin/nvcc')")")

common='namespace there { struct size {}; template <class T, int N> constexpr int twice(size) { return 2 * N; } }'
write() { printf '%s\n%s\n' "$common" "$2" >"$1.cu"; cp "$1.cu" "$1.cpp"; }
write function 'template <class T> int of(T x) { return twice<T, 3>(x); }
int main() { return of(there::size{}); }'
write class 'struct here { static constexpr int value = twice<int, 3>(there::size{}); };
int main() { return here::value; }'
write class_template 'template <class T> struct here { static constexpr int value = twice<T, 3>(there::size{}); };
int main() { return here<int>::value; }'

for place in function class class_template; do
    for compiler in "g++ -std=c++20 -fsyntax-only" "$root/bin/nvcc -std=c++20 -I $root/include -cuda -o $place.ii"; do
        source=$place.cu
        [[ $compiler = g++* ]] && source=$place.cpp
        if $compiler "$source" >log 2>&1; then
            echo "$place, $(basename "${compiler%% *}"): accepted"
        else
            echo "$place, $(basename "${compiler%% *}"): $(grep -o 'error: .*' log | head -n 1)"
        fi
    done
done >seen
cat seen
diff - seen <<'SEEN'
function, g++: accepted
function, nvcc: accepted
class, g++: accepted
class, nvcc: accepted
class_template, g++: accepted
class_template, nvcc: error: twice is not a template
SEEN
