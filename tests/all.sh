#!/usr/bin/env bash
# All that a commit must pass, the quick and telling parts first. Every part runs; the summary names the failed ones.
# Called by `make test` inside tests/with_keyring.sh; arguments choose parts: tests/all.sh fast ui
# `make test-nightly` calls it with `nightly`: the slow tests, in the parts named night_ below.
set -uo pipefail
cd "$(dirname "$0")/.."

PYTHON=.venv/bin/python
WORKERS=${HENGXIN_TEST_WORKERS:-2}
SLOWEST="--durations=15 --durations-min=4"

# Tests wait for the disk more than for anything else; those of the night go to it, as the product does.
enough=4000000  # kB
free() { df --output=avail -k /dev/shm 2>/dev/null | tail -n 1; }
memory() { awk '/^MemAvailable/ { print $2 }' /proc/meminfo; }
if [ -z "${TMPDIR:-}" ] && [[ "$*" != *night* ]] && [ -w /dev/shm ] && [ "$(free)" -gt $enough ] && [ "$(memory)" -gt $((2 * enough)) ]; then
    TMPDIR=$(mktemp -d /dev/shm/tests-XXXXXX)
    export TMPDIR
    chmod 711 "$TMPDIR" # the database of the tests runs as another user
    trap 'rm -rf "$TMPDIR"' EXIT
fi

lint() {
    local wrong=0
    "$PYTHON" -m ruff check . || wrong=1
    "$PYTHON" -m ruff format --check . || wrong=1
    .venv/bin/lint-imports || wrong=1
    return "$wrong"
}
types() { "$PYTHON" -m mypy; }
fast() {
    "$PYTHON" -m pytest -q -n "$WORKERS" $SLOWEST tests/toolchain tests/resources tests/app tests/local_cache \
        tests/server_stub tests/contract tests/controls tests/museum tests/faults
}
# Once more on PostgreSQL: engine, feed, register and lists here; every room that has a database in `make test-nightly`.
postgres() {
    "$PYTHON" -m tests.own_postgres "$PYTHON" -m pytest -q -n "$WORKERS" \
        tests/server_stub/config tests/server_stub/feed tests/server_stub/subjects tests/server_stub/lists
}
postgres_whole() {
    "$PYTHON" -m tests.own_postgres "$PYTHON" -m pytest -q -n "$WORKERS" tests/server_stub tests/contract
}
# Flows wait (for codes of thirty seconds, for processes that start) more than they work: more workers.
flows() { "$PYTHON" -m pytest -q -n "$((WORKERS + 3))" $SLOWEST --dist loadfile tests/flows; }
ui() { "$PYTHON" -m pytest -q -n "$WORKERS" $SLOWEST --dist loadfile tests/ui tests/shots/checks; }

# A part of the night: its limit in seconds, 6 to 35 times what it took (CONTRIBUTING.md, "The night"), and where
# its tests are. At the limit pytest is interrupted, so that what it started is ended, too.
at_night() {
    timeout --signal=INT --kill-after=60 "$1" xvfb-run -a "$PYTHON" -m pytest -q --durations=5 --durations-min=10 \
        -m "nightly or display" --timeout 1800 "${@:2}"
}
night_papers() { at_night 3600 tests/app tests/contract; }
night_window() { at_night 1200 tests/ui; }
night_aloud() { at_night 900 tests/aloud; }
night_page() { at_night 900 tests/browser; }
night_flows() { at_night 1800 tests/flows/test_*.py; }
night_frozen() { at_night 2400 tests/toolchain/test_architecture.py tests/toolchain/test_frozen.py; }
night_server() { at_night 3600 tests/server_stub; }
night_soak() { at_night 5400 tests/toolchain/test_soak.py; }
night_platforms() { at_night 3600 tests/flows/province; }
night_looks() { at_night 7200 tests/shots; }
night=(
    night_papers night_window night_aloud night_page night_flows night_frozen night_server
    postgres_whole night_soak night_platforms night_looks
)

parts=("$@")
[ ${#parts[@]} -gt 0 ] || parts=(lint types fast postgres flows ui)
[ "${parts[*]}" != nightly ] || parts=("${night[@]}")
summary=()
failed=0
for part in "${parts[@]}"; do
    printf '\n== %s\n' "$part"
    started=$SECONDS
    log=$(mktemp)
    if "$part" 2>&1 | tee "$log"; then verdict="passed"; else verdict="FAILED" failed=1; fi
    counts=$(grep -E '^(=+ )?([0-9]+ (passed|failed|skipped|errors?|xfailed|deselected|warnings?)(, )?)+ in ' "$log" | tail -n 1)
    summary+=("$(printf '%-15s %s  %5d s  %s' "$part" "$verdict" $((SECONDS - started)) "${counts//=/}")")
    rm -f "$log"
done

printf '\n== summary\n'
printf '%s\n' "${summary[@]}"
exit "$failed"
