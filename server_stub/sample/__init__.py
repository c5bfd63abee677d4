"""A made-up city: units, persons, acts and officers for trying out and for tests. Nothing in it exists."""

from __future__ import annotations

from server_stub.sample.loading import Sample, load

__all__ = ["Sample", "load"]
