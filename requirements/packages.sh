#!/usr/bin/env bash
# Install system packages that are missing (as root), else name them: packages.sh WHAT_FAILS_WITHOUT PACKAGE...
set -euo pipefail
without=$1
shift

missing=()
for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ] && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    echo "Installing system packages: ${missing[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
elif [ ${#missing[@]} -gt 0 ]; then
    echo "These system packages are missing: ${missing[*]}" >&2
    echo "Please have them installed:  apt-get update && apt-get install ${missing[*]}" >&2
    echo "Until then $without fail and say so." >&2
fi
