"""Reports: previews and working copies made here, official ones issued and sealed by the server."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Literal

import msgspec

from app import report, seals
from app.clock import utc_text
from app.field.beijing import AHEAD
from app.field.canonical import canonical, canonical_sha256
from app.field.receivers import Receiver
from app.field.records import Bundle
from app.field.reportdoc import Copy, ReportTimes
from app.services.delivering import Delivering, Parcel, receipt_rows
from app.services.entries import builder, new_op_id, note_act
from app.services.issued import Paper, keep, printed_before, query_of
from app.services.lines import Lines
from app.services.opening import Opening
from app.services.paper_purpose import of_the_paper, require_purpose
from app.services.paper_subject import about_of
from app.services.room import Opened, Room
from app.services.seen import keep_newest
from app.services.showing import Showing, require_kept
from app.services.unsealed import Unsealed
from app.services.verifying import Verdict, Verifying, seal_trust
from app.trouble import NotRight, NotTrusted, Refused
from app.typed import require_text
from app.wire.messages import ReportReply
from app.wire.receipts import Seen, check_entry, last_receipt, verify_receipts
from local_cache import answers, ledger, outbox, reports
from local_cache.intents import begin_intent, complete_intent
from local_cache.outbox import OutboxItem


@dataclass(frozen=True)
class Issued:
    """A sealed report, verified before it came here."""

    number: str
    issued_at: str
    valid_until: str
    pdf: bytes
    pdf_sha256: str
    verdict: Verdict
    document_sha256: str = ""


class Reporting:
    """Everything that becomes paper."""

    def __init__(
        self, room: Room, lines: Lines, delivering: Delivering, verifying: Verifying, showing: Showing
    ) -> None:
        self.room = room
        self.lines = lines
        self.delivering = delivering
        delivering.carriers["report.issue"] = self.deliver
        self.verifying = verifying
        self.showing = showing
        self.answers = lines.answer
        self.opening = Opening(room, lambda signed: lines.trust().open_signed(signed))

    def make_ready(self, query_no: str, language: Literal["zh_CN", "en"] = "zh_CN") -> bytes:
        """Load what setting a paper takes and set the first page of the answer on the screen once, to be
        thrown away: a subject that is read is likely to become a paper. Empty when no such answer is there.

        Raises:
            FileNotFoundError: when a face is missing.
            Refused: answer.withdrawn.
        """
        with as_file(files("resources") / "fonts") as folder:
            report.make_ready(folder)
        bundle = self.showing.bundle(query_no)
        if bundle is None or bundle.no_information:
            return b""
        return self.begin_preview(query_no, language).first()

    def begin_preview(
        self,
        query_no: str,
        language: Literal["zh_CN", "en"] = "zh_CN",
        template: str = "standard",
        *,
        large: bool = False,
    ) -> Unsealed:
        """The report as it would look, watermarked, without a number; whoever looks at it may have its first
        page before the others are written. Of an answer that is not on the screen the kept copy is opened:
        the entry "open_cached" is in the chain first.

        Raises:
            NotTrusted: answer.unsigned when that copy is not what the server signed; it is erased.
            Refused: report.none without a copy; no-information; answer.withdrawn when a record in it was
                corrected or taken back since, so that it has to be asked anew.
        """
        return self._set(query_no, "preview", language, template, large=large)

    def begin_working_copy(
        self,
        query_no: str,
        language: Literal["zh_CN", "en"] = "zh_CN",
        template: str = "standard",
        *,
        large: bool = False,
    ) -> Unsealed:
        """The print of a query's result; saving or printing it is noted by `saved` and `printed`. A kept copy
        is printed while the platform answers: without it only where the policy of the last sign-in allows
        that, and then every page says that it is an offline copy.

        Raises:
            Refused: offline.print-off when the policy does not allow it; nothing is opened then.
            Refused, NotTrusted: as `begin_preview`.
        """
        return self._set(query_no, self._kind_of_print(query_no), language, template, large=large)

    def _kind_of_print(self, query_no: str) -> Copy:
        if self.showing.bundle(query_no) is not None or self.answers():
            return "working"
        if not self._prints_offline():
            raise Refused("offline.print-off")
        return "offline"

    def require_leave(self) -> None:
        """Judge whether a report that lies on this computer may leave it now, on paper or as a file: without
        the platform nobody knows whether it still holds, so the policy of the last sign-in decides.

        Raises:
            Refused: offline.print-off.
        """
        if not self.answers() and not self._prints_offline():
            raise Refused("offline.print-off", "offline.print-off-report")

    def _prints_offline(self) -> bool:
        return self.room.run(lambda opened: opened.policy is not None and opened.policy.offline_print)

    def issue(
        self,
        query_no: str,
        template: str = "standard",
        language: Literal["zh_CN", "en"] = "zh_CN",
        scope: Mapping[str, str] | None = None,
        large: bool = False,
        receiver: Receiver | None = None,
        rows: Sequence[int] = (),
    ) -> Issued:
        """Have the server issue, seal and register the report of a query for who is handed it; verified
        before it is returned.

        `scope` is of a paper about a period: from, to and field, each of them optional (ISO text; a row of
        the table of fields). `query_no` is a screening's for its certificate, which states the `rows` of it
        (from 1; none: all).

        Raises:
            NotRight: receiver-needed, text-too-long, text-unfit, before anything is written;
                query-stale when records changed since; scope-invalid, rows-invalid.
            Refused: report.purpose when the query was for another purpose than the paper, letter-needed when
                its ground does not carry it; no-information;
                answer.withdrawn when this computer knows of the change, nothing is asked of the server then.
            NotTrusted: report.differs, report.unsealed, receipt.*, log.*: nothing is kept.
            NotNow: seal-unavailable, net.*; the wish is in the outbox.
        """
        require_text("query_no", query_no)
        if receiver is None or not receiver.complete():
            raise NotRight("receiver-needed")
        to = receiver.bare()
        require_text("receiver", to.name)
        self.showing.require(query_no)
        self.room.run(lambda opened: require_kept(opened, query_no))
        on = (self.room.clock.now() + AHEAD).date()
        self.room.run(lambda opened: require_purpose(opened, query_no, template, on))
        body: dict[str, Any] = {"query_no": query_no, "template": template, "language": language}
        if large:
            body["large"] = True
        for name, text in (scope or {}).items():
            if text:
                _require_scope(name, text)
                body[name] = text
        if rows:
            body["rows"] = list(rows)
        body["receiver"] = {"kind": to.kind, "name": to.name}
        op_id = self.room.run(lambda opened: self._begin(opened, body))
        with self.delivering.waited_for(op_id):
            self.delivering.flush(before=op_id)
            try:
                return self.deliver(op_id)
            except NotRight as flaw:
                if template == "screening" and flaw.code == "query-stale":
                    flaw.text = "problem.screening-stale"  # what has to be done again is the list
                raise
            except Refused as flaw:
                told = of_the_paper(flaw, template, on)
                if told is None:
                    raise
                if flaw.context.get("logged"):  # the ledger keeps it, nothing is left to send
                    why = flaw.code
                    self.room.run(lambda opened: outbox.set_state(opened.work, op_id, "done", why))
                raise told from flaw

    def deliver(self, op_id: str, lane: str = "wire") -> Issued:
        """Send one wish for a report and take in what comes back.

        Raises:
            Trouble: as `issue`; the outbox row says the same.
        """
        parcel = self.delivering.parcel(op_id)
        body, size = parcel.body, parcel.last.size
        reply = self.delivering.exchange(
            parcel, lambda routes, tokens: routes.report(tokens, op_id, body, size), lane
        )
        try:
            return self._taken(parcel, reply)
        except NotTrusted as flaw:
            self.delivering.failed(op_id, flaw)
            raise

    def printed_before(self, number: str) -> int:
        """How often this computer has put a report on paper; more than none makes the next one a reprint."""
        return self.room.run(lambda opened: printed_before(opened, number))

    def saved(self, number: str, path: Path) -> None:
        """A file was written outside: one more link, with the digest of what was written."""
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        self._note("save", number, digest, 0)

    def printed(self, number: str, copies: int) -> None:
        """A report went to a printer."""
        self._note("print", number, "", copies)

    def _note(self, kind: Literal["save", "print"], number: str, digest: str, copies: int) -> None:
        is_report = number.startswith("HYXY")
        query_no = self.room.run(lambda opened: query_of(opened, number)) if is_report else number
        note_act(
            self.room,
            kind,
            report_no=number if is_report else "",
            query_no=query_no,
            report_sha256=digest,
            copies=copies,
        )

    def _begin(self, opened: Opened, body: dict[str, Any]) -> str:
        for item in outbox.all_items(opened.work, only_open=True):
            if item.kind == "report.issue" and msgspec.json.decode(item.body) == body:
                return item.op_id
        op_id, raw, query_no = new_op_id(), canonical(body), str(body["query_no"])
        item = OutboxItem(
            op_id, "report.issue", utc_text(self.room.clock.now()), raw, hashlib.sha256(raw).hexdigest()
        )
        build = builder(
            self.room, opened, "issue", op_id, query_no=query_no, body_sha256=canonical_sha256(body)
        )
        subject = ledger.subject_of(opened.work, query_no)
        begin_intent(opened.work, build, item, subject, query_no)
        return op_id

    def _taken(self, parcel: Parcel, reply: ReportReply) -> Issued:
        try:
            pdf = base64.b64decode(reply.pdf_b64, validate=True)
        except ValueError as flaw:
            raise NotTrusted("answer.malformed") from flaw
        own = last_receipt(reply.receipts)
        check_entry(own, parcel.item.op_id, parcel.own.digest())
        seen = verify_receipts(self.lines.trust(), reply.receipts, parcel.last, parcel.last.size)
        digest = hashlib.sha256(pdf).hexdigest()
        if digest != reply.pdf_sha256 or own.entry.report_no != reply.number:
            raise NotTrusted("report.differs")
        judged = seals.check(pdf, seal_trust(self.lines.trust()))
        if not judged.ok or judged.number != reply.number:
            raise NotTrusted("report.unsealed")
        if judged.document_sha256 != reply.document_sha256:
            raise NotTrusted("report.differs")
        verdict = Verdict(
            True, "current", "verify.ok", (), reply.number, reply.issued_at, judged.signer, "",
            tuple((one.name, one.ok, one.detail) for one in judged.checks), reply.valid_until,
            document_sha256=judged.document_sha256, pdf_sha256=digest,
        )  # fmt: skip
        self.room.run(lambda opened: self._close(opened, parcel, reply, pdf, seen))
        return Issued(
            reply.number, reply.issued_at, reply.valid_until, pdf, digest, verdict, judged.document_sha256
        )

    def _close(self, opened: Opened, parcel: Parcel, reply: ReportReply, pdf: bytes, seen: Seen) -> None:
        query_no = str(parcel.body["query_no"])
        if opened.vault.cache is not None and opened.lease_state() == "live":
            cache = opened.copies()
            row = reports.Report(
                number=reply.number,
                query_no=query_no,
                name=ledger.subject_of(opened.work, query_no),
                issued_at=reply.issued_at,
                valid_until=reply.valid_until,
                state="current",
                pdf_sha256=reply.pdf_sha256,
            )
            reports.put(cache, row, pdf)
        to = msgspec.convert(parcel.body.get("receiver"), Receiver | None)
        about, units = about_of(opened, parcel.body)
        paper = msgspec.structs.replace(msgspec.convert(parcel.body, Paper), about=about, units=units)
        keep(opened.work, reply.number, reply.issued_at, reply.valid_until, to, paper)
        complete_intent(
            opened.vault,
            parcel.item.op_id,
            receipt_rows(parcel.entries, reply.receipts),
            result=msgspec.json.encode({"number": reply.number}),
            query_no=query_no,
        )
        keep_newest(opened, seen)

    def _set(
        self, query_no: str, copy: Copy, language: Literal["zh_CN", "en"], template: str, *, large: bool
    ) -> Unsealed:
        bundle = self.showing.bundle(query_no) or self.room.run(lambda opened: self._kept(opened, query_no))
        now = utc_text(datetime.now(UTC))
        times = ReportTimes(queried=bundle.made_at, as_of=bundle.as_of, issued=now)
        try:
            document = report.compose(
                bundle, copy=copy, times=times, language=language, template=template, large=large
            )
        except report.ReportFlaw as flaw:
            raise Refused("no-information", "problem.no-information") from flaw
        with as_file(files("resources") / "fonts") as folder:
            return Unsealed(report.set_pages(document, folder), lambda: self.showing.require(query_no))

    def _kept(self, opened: Opened, query_no: str) -> Bundle:
        """What the kept copy of a query shows: opened like any copy, so the chain has it first."""
        found = answers.get(opened.copies(), query_no)
        if found is None:
            require_kept(opened, query_no)
            raise Refused("report.none")
        if found.expires_ms <= opened.time.now_ms():
            raise Refused("offline.expired")
        return self.opening.read(opened, found)


def _require_scope(name: str, text: str) -> None:
    """Raises NotRight scope-invalid for what cannot be a day or the code of a field; the rest is the
    platform's to judge.
    """
    pattern = r"[a-z]{1,24}" if name == "field" else r"\d{4}-\d{2}-\d{2}"
    if not re.fullmatch(pattern, text, re.ASCII):
        raise NotRight("scope-invalid", "problem.scope-invalid")
