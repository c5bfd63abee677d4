#!/usr/bin/env bash
# What the nightly tests of paper need beside `make setup`: a printing system with a printer that prints to a file, and
# PDFBox Preflight with its Java.
set -euo pipefail

PACKAGES=(cups printer-driver-cups-pdf default-jre-headless libpdfbox2-java libcommons-logging-java libcommons-io-java
    libactivation-java libjaxb-api-java)

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
    echo "Until then the tests of printer and Preflight fail and say so." >&2
fi
