#!/usr/bin/env bash
# What the tests of the public page need beside `make setup`: Debian's Chromium with its driver, and Selenium.
set -euo pipefail
cd "$(dirname "$0")/.."

requirements/packages.sh "the tests in tests/browser" chromium chromium-driver
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/browser.txt
