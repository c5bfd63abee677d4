"""Which version of the product this is."""

from __future__ import annotations

VERSION = "0.1.0"
"""As in pyproject.toml. Asking the installation's own record takes a reader of mail, at every start."""
