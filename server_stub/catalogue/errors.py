"""Refusals of the catalogue room."""

from __future__ import annotations

from collections.abc import Sequence

from server_stub.errors import Problem

MOST_FLAWS = 50


class EditionRefused(Problem):
    """An edition that cannot stand. `flaws`: {path, code, message}, path says the row and column."""

    def __init__(self, flaws: Sequence[dict[str, str]]) -> None:
        self.flaws = tuple(flaws)
        told = "; ".join(f"{flaw['path']} {flaw['code']}: {flaw['message']}" for flaw in flaws[:5])
        more = f" (and {len(flaws) - 5} more)" if len(flaws) > 5 else ""
        super().__init__("body-invalid", told + more, fields=flaws[:MOST_FLAWS])


class NotTwoPeople(Problem):
    """Who entered an edition does not approve it."""

    def __init__(self, name: str) -> None:
        super().__init__("role-denied", f"{name} is approved by somebody who did not enter it")


class VersionTaken(Problem):
    """This edition has this version already, with other content."""

    def __init__(self, name: str) -> None:
        super().__init__("rev-conflict", f"{name} is on record with other content; give it the next version")


class NotStaged(Problem):
    """The edition is not waiting for approval."""

    def __init__(self, name: str, state: str) -> None:
        super().__init__("rev-conflict", f"{name} is {state}", context={"state": state})


def no_edition(name: str) -> Problem:
    """There is no such edition, or several versions of it wait."""
    return Problem("not-found", f"no edition {name}, or more than one version waits: name CODE/VERSION")


def no_item(code: str) -> Problem:
    """No edition in force on the day holds the item."""
    return Problem("not-found", f"no item {code} on this day")
