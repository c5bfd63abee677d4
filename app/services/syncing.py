"""Meeting the server: outbox first, then entries, then what changed there."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

from app.services.answer import Answer
from app.services.applying import (
    CURSOR,
    GONE,
    PULLED,
    Tally,
    all_held,
    apply_page,
    apply_verdict,
    to_judge,
)
from app.services.delivering import Delivering
from app.services.judging import judge
from app.services.judging_tasks import Told, drop_parts, held_parts, outdated
from app.services.leasing import Leasing
from app.services.lines import Lines
from app.services.posting import Posting, keep_objections, keep_repairs
from app.services.rejoining import Followed, Rejoining
from app.services.room import LeaseState, Opened, Room
from app.services.showing import LETTER_ENDED, Showing, words_for
from app.services.unlocking import Unlocking
from app.services.unsent import OutboxRow, unsent
from app.trouble import NotNow, NotTrusted, Trouble
from app.wire.messages import Change
from app.wire.problems import Answered
from app.wire.routes import Routes, told
from local_cache import answers, drafts, ledger, outbox, state

ANSWERED, CONTACT = "answered.as_of", "contact"
PAGE, PAGES_MOST = 200, 500
Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class SyncReport:
    """What one meeting did. `sent`, `refused`, `unknown` count outbox rows, `pulled` changes; `withdrawn`
    names the query whose answer was on the screen and holds no longer, `withdrawn_for` what is said of it;
    `letters` of the `removed_copies` went with the official letter of their query. `restored_at`: the server
    was put back from a backup then, and this meeting followed; `sent_again` counts the entries that its log
    had lost.
    `judged` copies were to go all at once and were asked about one by one; `spared` of them stayed."""

    sent: int
    refused: int
    unknown: int
    pulled: int
    removed_copies: int
    marks: int
    entries_sent: int
    lease_state: LeaseState
    lease_until: str
    lease_withheld: str
    at: str
    withdrawn: tuple[str, ...] = ()
    restored_at: str = ""
    sent_again: int = 0
    judged: int = 0
    spared: int = 0
    withdrawn_for: str = ""
    letters: int = 0


@dataclass(frozen=True)
class Connection:
    """`as_of`: the day and time of the newest data here, of a query's answer or of the last time the copies
    were brought into step; `last_contact`: when the server last answered. `signed_in`: whether questions can
    be asked without a new sign-in, as far as is known here."""

    state: Literal["online", "offline", "untrusted"]
    as_of: str
    last_contact: str
    signed_in: bool = True


class Syncing:
    """The courier's rounds."""

    def __init__(
        self,
        room: Room,
        lines: Lines,
        delivering: Delivering,
        posting: Posting,
        unlocking: Unlocking,
        showing: Showing,
        leasing: Leasing,
        rejoining: Rejoining,
    ) -> None:
        self.room = room
        self.lines = lines
        self.delivering = delivering
        self.posting = posting
        self.unlocking = unlocking
        self.showing = showing
        self.leasing = leasing
        self.rejoining = rejoining
        self._contact = ""
        self._told: dict[str, Told] = {}

    def sync(
        self,
        progress: Progress | None = None,
        cancelled: Callable[[], bool] | None = None,
        restored: str = "",
    ) -> SyncReport:
        """One round. A single refused item does not stop it; a missing network or a broken proof does.
        A lease that is due is renewed before the changes are fetched: they need the copies open. A server
        that was put back from a backup is followed first; `restored` is the code for that.

        Raises:
            NotNow, NotYou, NotTrusted: nothing is lost, everything unsent is still in the outbox;
                log.restored, log.code as `Rejoining.follow`.
            Refused: device-revoked (with the server's signed order the vault is gone then, without it
                locked).
        """
        try:
            return self._met(progress or (lambda step, done: None), cancelled or (lambda: False), restored)
        except Trouble as flaw:
            self.leasing.note(flaw)
            raise

    def _met(self, tell: Progress, stop: Callable[[], bool], code: str) -> SyncReport:
        try:
            self.rejoining.send_again()
            return self._round(tell, stop)
        except NotNow as flaw:
            if flaw.code != "epoch-changed":
                raise
        followed = self.rejoining.follow(code)
        with contextlib.suppress(NotNow):
            self.refresh_objections()
            self.refresh_repairs()
        return self._round(tell, stop, followed)

    def _round(
        self, tell: Progress, stop: Callable[[], bool], followed: Followed | None = None
    ) -> SyncReport:
        before, receipted = self._states(), self._receipted()
        tell("outbox", 0)
        self.deliver_chained()
        self.deliver_items()
        tell("entries", 0)
        if not stop():
            self.delivering.send_entries()
        tell("changes", 0)
        self.leasing.renew_when_due()
        tally = self.pull(stop)
        self.leasing.renew_when_heard()
        after, lease = self._states(), self.leasing.card()
        moved = {op: word for op, word in after.items() if before.get(op) != word}
        return SyncReport(
            sent=sum(word == "done" for word in moved.values()),
            refused=sum(word == "refused" for word in moved.values()),
            unknown=sum(word == "unknown" for word in after.values()),
            pulled=tally.pulled,
            removed_copies=tally.removed,
            marks=tally.marks,
            entries_sent=self._receipted() - receipted,
            lease_state=lease.state,
            lease_until=lease.until,
            lease_withheld=lease.withheld,
            at=self._now(),
            withdrawn=tally.withdrawn,
            restored_at=followed.at if followed else "",
            sent_again=followed.lost if followed else 0,
            judged=tally.judged,
            spared=tally.spared,
            withdrawn_for=words_for(self.showing.went(tally.withdrawn[-1])) if tally.withdrawn else "",
            letters=tally.letters,
        )

    def outbox(self) -> tuple[OutboxRow, ...]:
        """What waits, is unknown or was refused; done and dismissed rows are left out."""
        return self.room.run(unsent)

    def note_heard(self, op_id: str) -> None:
        """Whoever waited for a row is being told of its refusal; nothing happens to one that was not refused,
        nor once the vault is shut: it is told again then."""
        if op_id and self.room.is_open:
            self.room.run(lambda opened: outbox.note_heard(opened.work, op_id))

    def retry(self, op_id: str = "") -> int:
        """Make one row, or all, due now; returns how many."""
        return self.room.run(lambda opened: outbox.retry_now(opened.work, op_id))

    def online(self) -> Connection:
        """Whether the pinned server answers now."""
        word: Literal["online", "offline", "untrusted"] = "online"
        try:
            with told():
                about = self.lines.stranger().about()
            self._contact = about.server_time
        except NotTrusted:
            word = "untrusted"
        except Trouble:
            word = "offline"
        newest, kept = self.last_known()
        return Connection(word, newest, max(self._contact, kept), self.lines.signed_in())

    def last_known(self) -> tuple[str, str]:
        """How new the data here is and when the server last spoke (`Connection`), without asking it."""
        return self.room.run(lambda opened: (_pulled(opened), state.get(opened.work, CONTACT)))

    def remember(self, answer: Answer) -> None:
        """A query was answered: how new the data here is, and when the server last spoke."""

        def note(opened: Opened) -> None:
            newest = {ANSWERED: answer.as_of, CONTACT: answer.bundle.made_at}
            state.put(
                opened.work, {name: max(at, state.get(opened.work, name)) for name, at in newest.items()}
            )

        self.room.run(note)

    def deliver_chained(self) -> int:
        """Intents that are links of the chain, in its order; returns how many the server carried out."""
        return self.delivering.flush(lane="courier", again=True)

    def deliver_items(self) -> int:
        """Objections with their evidence, and releases; returns how many the server settled."""
        return self.posting.deliver()

    def pull(self, stop: Callable[[], bool] = lambda: False) -> Tally:
        """Take in what changed, page by page. Without an open cache there are no copies to keep in step; the
        answer on the screen is judged all the same."""
        tally = self.room.run(_tally)
        routes = self.lines.routes("courier")
        for _ in range(PAGES_MOST):
            cursor = self.room.run(_cursor)
            if cursor is None or stop():
                break
            try:
                page = routes.changes(cursor, cursor, PAGE)
            except Answered as said:
                if said.body.code not in ("cursor-expired", "epoch-changed"):
                    raise said.trouble from said
                self._reconcile(routes, tally)
                continue
            self.unlocking.server_time(page.server_time)
            self._heard(page.server_time)
            for change in page.changes:
                if change.reason == GONE:
                    self.lines.revoked((change.body or {}).get("order"))
            spared = self._spared(routes, page.changes, tally)
            tally.withdrawn += self.showing.take(page.changes, spared)
            self.room.run(partial(apply_page, page=page, tally=tally, spared=spared))
            if not page.more:
                if page.changes:
                    self._acknowledge(routes, page.next_cursor)
                break
        if not stop() and self.room.run(lambda opened: _follows(opened, "objection")):
            self.refresh_objections(routes)
        if not stop() and self.room.run(lambda opened: _follows(opened, "repair")):
            self.refresh_repairs(routes)
        if not stop():
            self._judge_shown(routes, tally)
            self._judge_tasks(routes)
        return tally

    def refresh_objections(self, routes: Routes | None = None) -> None:
        """Fetch the state of this officer's objections; of a record that is not shown any more they tell
        nothing, and nobody gives notice of that."""
        with told():
            found = (routes or self.lines.routes("courier")).objections()
        at = self._now()
        self.room.run(lambda opened: keep_objections(opened, found.objections, at))

    def refresh_repairs(self, routes: Routes | None = None) -> None:
        """Fetch the state of this officer's applications for repair, in the same way."""
        with told():
            found = (routes or self.lines.routes("courier")).repairs()
        at = self._now()
        self.room.run(lambda opened: keep_repairs(opened, found.repairs, at))

    # ---- inside ------------------------------------------------------------------------------------------

    def _heard(self, at: str) -> None:
        self._contact = at
        self.room.run(lambda opened: state.put(opened.work, {CONTACT: at}))

    def _judge_shown(self, routes: Routes, tally: Tally) -> None:
        """Ask whether what is on the screen without a copy still holds: the feed does not speak of it."""
        shown = self.room.run(self.showing.uncopied)
        if shown is None:
            return
        query_no, held = shown
        records = [{"rec_id": rec_id, "rev": rev} for rec_id, rev in held.items()]
        with told():
            reply = routes.reconcile([{"query_no": query_no, "records": records}])
        ended = dict.fromkeys(reply.gone, "") | dict.fromkeys(reply.letter_ended, LETTER_ENDED)
        tally.withdrawn += self.showing.judge((one.rec_id for one in reply.revoke), ended)

    def _judge_tasks(self, routes: Routes) -> None:
        """Answers of screening tasks that no longer hold go; the officer asks about their lines anew."""
        held = self.room.run(lambda opened: held_parts(opened, self._told))
        if held:
            verdict = judge(routes, held)
            gone = outdated(held, verdict)
            self.room.run(lambda opened: drop_parts(opened, gone))

    def _acknowledge(self, routes: Routes, cursor: str) -> None:
        """Say what was applied, so that the server knows that withdrawn records are gone from here."""
        with told():
            routes.changes(cursor, cursor, 1)

    def _spared(self, routes: Routes, changes: tuple[Change, ...], tally: Tally) -> frozenset[str]:
        """Of the copies that a page would take away all at once, those that hold still: the server is asked
        about each of them. Without its word nothing of the page is applied, and the next round asks again."""
        suspected = self.room.run(lambda opened: to_judge(opened, changes, tally))
        if not suspected:
            return frozenset()
        verdict = judge(routes, suspected)
        spared = frozenset(suspected.keys() - verdict.gone.keys())
        tally.judged += len(suspected)
        tally.spared += len(spared)
        return spared

    def _reconcile(self, routes: Routes, tally: Tally) -> None:
        """Offer every copy for judgement. Raises NotNow(epoch-changed) before a restore was followed."""
        verdict = judge(routes, self.room.run(all_held))
        tally.withdrawn += self.showing.judge(verdict.revoked, verdict.gone)
        self.room.run(lambda opened: apply_verdict(opened, verdict, tally))

    def _states(self) -> dict[str, str]:
        return self.room.run(lambda opened: outbox.states(opened.work))

    def _receipted(self) -> int:
        return len(self.room.run(lambda opened: ledger.receipted(opened.work)))

    def _now(self) -> str:
        return self.room.run(lambda opened: opened.now_text())


def _tally(opened: Opened) -> Tally:
    if opened.vault.cache is None or opened.lease_state() != "live":
        return Tally(0)
    return Tally(answers.count(opened.copies()))


def _follows(opened: Opened, kind: str) -> bool:
    return bool(drafts.listed(opened.work, "kept", kind))


def _cursor(opened: Opened) -> str | None:
    if opened.vault.cache is None or opened.lease_state() != "live":
        return None
    return state.get(opened.copies(), CURSOR, part="cache") or state.get(opened.work, "cursor")


def _pulled(opened: Opened) -> str:
    answered = state.get(opened.work, ANSWERED)
    if opened.vault.cache is None:
        return answered
    return max(answered, state.get(opened.vault.cache, PULLED, part="cache"))
