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
    echo "installing ${missing[*]}"
    local -x DEBIAN_FRONTEND=noninteractive
    local install=(apt-get install -y -qq --no-install-recommends "${missing[@]}")
    "${install[@]}" >/dev/null 2>&1 || { apt-get update -qq && "${install[@]}" >/dev/null; } || {
        echo "could not install ${missing[*]}" >&2
        exit 1
    }
}
