#!/usr/bin/env bash
# Builds the solution with warnings as errors, checks its format and runs every test project.
# Ends with exactly one line "N passed, N failed, N skipped"; see --help.
set -euo pipefail

usage() {
    cat <<'HELP'
Usage: tests/run.sh [--fast | --soak] [--only NAME] [--help]

  (no option)   every test; long counts take the fixed part that stands at their call (minutes)
  --fast        leaves out the categories Interop and Long, long counts take a tenth of the plain ones
  --soak        every test with every long count in full (hours)
  --only NAME   only the test projects whose name contains NAME (repeatable); the whole solution is still built

What the tests need is installed when it is missing: from Debian chromium, python3-aiortc, nodejs, npm, iproute2, libssl3,
libsqlite3-0 and postgresql (as root or with sudo; tests start a PostgreSQL server of their own, the system's is not used),
from npm what tests/MeshNode.Interop.Tests/js/package-lock.json pins. The .NET SDK must be there already.

The last line is "N passed, N failed, N skipped". Exit code 0: something ran and nothing failed; 1: a test failed, a
project crashed, hung or ran no test, or the build or the format check failed; 2: a bad option or a missing tool.
HELP
}

MODE=plain
ONLY=()
while (($#)); do
    case $1 in
        --fast) MODE=fast ;;
        --soak) MODE=soak ;;
        --only)
            [[ $# -ge 2 ]] || { echo "--only needs a part of a test project's name" >&2; exit 2; }
            ONLY+=("$2")
            shift
            ;;
        -h | --help)
            usage
            exit 0
            ;;
        *)
            echo "unknown option: $1 (see tests/run.sh --help)" >&2
            exit 2
            ;;
    esac
    shift
done

# A project's limit ends the whole process; the hang limit names the test that stands still before that.
case $MODE in
    fast) PROJECT_LIMIT=10m HANG_LIMIT=3m FILTER=(--filter 'Category!=Interop&Category!=Long') ;;
    plain) PROJECT_LIMIT=15m HANG_LIMIT=5m FILTER=() ;;
    soak) PROJECT_LIMIT=6h HANG_LIMIT=3h FILTER=() ;;
esac

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"
JS=tests/MeshNode.Interop.Tests/js
CHROMIUM=/usr/bin/chromium
PYTHON=/usr/bin/python3 # Debian's, which sees Debian's packages: another may be first on the PATH
SCRATCH=$(mktemp -d "${TMPDIR:-/tmp}/meshnode-tests.XXXXXX")
RUN_ID=$(basename "$SCRATCH")
PASSED=0 FAILED=0 SKIPPED=0
PROBLEMS=()

export MESHNODE_TESTS=$MODE
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 MSBUILDDISABLENODEREUSE=1

# Whatever a test started carries the run's id in its environment, so a crashed test cannot leave a browser behind.
end_strays() {
    local environment pid
    for environment in /proc/[0-9]*/environ; do
        if grep -qsaF "MESHNODE_TEST_RUN=$RUN_ID" "$environment"; then
            pid=${environment//[!0-9]/}
            kill -KILL "$pid" 2>/dev/null || true
        fi
    done
}

clean_up() {
    end_strays
    rm -rf "$SCRATCH" || { end_strays; rm -rf "$SCRATCH"; } || true
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

note() { printf '\n== %s (%(%H:%M:%S)T)\n' "$*" -1; }

finish() {
    local problem
    for problem in "${PROBLEMS[@]:-}"; do
        [[ -z $problem ]] || echo "problem: $problem"
    done
    echo "$PASSED passed, $FAILED failed, $SKIPPED skipped"
    ((FAILED == 0 && PASSED > 0)) && exit 0
    exit 1
}

fail() {
    FAILED=$((FAILED + 1))
    PROBLEMS+=("$1")
}

# Runs a command of this run: its processes can be found again, and its temporary files go with the run.
run() {
    mkdir -p "$SCRATCH/tmp"
    env MESHNODE_TEST_RUN="$RUN_ID" TMPDIR="$SCRATCH/tmp" "$@"
}

# Interop meets real browsers, which check from every address that the machine has: a network namespace of its own keeps
# them inside. Chromium offers ::1 only where it sees an IPv6 interface, and to a page without a microphone only what has a
# default route, so the namespace has a pair that leads nowhere.
# Without the right to make a namespace they run as they are; what they reach is this machine all the same.
# shellcheck disable=SC2016  # expanded inside the namespace
NAMESPACE=(unshare --net bash -c 'PATH=$PATH:/usr/sbin:/sbin
    ip link set lo up && ip link add inner type veth peer name outer && ip addr add fd00::2/64 dev inner nodad &&
    ip addr add 192.0.2.2/24 dev inner && ip link set inner up && ip link set outer up &&
    ip route add default via 192.0.2.1 dev inner && exec "$@"' namespace)
isolation() {
    if [[ $1 == *Interop* ]] && "${NAMESPACE[@]}" true 2>/dev/null; then
        ISOLATION=("${NAMESPACE[@]}")
    else
        ISOLATION=()
    fi
}

install_packages() {
    local missing=() as_root=()
    command -v node >/dev/null || missing+=(nodejs)
    command -v npm >/dev/null || missing+=(npm)
    command -v ip >/dev/null || [[ -x /usr/sbin/ip ]] || missing+=(iproute2)
    ldconfig -p 2>/dev/null | grep -q 'libssl\.so\.3' || /sbin/ldconfig -p 2>/dev/null | grep -q 'libssl\.so\.3' || missing+=(libssl3)
    [[ $MODE == fast || -x $CHROMIUM ]] || missing+=(chromium)
    [[ $MODE == fast ]] || "$PYTHON" -c 'import aiortc' 2>/dev/null || missing+=(python3-aiortc)
    ldconfig -p 2>/dev/null | grep -q 'libsqlite3\.so\.0' || /sbin/ldconfig -p 2>/dev/null | grep -q 'libsqlite3\.so\.0' || missing+=(libsqlite3-0)
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null || missing+=(postgresql)
    ((${#missing[@]})) || return 0

    note "installing ${missing[*]}"
    command -v apt-get >/dev/null || { echo "please install: ${missing[*]}" >&2; exit 2; }
    if ((EUID != 0)); then
        command -v sudo >/dev/null || { echo "please install as root: ${missing[*]}" >&2; exit 2; }
        as_root=(sudo -n)
    fi
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >"$SCRATCH/apt.log" 2>&1 ||
        { cat "$SCRATCH/apt.log" >&2; exit 2; }
}

# The packages carry their prebuilt binaries; install scripts stay off, so nothing is fetched beside the packages.
install_javascript() {
    local stamp=$JS/node_modules/.installed-lock
    if ! cmp -s "$JS/package-lock.json" "$stamp"; then
        note "installing the pinned npm packages"
        (cd "$JS" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
        cp "$JS/package-lock.json" "$stamp"
    fi
}

counter() { sed -n "s/.*<Counters [^>]*\b$2=\"\([0-9]*\)\".*/\1/p" "$1" | head -n 1; }

# One project: runs it, adds its counters, and turns a crash, a hang or an empty run into a failure.
run_project() {
    local project=$1 started=$SECONDS status=0 name trx log total passed failed
    name=$(basename "$project" .csproj)
    trx=$SCRATCH/$name.trx
    log=$SCRATCH/$name.log
    note "$name"
    isolation "$name"
    run timeout --kill-after=30s "$PROJECT_LIMIT" "${ISOLATION[@]}" dotnet test "$project" --no-build -c Release "${FILTER[@]}" \
        --logger "trx;LogFileName=$trx" --logger 'console;verbosity=normal' --results-directory "$SCRATCH/results" \
        --blame-hang-timeout "$HANG_LIMIT" --blame-hang-dump-type none -v quiet >"$log" 2>&1 </dev/null || status=$?
    end_strays
    rm -rf "$SCRATCH/tmp"
    show_log "$log" "$status"

    if [[ ! -s $trx ]]; then
        # vstest writes no results file when a filter leaves nothing to run.
        if [[ $MODE == fast && $status -eq 0 ]]; then
            echo "   nothing to run in this mode"
        else
            fail "$name ended with exit code $status and without results"
        fi
        return
    fi

    total=$(counter "$trx" total) passed=$(counter "$trx" passed) failed=$(counter "$trx" failed)
    total=${total:-0} passed=${passed:-0} failed=${failed:-0}
    PASSED=$((PASSED + passed)) FAILED=$((FAILED + failed)) SKIPPED=$((SKIPPED + total - passed - failed))
    echo "   $name: $passed passed, $failed failed, $((total - passed - failed)) skipped in $((SECONDS - started)) s"
    ((failed == 0)) || PROBLEMS+=("$name: $failed failed")
    if grep -q '^Test Run Aborted' "$log" || ((status != 0 && failed == 0)); then
        fail "$name crashed or hung (exit code $status)"
    elif ((total == 0)) && [[ $MODE != fast ]]; then
        fail "$name ran no test"
    fi
}

# What a reader of the log wants: the counts that were scaled, and everything about failures; not one line a test.
show_log() {
    local log=$1 status=$2
    grep -oE "\[(scale|seed|report)\] .*" "$log" | sort -u | sed "s/^/   /" || true
    # The interop matrix is printed as far as it is known whenever a class of it ends: the last one is whole.
    grep -oE '\[interop\] .*' "$log" | awk '/ offerer -> answerer /{table = ""} {table = table "   " $0 "\n"} END {printf "%s", table}' || true
    if ((status != 0)); then
        grep -vE '^\s*Passed |^\s*$|^\[xUnit\.net |^\[scale\]' "$log" | tail -n 400 || true
    fi
}

selected() {
    local part
    ((${#ONLY[@]})) || return 0
    for part in "${ONLY[@]}"; do
        [[ $1 == *"$part"* ]] && return 0
    done
    return 1
}

command -v dotnet >/dev/null || { echo "the .NET SDK of global.json is needed: there is no dotnet on the PATH" >&2; exit 2; }
install_packages
install_javascript

note "building MeshNode.sln (Release, warnings are errors)"
run dotnet build MeshNode.sln -c Release --disable-build-servers -v quiet -clp:NoSummary ||
    { fail "the build failed"; finish; }

note "checking the format"
run dotnet format MeshNode.sln --verify-no-changes --no-restore -v quiet ||
    fail "dotnet format would change files"
end_strays

for project in tests/*.Tests/*.csproj; do
    selected "$project" && run_project "$project"
done

note "$MODE run finished in $((SECONDS / 60)) min $((SECONDS % 60)) s"
finish
