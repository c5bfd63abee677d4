"""Builds the services once, for the window and for the command line alike."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.clock import Clock, SystemClock
from app.keys.envelope import Envelope
from app.keys.ring import Ring
from app.lanes import Deliver, Lanes, at_once
from app.paths import Home, default_home
from app.services.delivering import Delivering
from app.services.doctoring import Doctor
from app.services.drafting import Drafts
from app.services.enrolling import Enrolling
from app.services.leasing import Leasing
from app.services.ledgering import Ledger
from app.services.lettering import Lettering
from app.services.lines import Lines
from app.services.objecting import Objecting
from app.services.posting import Posting
from app.services.querying import Querying
from app.services.rejoining import Rejoining
from app.services.repairing import Repairing
from app.services.reporting import Reporting
from app.services.reviewing_offline import OfflineFiles
from app.services.reviewing_reports import ReportFiles
from app.services.screening import ScreeningLists
from app.services.screening_tasks import ScreeningTasks
from app.services.showing import Showing
from app.services.signing_in import SigningIn
from app.services.syncing import Syncing
from app.services.unlocking import Unlocking
from app.services.uploading import Uploading
from app.services.verifying import Verifying
from app.services.voiding import Voiding
from app.services.watching import Watching
from app.services.whereabouts import Whereabouts
from app.settings import SettingsFile
from app.texts import Texts


@dataclass(frozen=True)
class Client:
    """Every service of one home, and the only set of lanes of this process: the window works in them, too."""

    home: Home
    lanes: Lanes
    clock: Clock
    texts: Texts
    unlocking: Unlocking
    enrolling: Enrolling
    signing_in: SigningIn
    querying: Querying
    lettering: Lettering
    screening: ScreeningLists
    screening_tasks: ScreeningTasks
    leasing: Leasing
    offline_files: OfflineFiles
    reporting: Reporting
    voiding: Voiding
    report_files: ReportFiles
    verifying: Verifying
    objecting: Objecting
    repairing: Repairing
    syncing: Syncing
    ledger: Ledger
    doctor: Doctor
    drafts: Drafts
    whereabouts: Whereabouts
    watching: Watching
    settings: SettingsFile

    def close(self) -> None:
        """Lock what is open and end the lanes, whatever the lock says.

        Raises:
            Trouble: as `Unlocking.lock`; the vault is locked and the lanes are ended all the same.
        """
        try:
            if self.unlocking.is_open():
                self.unlocking.lock("")
        finally:
            self.lanes.close()


def open_client(
    home: Path | None = None,
    clock: Clock | None = None,
    keyring: Ring | None = None,
    language: str = "zh_CN",
    deliver: Deliver = at_once,
    envelope: Envelope | None = None,
    lanes: Lanes | None = None,
) -> Client:
    """The client of a home (HENGXIN_HOME or the system's place when none is given). Nothing is unlocked yet.
    `deliver` brings a lane's answer to whoever asked. A window has `lanes` already; they end with the client.

    Raises:
        VaultTrouble: vault.read-only when the home cannot be written.
        ValueError: for a language without texts.
    """
    place = default_home(home).make()
    clock = clock or SystemClock()
    lanes = lanes or Lanes(deliver)
    ring = keyring or Ring()
    unlocking = Unlocking(place, lanes.vault, clock, ring, envelope)
    room = unlocking.room
    lines = Lines(place, unlocking)
    delivering = Delivering(room, lines)
    verifying = Verifying(lines)
    lettering = Lettering(room, lines)
    querying = Querying(room, lines, delivering, lettering)
    showing = Showing()
    unlocking.before_lock.append(showing.forget)
    reporting = Reporting(room, lines, delivering, verifying, showing)
    voiding = Voiding(room, lines, delivering)
    leasing = Leasing(unlocking, lines)
    posting = Posting(room, delivering, Uploading(room, lines))
    rejoining = Rejoining(room, lines)
    delivering.before_sending = rejoining.send_again
    syncing = Syncing(room, lines, delivering, posting, unlocking, showing, leasing, rejoining)
    objecting = Objecting(room, syncing, showing)
    querying.before_reuse = syncing.pull
    querying.on_answer += [showing.remember, syncing.remember]
    ledger = Ledger(room)
    screening = ScreeningLists(room, lines, delivering)
    return Client(
        home=place,
        lanes=lanes,
        clock=clock,
        texts=Texts(language),
        unlocking=unlocking,
        enrolling=Enrolling(place),
        signing_in=SigningIn(place, clock, unlocking, lines, ring),
        querying=querying,
        lettering=lettering,
        screening=screening,
        screening_tasks=ScreeningTasks(room, screening, lambda signed: lines.trust().open_signed(signed)),
        leasing=leasing,
        offline_files=OfflineFiles(room, lambda signed: lines.trust().open_signed(signed)),
        reporting=reporting,
        voiding=voiding,
        report_files=ReportFiles(room, verifying),
        verifying=verifying,
        objecting=objecting,
        repairing=Repairing(room, lines, syncing, showing),
        syncing=syncing,
        ledger=ledger,
        doctor=Doctor(place, clock, ring, unlocking, lines, ledger),
        drafts=Drafts(room),
        whereabouts=Whereabouts(room),
        watching=Watching(room, showing),
        settings=SettingsFile(place.settings),
    )
