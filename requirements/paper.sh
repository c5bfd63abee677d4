#!/usr/bin/env bash
# What the nightly tests of paper need beside `make setup`: a printing system with a printer that prints to a file, and
# PDFBox Preflight with its Java.
set -euo pipefail
cd "$(dirname "$0")"

./packages.sh "the tests of printer and Preflight" \
    cups printer-driver-cups-pdf default-jre-headless libpdfbox2-java libcommons-logging-java libcommons-io-java \
    libactivation-java libjaxb-api-java
