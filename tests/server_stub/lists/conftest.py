"""The made-up person of the records room."""

from __future__ import annotations

from tests.server_stub.records.conftest import person

__all__ = ["person"]
