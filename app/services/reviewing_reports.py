"""Sealed reports kept here: listed, opened with their seal judged anew, asked about. Opening needs no server,
and is written to the ledger before anything is returned."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from app.services import issued
from app.services.entries import builder, new_op_id
from app.services.issued import IssuedReport
from app.services.room import Opened, Room
from app.services.verifying import Verdict, Verifying
from app.trouble import NotTrusted, Refused
from local_cache import ledger, reports


@dataclass(frozen=True)
class OpenReport:
    """A sealed file whose seal holds, with what is known of its report."""

    row: IssuedReport
    pdf: bytes
    verdict: Verdict


class ReportFiles:
    """The reports of one officer on one computer."""

    def __init__(self, room: Room, verifying: Verifying) -> None:
        self._room = room
        self._verifying = verifying

    def list(self) -> tuple[IssuedReport, ...]:
        """Every report issued on this computer, the newest first, whether its file is still here or not.

        Raises:
            NotYou: vault.locked.
        """
        return self._room.run(issued.listed)

    def outdated(self) -> tuple[IssuedReport, ...]:
        """Those out of date or void of which the officer has not been told yet.

        Raises:
            NotYou: vault.locked.
        """
        return tuple(row for row in self.list() if row.state in ("superseded", "void") and not row.heeded)

    def open(self, number: str) -> OpenReport:
        """Show a kept report. Its seal and its digest are judged first, then the entry "open_cached" goes
        into the chain, then the bytes are returned. The state is the last known one.

        Raises:
            NotYou: vault.locked; trust.none before the first sign-in here.
            Refused: report.none; report.erased when the file went with its copy.
            VaultTrouble: offline.ended, offline.clock-back, offline.rolled-back, offline.shut while copies
                are shut away; vault.disk-full when the entry cannot be written.
            NotTrusted: report.altered when the kept bytes are not what the server sealed and receipted.
        """
        row, pdf = self._room.run(lambda opened: _read(opened, number))
        verdict = self._verifying.verify(pdf, offline=True)
        same = hashlib.sha256(pdf).hexdigest() == row.pdf_sha256
        if not (verdict.genuine and verdict.number == number and same):
            raise NotTrusted("report.altered")
        return OpenReport(self._room.run(lambda opened: self._note(opened, row)), pdf, verdict)

    def ask(self, number: str) -> IssuedReport:
        """Ask the register what a report is by now and remember it; its file is not needed.

        Raises:
            NotYou, Refused: as `open`.
            NotNow, NotTrusted: the server does not answer, or is another one. Nothing is remembered then.
            NotTrusted: report.unregistered when the register does not know the report or has another file.
        """
        row = self._room.run(lambda opened: _known(opened, number))
        said = self._verifying.registered(number, row.pdf_sha256)
        if said.state == "unknown" or said.match is not True:
            raise NotTrusted("report.unregistered")
        state = said.state

        def remember(opened: Opened) -> IssuedReport:
            issued.hear(opened.work, number, state, opened.now_text(), said.valid_until)
            issued.heed(opened.work, number)
            return _known(opened, number)

        return self._room.run(remember)

    def _note(self, opened: Opened, row: IssuedReport) -> IssuedReport:
        """Written down, and told what state it is in."""
        entry = builder(
            self._room,
            opened,
            "open_cached",
            new_op_id(),
            purpose=row.purpose,
            query_no=row.query_no,
            report_no=row.number,
            report_sha256=row.pdf_sha256,
        )
        ledger.append(opened.work, entry, row.subject, row.query_no)
        issued.heed(opened.work, row.number)
        opened.keep_time()
        return row


def _known(opened: Opened, number: str) -> IssuedReport:
    row = issued.find(opened, number)
    if row is None:
        raise Refused("report.none")
    return row


def _read(opened: Opened, number: str) -> tuple[IssuedReport, bytes]:
    row = _known(opened, number)
    found = reports.pdf(opened.copies(), number)
    if found is None:
        issued.heed(opened.work, number)
        raise Refused("report.erased")
    return row, found
