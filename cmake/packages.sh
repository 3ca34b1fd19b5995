# The one list of Debian packages, and require_packages, which installs what is missing of the names it is given.
# For bash scripts:   . cmake/packages.sh; require_packages "${build_packages[@]}"
#
# TESSERA_NO_PACKAGES=1 skips the check, for systems where the same software comes from elsewhere.

build_packages=(g++ cmake ninja-build ccache pkg-config libxsimd-dev libxtensor-dev libboost-dev nlohmann-json3-dev
    libstb-dev zlib1g-dev libfmt-dev)
example_packages=(libcli11-dev dataset-fashion-mnist)
test_packages=(libgtest-dev dataset-fashion-mnist clang-19 libomp-19-dev libclang-rt-19-dev clang-format-19 doxygen)
bench_packages=(libbenchmark-dev clang-19 time)

missing_packages() {
    local installed
    installed=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' "$@" 2>/dev/null | awk '$1 == "ii" { print $2 }')
    printf '%s\n' "$@" | sort -u | grep -vxF -e "$installed"
}

require_packages() {
    [ -z "${TESSERA_NO_PACKAGES:-}" ] || return 0
    local missing=("$@")
    if command -v dpkg-query >/dev/null; then
        mapfile -t missing < <(missing_packages "$@")
        [ ${#missing[@]} -gt 0 ] || return 0
    fi
    if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
        echo "Missing Debian packages, or their like: ${missing[*]}" >&2
        echo "Install them (sudo apt-get install --no-install-recommends ${missing[*]}) and start again;" >&2
        echo "with TESSERA_NO_PACKAGES=1 this check is left out." >&2
        exit 1
    fi
    echo "installing ${#missing[@]} packages: ${missing[*]}"
    local -x DEBIAN_FRONTEND=noninteractive
    local log
    log=$(mktemp)
    local install=(apt-get install -y -q --no-install-recommends "${missing[@]}")
    if logged "$log" "${install[@]}" || { logged "$log" apt-get update -q && logged "$log" "${install[@]}"; }; then
        rm "$log"
        return
    fi
    tail -n 20 "$log" >&2
    echo "could not install ${missing[*]}" >&2
    rm "$log"
    exit 1
}

# logged LOG COMMAND...: what the command prints goes to LOG; its steps are shown, on a terminal with the seconds so far
logged() {
    local log=$1 line last='' start=$SECONDS
    shift
    "$@" 2>&1 | tee "$log" | while :; do
        if IFS= read -r -t 1 line; then
            [[ $line =~ ^(Get:|Unpacking|Setting\ up|\[[0-9]+/[0-9]+\]|--\ (The|Found|Configuring|Generating)) ]] || continue
            last=$line
            [ -t 1 ] || printf '%.118s\n' "$line"
        elif [ $? -le 128 ]; then
            break
        fi
        [ ! -t 1 ] || printf '\r\033[K%3d s  %.70s' $((SECONDS - start)) "$last"
    done
    local status=${PIPESTATUS[0]}
    [ ! -t 1 ] || printf '\r\033[K'
    return "$status"
}
