# Shared by tests/run, examples/run and .ci/run; sourced by bash, with sark_root set.
#
# Installs what is missing (Debian and Ubuntu, after saying so), configures, builds.

sark_say() { printf '%s\n' "-- $*" >&2; }
sark_die() { printf '%s\n' "error: $*" >&2; exit 1; }

sark_is_set() { [ -n "${!1:-}" ]; }

sark_compiler() { command -v "${CXX:-c++}" || command -v g++ || command -v clang++ || true; }

# Does #include <$1> work? Without a compiler the usual folders are looked at.
sark_has_header() {
    local compiler
    compiler=$(sark_compiler)
    if [ -n "$compiler" ]; then
        printf '#include <%s>\n' "$1" | "$compiler" -std=c++20 -E -x c++ - >/dev/null 2>&1
    else
        [ -e "/usr/include/$1" ] || [ -e "/usr/local/include/$1" ]
    fi
}

sark_has_libpq() { command -v pkg-config >/dev/null && pkg-config --exists libpq 2>/dev/null; }
sark_has_libpqxx() { command -v pkg-config >/dev/null && pkg-config --exists libpqxx 2>/dev/null; }
sark_has_catch() { sark_has_header catch2/catch.hpp || sark_has_header catch2/catch_test_macros.hpp; }

# The same places as include/sark/testing/detail/binaries.hpp.
sark_has_server() {
    local folder
    [ -n "${SARK_PG_BINDIR:-}" ] && return 0
    for folder in "$(dirname "$(command -v initdb || echo /nonexistent/initdb)")" /usr/lib/postgresql/*/bin \
        /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin \
        /Applications/Postgres.app/Contents/Versions/*/bin /Library/PostgreSQL/*/bin /usr/local/pgsql*/bin; do
        [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ] && return 0
    done
    return 1
}

# The Boost package with boost/pfr.hpp: on Debian 12 the default one (1.74) is too old.
sark_boost_package() {
    if apt-cache show libboost1.81-dev >/dev/null 2>&1; then echo libboost1.81-dev; else echo libboost-dev; fi
}

# Fills sark_missing with the packages to install (Debian's names). Further arguments: program=package. The headers of
# protobuf, which have no program to look for, are wanted where sark_wants_protobuf is set.
sark_find_missing() {
    sark_missing=()
    [ -n "$(sark_compiler)" ] || sark_missing+=(g++)
    command -v cmake >/dev/null || sark_missing+=(cmake)
    command -v ninja >/dev/null || sark_missing+=(ninja-build)
    command -v pkg-config >/dev/null || sark_missing+=(pkg-config)
    sark_has_libpq || sark_missing+=(libpq-dev)
    sark_has_libpqxx || sark_missing+=(libpqxx-dev)
    sark_has_header boost/pfr.hpp || sark_missing+=(boost-with-pfr)
    sark_has_header nlohmann/json.hpp || sark_missing+=(nlohmann-json3-dev)
    sark_has_header CLI/CLI.hpp || sark_missing+=(libcli11-dev)
    sark_has_catch || sark_missing+=(catch2)
    sark_has_server || sark_missing+=(postgresql)
    [ -z "${sark_wants_protobuf:-}" ] || sark_has_header google/protobuf/descriptor.h || sark_missing+=(libprotobuf-dev)
    local pair
    for pair in "$@"; do
        command -v "${pair%%=*}" >/dev/null || sark_missing+=("${pair#*=}")
    done
}

sark_as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif [ -t 0 ]; then sudo "$@"
    else sudo -n "$@"; fi
}

# Installs PostgreSQL without a cluster nobody asked for: the package makes and starts one unless told otherwise.
sark_apt_install() {
    local drop_in=/etc/postgresql-common/createcluster.d/sark-no-main-cluster.conf drop=
    if ! dpkg-query -W -f='${Status}' postgresql-common 2>/dev/null | grep -q 'ok installed'; then
        drop=yes
        sark_as_root mkdir -p "${drop_in%/*}"
        echo 'create_main_cluster = false' | sark_as_root tee "$drop_in" >/dev/null
    fi
    local state=0 log
    log=$(mktemp)
    sark_as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        -o Dpkg::Use-Pty=0 "$@" </dev/null >"$log" 2>&1 || state=$?
    [ "$state" = 0 ] || cat "$log" >&2
    rm -f "$log"
    [ -z "$drop" ] || sark_as_root rm -f "$drop_in"
    return "$state"
}

# Makes sure that all tools are there. Arguments: program=package pairs beyond those every build needs.
sark_setup() {
    sark_find_missing "$@"
    if [ ${#sark_missing[@]} -gt 0 ]; then
        if ! command -v apt-get >/dev/null; then
            sark_die "missing here (Debian's names): ${sark_missing[*]}. Install them by the means of this system" \
                "(boost-with-pfr: Boost 1.75 or newer) and run this again."
        fi
        if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
            sark_die "missing: ${sark_missing[*]}. There is no sudo: install them as root and run this again."
        fi
        sark_say "missing here, to be installed by apt-get: ${sark_missing[*]}"
        sark_as_root apt-get -qq update </dev/null >&2
        local packages=() package
        for package in "${sark_missing[@]}"; do
            if [ "$package" = boost-with-pfr ]; then package=$(sark_boost_package); fi
            packages+=("$package")
        done
        sark_apt_install "${packages[@]}" || sark_die "apt-get could not install: ${packages[*]}"
        sark_find_missing "$@"
        [ ${#sark_missing[@]} -eq 0 ] || sark_die "still missing after apt-get: ${sark_missing[*]}"
    fi
    local version
    version=$(cmake --version | sed -n '1s/[^0-9]*//p')
    if [ "$(printf '%s\n' 3.24 "$version" | sort -V | head -n 1)" != 3.24 ]; then
        sark_die "CMake $version is too old: 3.24 or newer is needed."
    fi
}

sark_jobs() { echo "${CMAKE_BUILD_PARALLEL_LEVEL:-$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)}"; }

# Builds in build/<preset>: sark_build PRESET [TARGET...]. On a terminal the build tool shows its line; elsewhere one
# line now and then. What the compiler said is shown only when it said no.
sark_build() {
    local preset=$1 dir=$sark_root/build/$1
    shift
    mkdir -p "$dir"
    local log=$dir/build.log
    if [ ! -e "$dir/build.ninja" ] || [ "$sark_root/CMakePresets.json" -nt "$dir/build.ninja" ]; then
        sark_say "configuring build/$preset"
        if ! (cd "$sark_root" && cmake --preset "$preset") >"$log" 2>&1 </dev/null; then
            cat "$log" >&2
            sark_die "CMake could not configure preset $preset."
        fi
    fi
    local command=(cmake --build "$dir" --parallel "$(sark_jobs)")
    [ $# -eq 0 ] || command+=(--target "$@")
    ! sark_is_set SARK_KEEP_GOING || command+=(-- -k 0)
    sark_say "building build/$preset${*:+ ($*)}"
    if [ -t 2 ]; then
        "${command[@]}" >&2 </dev/null || sark_die "the build of build/$preset failed."
        return
    fi
    local state=0 teller
    : >"$log"
    (
        trap 'kill "$!" 2>/dev/null; exit 0' TERM
        while sleep "${SARK_TICK:-20}" & wait $!; do
            line=$(grep -o '^\[[0-9]*/[0-9]*\]' "$log" | tail -n 1)
            [ -z "$line" ] || sark_say "  $line"
        done
    ) </dev/null >/dev/null &
    teller=$!
    "${command[@]}" >"$log" 2>&1 </dev/null || state=$?
    kill "$teller" 2>/dev/null || true
    wait "$teller" 2>/dev/null || true
    if [ "$state" != 0 ]; then
        grep -v '^\[[0-9]*/[0-9]*\]' "$log" >&2 || true
        sark_die "the build of build/$preset failed."
    fi
}

# A server makes hundreds of small files for each database: in memory that takes half the time, where there is plenty.
sark_servers_in_memory() {
    local room memory
    if [ -z "${SARK_PG_PARENT:-}" ] && [ -w /dev/shm ] && [ -r /proc/meminfo ]; then
        room=$(df -Pk /dev/shm | awk 'NR == 2 {print $4}')
        memory=$(awk '/^MemAvailable:/ {print $2}' /proc/meminfo)
        if [ "$room" -gt 2000000 ] && [ "$memory" -gt 4000000 ]; then export SARK_PG_PARENT=/dev/shm; fi
    fi
}

# Prints "passed failed skipped" of a JUnit file that ctest wrote.
sark_counts() {
    local head tests failed skipped disabled
    head=$(tr '\n\t' '  ' <"$1" | sed -n 's/.*<testsuite \([^>]*\)>.*/\1/p' | head -n 1)
    sark_attribute() { printf '%s' "$head" | sed -n "s/.*[[:space:]]*$1=\"\([0-9]*\)\".*/\1/p"; }
    tests=$(sark_attribute tests)
    failed=$(sark_attribute failures)
    skipped=$(sark_attribute skipped)
    disabled=$(sark_attribute disabled)
    echo "$((tests - failed - skipped - disabled)) $failed $((skipped + disabled))"
}
