"""What the register's answer means, in the page's words: a verdict, what it means, and what to compare."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

from app.field.beijing import BEIJING
from app.field.report_numbers import grouped

Tone = Literal["good", "warn", "bad"]
_GROUP = 4
_TONES: dict[str, Tone] = {"current": "good", "superseded": "warn", "expired": "warn"}
_FILE_MEANS = {
    "current": "verify.ok",
    "superseded": "report.outdated",
    "expired": "verify_state.expired",
    "void": "verify_state.void",
}


class Told(msgspec.Struct, frozen=True):
    """A verdict. `facts` are (name, value, remark) to compare with the paper; `number`, `document_sha256` and
    `issued_at` are what the code on the paper is compared with in the browser, empty when there is nothing to
    compare.
    """

    tone: Tone
    title: str
    means: tuple[str, ...]
    facts: tuple[tuple[str, str, str], ...] = ()
    number: str = ""
    document_sha256: str = ""
    issued_at: str = ""


def of_number(said: Mapping[str, Any], say: Mapping[str, str]) -> Told:
    """The verdict on a number. A known one never says that the paper is unchanged."""
    state = said["state"]
    title = say[f"verify_page.number_{state}"]
    if state == "unknown":
        return Told("bad", title, (say["unknown_advice"],))
    means = [say["verify_page.number_known_advice"]]
    if state != "current":
        means.insert(0, say[f"number_{state}_means"])
    return _known(said, say, _TONES.get(state, "bad"), title, means)


def of_file(said: Mapping[str, Any], say: Mapping[str, str], digest: str, expected: str) -> Told:
    """The verdict on a file by its digest; `expected` is the number in the address that it came with."""
    state, match = said["state"], said["match"]
    file_fact = (say["file_digest"], _in_fours(digest.upper()), "")
    if state == "unknown":
        lines = (say["verify_page.reason_not_registered"], say["file_unknown_advice"])
        return Told("bad", say["verify_page.not_genuine"], lines, (file_fact,))
    if not match:
        means = [say["verify.bad"], say["altered_file_means"]]
        return _known(said, say, "bad", say["verify_page.not_genuine"], means, file_fact)
    means = [say[_FILE_MEANS[state]]]
    if expected and expected != said["number"]:
        means.insert(0, say["other_report"])
    return _known(said, say, _TONES.get(state, "bad"), say[f"verify_page.state_{state}"], means, file_fact)


def busy(wait_s: int, say: Mapping[str, str]) -> Told:
    """The answer to whoever asks too often."""
    return Told("warn", say["busy"], (say["busy_advice"].format(wait_s=wait_s),))


def fault(say: Mapping[str, str]) -> Told:
    """The answer when something of ours broke: nothing was checked."""
    return Told("warn", say["fault"], (say["fault_advice"],))


def _known(
    said: Mapping[str, Any],
    say: Mapping[str, str],
    tone: Tone,
    title: str,
    means: list[str],
    *more: tuple[str, str, str],
) -> Told:
    digest = said["document_sha256"].upper()
    return Told(
        tone=tone,
        title=title,
        means=tuple(means),
        facts=(
            (say["number"], grouped(said["number"]), ""),
            (say["verify_page.subject"], said["subject_masked"], ""),
            (say["verify_page.issued_at"], say["beijing"].format(time=_in_beijing(said["issued_at"])), ""),
            (say["verify_page.valid_until"], said["valid_until"], ""),
            (say["purpose"], say.get(f"purpose_{said['purpose_class']}", said["purpose_class"]), ""),
            (say["verify_page.check_code"], _in_fours(said["check_code"]), ""),
            (say["digest"], _in_fours(digest), say["digest_printed"]),
            *more,
        ),
        number=said["number"],
        document_sha256=said["document_sha256"],
        issued_at=said["issued_at"],
    )


def _in_fours(text: str) -> str:
    return " ".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))


def _in_beijing(utc: str) -> str:
    return f"{datetime.fromisoformat(utc).astimezone(BEIJING):%Y-%m-%d %H:%M:%S}"
