#!/usr/bin/env bash
# What the tests of the public page need beside `make setup`: Debian's Chromium with its driver, and Selenium.
set -euo pipefail
cd "$(dirname "$0")/.."

PACKAGES=(chromium chromium-driver)

missing=()
for package in "${PACKAGES[@]}"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ] && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    echo "Installing system packages: ${missing[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
elif [ ${#missing[@]} -gt 0 ]; then
    echo "These system packages are missing: ${missing[*]}" >&2
    echo "Please have them installed:  apt-get update && apt-get install ${missing[*]}" >&2
    echo "Until then the tests in tests/browser fail and say so." >&2
fi
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/browser.txt
