#!/usr/bin/env bash
# All that a commit must pass, the quick and telling parts first. Every part runs; the summary names the failed ones.
# Called by `make test` inside tests/with_keyring.sh; arguments choose parts: tests/all.sh fast ui
set -uo pipefail
cd "$(dirname "$0")/.."

PYTHON=.venv/bin/python
WORKERS=${HENGXIN_TEST_WORKERS:-2}
SLOWEST="--durations=15 --durations-min=4"

# Tests wait for the disk more than for anything else; `make test-nightly` goes to the disk.
enough=4000000  # kB
free() { df --output=avail -k /dev/shm 2>/dev/null | tail -n 1; }
memory() { awk '/^MemAvailable/ { print $2 }' /proc/meminfo; }
if [ -z "${TMPDIR:-}" ] && [ -w /dev/shm ] && [ "$(free)" -gt $enough ] && [ "$(memory)" -gt $((2 * enough)) ]; then
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

parts=("$@")
[ ${#parts[@]} -gt 0 ] || parts=(lint types fast postgres flows ui)
summary=()
failed=0
for part in "${parts[@]}"; do
    printf '\n== %s\n' "$part"
    started=$SECONDS
    log=$(mktemp)
    if "$part" 2>&1 | tee "$log"; then verdict="passed"; else verdict="FAILED" failed=1; fi
    counts=$(grep -E '^(=+ )?([0-9]+ (passed|failed|skipped|errors?|xfailed|deselected|warnings?)(, )?)+ in ' "$log" | tail -n 1)
    summary+=("$(printf '%-8s %s  %4d s  %s' "$part" "$verdict" $((SECONDS - started)) "${counts//=/}")")
    rm -f "$log"
done

printf '\n== summary\n'
printf '%s\n' "${summary[@]}"
exit "$failed"
