"""Until when the copies on this computer can be opened, and asking for the next lease when it is time."""

from __future__ import annotations

from dataclasses import dataclass

from app.clock import epoch_ms, from_epoch_ms, read_utc, utc_text
from app.services import vault_contents
from app.services.lines import Lines
from app.services.room import LeaseState, Opened
from app.services.unlocking import Unlocking
from app.trouble import NotYou, Trouble
from app.wire.session import REVOKED

SILENT = "device-silent"
SIGNED_OUT = ("session.none", "token-invalid")
BARRED = ("device-frozen", "device-pending", "account-suspended", REVOKED)


@dataclass(frozen=True)
class LeaseCard:
    """`until` is wire text, empty without a lease; `left_s` seconds of trusted time, 0 when it is over.
    `withheld`: the code why the last contact did not renew it, empty when it did."""

    state: LeaseState
    until: str
    left_s: int
    withheld: str


@dataclass(frozen=True)
class Life:
    """How long a copy can be read here: `until` is wire text, `left_s` seconds of trusted time, 0 when over.
    `of_lease`: the lease ends before the copy's own term does; the next contact may then make it longer."""

    until: str
    left_s: int
    of_lease: bool


def life_of(opened: Opened, term_ms: int) -> Life:
    """The life of a copy whose own term ends at `term_ms` (milliseconds since 1970): until that or until the
    end of the lease, whichever is earlier. Without a lease it is over."""
    now = opened.time.now_ms()
    lease_ms = epoch_ms(read_utc(opened.lease.not_after)) if opened.lease is not None else now
    until = min(term_ms, lease_ms)
    return Life(utc_text(from_epoch_ms(until)), max(0, (until - now) // 1000), lease_ms < term_ms)


class Leasing:
    """The lease of this computer. It comes with a sign-in and with each refresh of the tokens."""

    def __init__(self, unlocking: Unlocking, lines: Lines) -> None:
        self._unlocking = unlocking
        self._lines = lines

    def card(self) -> LeaseCard:
        """What holds for the copies now; they are shut when it is not "live".

        Raises:
            NotYou: vault.locked.
        """
        held = self._unlocking.lease_state()
        return self._unlocking.room.run(lambda opened: _card(opened, held))

    def renew_when_due(self, lane: str = "courier") -> None:
        """Turn the tokens when the copies are shut or half of the lease is over, for the lease that comes
        with them. That only a sign-in helps is noted, not raised: the rest of a meeting may still succeed.

        Raises:
            Refused: device-frozen, account-suspended, device-revoked.
            NotNow, NotTrusted: for network faults and a lease that is not ours.
        """
        if not self._unlocking.room.run(_is_due):
            return
        try:
            self._lines.routes(lane).line.renew()
        except NotYou as flaw:
            if flaw.code not in SIGNED_OUT:
                raise
            self.note(flaw)

    def renew_when_heard(self, lane: str = "courier") -> None:
        """Ask once more when the lease was kept back for silence: by now the changes are taken in and said.

        Raises:
            As `renew_when_due`.
        """
        if self.card().withheld == SILENT:
            self.renew_when_due(lane)

    def note(self, flaw: Trouble) -> None:
        """Write down why the lease is not renewed, for the officer to read. Other troubles say nothing of
        it; that the sign-in has ended as well takes no bar away."""

        def write(opened: Opened) -> None:
            if flaw.code in BARRED or vault_contents.withheld(opened.work) not in BARRED:
                vault_contents.note_withheld(opened.work, flaw.code)

        if flaw.code in (*SIGNED_OUT, *BARRED) and self._unlocking.is_open():
            self._unlocking.room.run(write)


def _card(opened: Opened, held: LeaseState) -> LeaseCard:
    until = opened.lease.not_after if opened.lease is not None else ""
    left = (epoch_ms(read_utc(until)) - opened.time.now_ms()) // 1000 if until else 0
    return LeaseCard(held, until, max(0, left), vault_contents.withheld(opened.work))


def _is_due(opened: Opened) -> bool:
    """Files that were put back stay shut whatever the server says; everything else a lease can mend."""
    if opened.rolled_back:
        return False
    if opened.lease is None or opened.lease_state() != "live" or vault_contents.withheld(opened.work):
        return True
    begins, ends = (epoch_ms(read_utc(at)) for at in (opened.lease.issued, opened.lease.not_after))
    return 2 * (ends - opened.time.now_ms()) < ends - begins
