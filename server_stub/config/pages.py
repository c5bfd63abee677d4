"""Answers that people read in a browser, as opposed to answers for programs."""

from __future__ import annotations

from django.http import HttpResponse


class Page(HttpResponse):
    """A page that says in its own words what it has to say, refusals included."""
