"""No word of a state, verdict or outcome reaches an officer raw: each has its words in every language."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable
from typing import get_args, get_type_hints

import pytest

from app.assembly import Client
from app.cli import keeping, signing
from app.desks.doctor_words import FLAWS, finding
from app.desks.words import check_words
from app.field.evidence import EntryKind
from app.keys import ring
from app.seals import attaching, checking, stamps
from app.services import doctoring, issued, objecting, posting, room, vault_contents, verifying
from app.services.doctoring import Check
from app.services.entries import note_act
from app.services.ledgering import LedgerRow
from app.texts import LANGUAGES, Texts
from local_cache import outbox
from tests.app.cli.conftest import Run
from tests.app.services.vaults import note_draft, queue

RAW = re.compile(r"[A-Za-z][a-z_.-]{2,}")


def of(struct: type, member: str) -> tuple[str, ...]:
    return get_args(get_type_hints(struct)[member])


# the names that the judge of seals gives to his tests, out of his own text
SEAL_CHECKS = [
    *re.findall(r'(?:Check\(|^ +\(\s*)"([a-z_]+)",\s', inspect.getsource(checking), re.MULTILINE),
    *re.findall(r'\("([a-z_]+)",\s', inspect.getsource(attaching) + inspect.getsource(stamps)),
]

# table of texts -> the words of the program that it has to hold
TABLES: dict[str, Iterable[str]] = {
    "entry_state.{}": of(LedgerRow, "state"),
    "fate.{}": of(LedgerRow, "fate"),
    "ledger_page.kind_{}": (*get_args(EntryKind), "data_error", "open_report"),
    "ledger_page.copy_{}": [word for word in of(LedgerRow, "copy") if word],
    "ledger_page.flaw_{}": (*FLAWS, "other"),
    "outbox_state.{}": (*outbox.OPEN, "done", "refused"),
    "outbox_kind.{}": (*vault_contents.CHAINED, *posting.ITEMS),
    "objection_state.{}": ("queued", "refused"),
    "cli.kind_{}": [kind for kind in of(objecting.Draft, "kind") if kind != "objection"],
    "my_reports.state_{}": issued.STATES,
    "my_reports.file_{}": get_args(issued.File),
    "doctor_check.{}": (
        "home", "disk", "keyring", "vault", "trust", "server", "proxy", "input", "ledger",
    ),
    "cli.mark_{}": get_args(doctoring.Mark),
    "doctor_page.verdict_{}": get_args(doctoring.Mark),
    "doctor_page.found_{}": (
        *get_args(room.LeaseState), *(word for word in get_args(ring.State) if word != "ready"), "none",
        *doctoring.ENDED, "pins",
    ),
    "verify_page.state_{}": of(verifying.Verdict, "state"),
    "verify_page.check_{}": (*SEAL_CHECKS, "registered_digest"),
    "cli.from_{}": ("server", "cache"),
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", sorted(TABLES))
def test_every_word_of_the_program_has_words(table: str, language: str) -> None:
    texts, words = Texts(language), tuple(TABLES[table])
    assert words
    assert [word for word in words if not texts.has(table.format(word))] == []


def raw_words(lines: Iterable[str], allowed: Iterable[str] = ()) -> set[str]:
    """Latin words of a Chinese output that are neither a name nor a code in brackets."""
    found = RAW.findall(re.sub(r"\[[^\]]*\]", "", "\n".join(lines)))
    return set(found) - {"hengxin", "MiB", "PDF", *allowed}


def test_the_chinese_output_of_the_keeping_verbs_has_no_raw_word(client: Client, run: Run) -> None:
    held = client.unlocking
    for number, kind in enumerate((*vault_contents.CHAINED, *posting.ITEMS)):
        queue(held, f"op{number}", kind)
    note_draft(held)
    for kind in ("view", "save", "print", "unmask"):
        note_act(held.room, kind)  # type: ignore[arg-type]
    doctor = run(signing.doctor)
    names = [one["detail"] for one in doctor.facts["checks"] if one["name"] in ("trust", "server")]
    assert raw_words(doctor.lines, names) == set()
    assert raw_words(run(keeping.outbox, act="list").lines) == set()
    assert raw_words(run(keeping.ledger, act="list", limit=50, kind="").lines) == set()
    assert raw_words(run(keeping.ledger, act="verify").lines) == set()


def test_control_the_checks_of_a_seal_are_found_in_the_judge() -> None:
    assert {"readable", "entire_file", "time_stamp", "bottom_line"} <= set(SEAL_CHECKS)


def test_control_a_raw_word_is_found() -> None:
    assert raw_words(["注意  系统密钥库  missing  [net.offline]"]) == {"missing"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_doctor_finds_is_told_in_words(language: str) -> None:
    texts = Texts(language)
    broken = finding(Check("ledger", "bad", "3 link", "ledger.chain", "not_trusted"), texts)
    assert "3" in broken and texts.say("ledger_page.flaw_link") in broken
    assert finding(Check("server", "bad", "net.offline", "net.offline", "not_now"), texts) == "[net.offline]"
    assert finding(Check("keyring", "warn", "missing"), texts) == texts.say("doctor_page.found_missing")
    assert finding(Check("server", "ok", "0.1.0"), texts) == "0.1.0"


def test_a_check_of_a_seal_that_failed_is_named_in_words() -> None:
    assert check_words("readable", False, "", Texts()) == "文件可以读取"
    assert check_words("of-tomorrow", False, "", Texts()) == "of-tomorrow"
