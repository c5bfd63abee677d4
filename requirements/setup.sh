#!/usr/bin/env bash
# Prepare a Debian 12 machine and .venv for HengXin. Safe to run again: what is there already stays.
# Packages come from wherever apt and pip of this machine are configured to look.
set -euo pipefail
cd "$(dirname "$0")/.."

system_packages() { sed -e 's/#.*//' -e '/^[[:space:]]*$/d' requirements/system.txt; }

missing_packages() {
    local package
    for package in $(system_packages); do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || echo "$package"
    done
}

prepare_system() {
    if ! command -v dpkg-query >/dev/null; then
        echo "This is not a Debian system. Please see that it has the like of these Debian packages:" >&2
        system_packages | sed 's/^/    /' >&2
        return
    fi
    local missing
    missing=$(missing_packages | tr '\n' ' ')
    if [ -z "$missing" ]; then
        return
    fi
    if [ "$(id -u)" -eq 0 ]; then
        echo "Installing system packages: $missing"
        apt-get update -qq
        # shellcheck disable=SC2086 -- one word per package is meant
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
    else
        echo "These system packages are missing: $missing" >&2
        echo "Please have them installed:  apt-get update && apt-get install $missing" >&2
        echo "Going on with what is there." >&2
    fi
}

# Prints the first interpreter that is Python 3.11 and can make environments.
find_python() {
    local candidate
    for candidate in python3.11 /usr/bin/python3.11 python3 /usr/bin/python3; do
        if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    echo "Python 3.11 with its venv module was not found (Debian 12: python3 and python3-venv)." >&2
    exit 1
}

prepare_environment() {
    if ! .venv/bin/python -c 'import sys, pip; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
        local python
        python=$(find_python)
        echo "Making .venv with $("$python" --version)"
        rm -rf .venv
        "$python" -m venv .venv
    fi
    echo "Installing the locked packages (a minute or two the first time)"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
}

prepare_system
prepare_environment
