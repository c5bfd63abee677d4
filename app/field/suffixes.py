"""How files are called that people hand to each other."""

from __future__ import annotations

ENROLMENT = ".hxenrol"
