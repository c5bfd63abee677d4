#!/usr/bin/env bash
# Run a command with a session bus and an unlocked Secret Service of its own; nothing of the caller's is touched.
#     tests/with_keyring.sh COMMAND [ARGUMENT ...]
set -euo pipefail

if [ $# -eq 0 ]; then
    echo "usage: $0 COMMAND [ARGUMENT ...]" >&2
    exit 2
fi
for tool in dbus-run-session gnome-keyring-daemon; do
    if ! command -v "$tool" >/dev/null; then
        echo "$tool is missing; \`make setup\` names the system packages" >&2
        exit 1
    fi
done

home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
mkdir -m 700 "$home/run"

export HENGXIN_TESTS_KEYRING=1 QT_QPA_PLATFORM="${QT_QPA_PLATFORM:-offscreen}"
export HOME="$home" XDG_RUNTIME_DIR="$home/run" XDG_DATA_HOME="$home/data" XDG_CONFIG_HOME="$home/config" \
    XDG_CACHE_HOME="$home/cache"
unset DBUS_SESSION_BUS_ADDRESS

# The pass phrase guards a keyring that dies with this command. The daemon would outlive its bus, so it is kept in
# the foreground and ended by its number.
# The bus complains of a limit that a container does not let it raise; what it says is kept for when it does not come up.
printf '#!/bin/sh\nexec dbus-daemon "$@" 2>>"%s"\n' "$home/bus.log" >"$home/bus"
chmod 700 "$home/bus"
up=$home/up
export HENGXIN_BUS_UP="$up"
status=0
dbus-run-session --dbus-daemon="$home/bus" -- bash -c '
    : >"$HENGXIN_BUS_UP"
    said=$HOME/keyring-daemon.log
    gnome-keyring-daemon --foreground --unlock --components=secrets >"$said" 2>&1 < <(printf throw-away) &
    daemon=$!
    tries=0
    until [ -S "$XDG_RUNTIME_DIR/keyring/control" ] || [ $((tries += 1)) -gt 100 ]; do sleep 0.05; done
    "$@" || status=$?
    if ! kill "$daemon" 2>/dev/null; then
        echo "the keyring daemon died on the way; it said:" >&2
        tail -n 20 "$said" >&2
        status=${status:-70}
    fi
    exit "${status:-0}"
' bash "$@" || status=$?
if [ ! -e "$up" ]; then
    echo "no session bus came up; it said:" >&2
    tail -n 20 "$home/bus.log" >&2
fi
exit "$status"
