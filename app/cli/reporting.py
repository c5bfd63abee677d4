"""report, reports and verify."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from app.assembly import Client
from app.cli.done import Done, local_time, unlock
from app.cli.outside import require_place
from app.cli.rendering import clean
from app.cli.secrets import Secrets
from app.desks.words import DOT, NOTHING, check_words, last_day, paper_name, receiver, subject_of
from app.desks.written import write_noted
from app.field.receivers import Receiver
from app.field.report_numbers import NUMBERS_BEGIN, grouped, number_in
from app.paths import write_atomically
from app.services.issued import IssuedReport
from app.services.verifying import Verdict
from app.trouble import NotNow, NotRight, Refused
from app.typed import numbers_in

SEALED_ONLY = ("special", "screening", "looks", "answer")
ROWS_MOST = 1000  # no screening has more; a range without end is not counted out
EXITS = {"current": 0, "superseded": 3, "expired": 3, "void": 3, "unknown": 5, "unchecked": 4}


def report(client: Client, options: Any, secrets: Secrets) -> Done:
    """With --seal the server issues and seals; without, a working copy is made here."""
    if options.kind in SEALED_ONLY and not options.seal:
        raise NotRight("report.special-unsealed")
    rows = rows_in(options.rows)
    require_place(options.out, ".pdf", options.replace)
    unlock(client, secrets)
    language: Literal["zh_CN", "en"] = "en" if client.texts.language == "en" else "zh_CN"
    say = client.texts.say
    if not options.seal:
        pdf = client.reporting.begin_working_copy(
            options.query_no, language, options.kind, large=options.large
        ).whole()
        put_outside(client, options.out, options.query_no, pdf)
        facts = {
            "query_no": options.query_no, "sealed": False, "number": "", "file": str(options.out),
            "document_sha256": "", "pdf_sha256": hashlib.sha256(pdf).hexdigest(),
        }  # fmt: skip
        return Done(facts, (say("cli.working_line", file=options.out.name),))
    to = Receiver(options.handed, options.receiver) if options.handed else None
    try:
        scope = {"from": options.start, "to": options.end, "field": options.field}
        issued = client.reporting.issue(
            options.query_no, options.kind, language, scope, large=options.large, receiver=to,
            rows=rows,
        )  # fmt: skip
    except NotNow as flaw:
        if flaw.code.startswith("net."):
            raise NotNow(flaw.code, "report.queued", flaw.context, kept="kept.report") from flaw
        raise
    put_outside(client, options.out, issued.number, issued.pdf)
    facts = {
        "query_no": options.query_no, "sealed": True, "number": issued.number, "file": str(options.out),
        "issued_at": issued.issued_at, "valid_until": issued.valid_until,
        "document_sha256": issued.document_sha256, "pdf_sha256": issued.pdf_sha256,
        "signer": issued.verdict.signer, "receiver_kind": options.handed,
        "receiver": options.receiver.strip(),
    }  # fmt: skip
    lines = (
        say("report.ready", report_no=issued.number),
        say("cli.issued_line", file=options.out.name, until=last_day(issued.valid_until, client.texts)),
        say("cli.digests_line", document=issued.document_sha256, file=issued.pdf_sha256),
    )
    return Done(facts, lines)


def rows_in(text: str) -> tuple[int, ...]:
    """Row numbers as an officer writes them: "1,3-5".

    Raises:
        NotRight: rows-invalid.
    """
    found = numbers_in(text, ROWS_MOST)
    if found is None:
        raise NotRight("rows-invalid", "problem.rows-invalid")
    return found


def reports(client: Client, options: Any, secrets: Secrets) -> Done:
    """list, save, void: what was issued on this computer; void takes any report of one's unit. Whether a file
    may leave it without the platform is the policy's word."""
    say = client.texts.say
    if options.act == "save":
        require_place(options.out, ".pdf", options.replace)
    unlock(client, secrets)
    if options.act == "list":
        rows = client.report_files.list()
        lines = tuple(_line(client, row) for row in rows)
        return Done({"reports": [asdict(row) for row in rows]}, lines or (say("cli.no_reports"),))
    if options.act == "void":
        return _void(client, options)
    client.reporting.require_leave()
    found = client.report_files.open(options.number)
    if found.row.state == "void":
        raise Refused("report-void")
    put_outside(client, options.out, found.row.number, found.pdf)
    facts = asdict(found.row) | {
        "sealed": True, "document_sha256": found.verdict.document_sha256, "signer": found.verdict.signer,
        "saved_as": str(options.out),
    }  # fmt: skip
    digests = say("cli.digests_line", document=found.verdict.document_sha256, file=found.verdict.pdf_sha256)
    return Done(facts, (_line(client, found.row), digests), EXITS[found.row.state])


def _line(client: Client, row: IssuedReport) -> str:
    say = client.texts.say
    # a letter or certificate is about the case or screening whose number stands before it already
    about = subject_of(client.texts, row).removeprefix(row.query_no).removeprefix(DOT) or NOTHING
    return clean(
        say(
            "cli.report_line",
            number=row.number,
            state=say(f"my_reports.state_{row.state}"),
            file=say(f"my_reports.file_{row.file}"),
            at=local_time(row.issued_at),
            until=last_day(row.valid_until, client.texts),
            query_no=row.query_no,
            name=about,
            to=receiver(client.texts, row),
            paper=paper_name(client.texts, row) or NOTHING,
        )
    )


def _void(client: Client, options: Any) -> Done:
    try:
        number = number_in(options.number)
    except ValueError as flaw:
        raise NotRight("report.number") from flaw
    at = client.voiding.void(number, options.why)
    line = client.texts.say("cli.voided_line", number=grouped(number), at=local_time(at))
    return Done({"number": number, "state": "void", "void_at": at}, (line,))


def verify(client: Client, options: Any, secrets: Secrets) -> Done:
    """Genuine? Still true? No vault is needed. A word that is no file but a report number or the link of a
    QR code is looked up in the register: who holds a paper has nothing else."""
    given = options.report
    if NUMBERS_BEGIN in given.upper() and not given.lower().endswith(".pdf") and not Path(given).is_file():
        if options.offline:
            raise NotRight("report.number-offline")
        return _looked_up(client, given)
    if options.data is not None:
        require_place(options.data, ".json", options.replace)
    return _judged(client, Path(given), options.offline, options.data)


def _looked_up(client: Client, given: str) -> Done:
    """What the register says of a number. `genuine` is null: no file and no paper was looked at."""
    found, say = client.verifying.look_up(given), client.texts.say
    known = found.state != "unknown"
    lines = [
        say("cli.number_line", number=grouped(found.number)),
        say(f"verify_page.number_{found.state}"),
        say("verify_page.number_known_advice" if known else "verify_page.number_unknown_advice"),
    ]
    if known:
        registered = say(
            "cli.registered_line",
            subject=clean(found.subject_masked) or NOTHING,
            at=local_time(found.issued_at),
            until=last_day(found.valid_until, client.texts),
        )
        lines.insert(2, registered)
    return Done(asdict(found) | {"genuine": None}, tuple(lines), EXITS[found.state])


def _judged(client: Client, pdf: Path, offline: bool, out: Path | None) -> Done:
    found = client.verifying.verify(pdf, offline)
    exit_code = EXITS[found.state] if found.genuine else 5
    facts = {
        "genuine": found.genuine, "state": found.state, "number": found.number, "issued_at": found.issued_at,
        "valid_until": found.valid_until, "signer": found.signer, "coverage": found.coverage,
        "stamped_at": found.stamped_at,
        "reasons": list(found.reasons), "withdrawn": found.withdrawn,
        "document_sha256": found.document_sha256, "pdf_sha256": found.pdf_sha256,
        "data": _data_facts(found), "data_file": "",
        "checks": [{"name": name, "ok": ok, "detail": detail} for name, ok, detail in found.checks],
        "text": client.texts.say(found.words),
    }  # fmt: skip
    lines = [client.texts.say(found.words)]
    if found.number:
        lines.append(
            client.texts.say("cli.verified_line", number=found.number, at=local_time(found.issued_at))
        )
    if found.document_sha256:
        lines.append(
            client.texts.say("cli.digests_line", document=found.document_sha256, file=found.pdf_sha256)
        )
    if out is not None:
        lines.append(_put_data(client, found, out, facts))
    lines += [
        client.texts.say("cli.check_failed", name=check_words(name, ok, detail, client.texts))
        for name, ok, detail in found.checks
        if not ok
    ]
    return Done(facts, tuple(lines), exit_code)


def _data_facts(found: Verdict) -> dict[str, bool]:
    """What was seen of the file report.json: whether there is one and it alone, whether its digest is the
    printed one, and whether the platform signed it. All false where the seal does not hold.
    """
    held = {name: ok for name, ok, detail in found.checks if detail != "absent"}
    return {
        "attached": held.get("attachment", False),
        "digest": held.get("data_digest", False),
        "signature": held.get("data_signature", False),
    }


def _put_data(client: Client, found: Verdict, out: Path, facts: dict[str, Any]) -> str:
    """Write the data of a genuine report beside it; nothing of any other file is handed on."""
    if not (found.genuine and found.data):
        return client.texts.say("cli.no_data")
    try:
        write_atomically(out, found.data)
    except OSError as flaw:
        raise NotRight("report.written-not", context={"file": out.name}) from flaw
    facts["data_file"] = str(out)
    return client.texts.say("cli.data_line", file=out.name)


def put_outside(client: Client, out: Path, number: str, pdf: bytes) -> None:
    """Put a report's file where the officer wants it; the ledger has it first.

    Raises:
        NotRight: report.written-not.
        VaultTrouble: vault.disk-full when the ledger cannot be written; no file is there then.
    """
    try:
        write_noted(out, number, pdf, client.reporting.saved)
    except NotRight as flaw:
        raise NotRight("report.written-not", context={"file": out.name}) from flaw
