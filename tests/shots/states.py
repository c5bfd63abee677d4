"""Every page in every state that it has, by name: how the window is brought there with made-up data.

A name is the page and the state, as in `ledger-broken`; the page alone is its usual state.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from app.desks.desk import Notice
from app.policy import Policy, Purpose
from app.services.leasing import LeaseCard
from app.services.querying import Candidates
from app.trouble import NotNow, NotRight, NotTrusted, NotYou, Refused, VaultTrouble
from tests.ui import fakes
from tests.ui import fakes_files as files
from tests.ui import fakes_repair as repairs
from tests.ui.fakes_objection_steps import Stepping, turned

Room = Any  # tests.shots.room.Room, which imports this
FIRST, CODE = "CX-1122-000410", "91430400MA00000A10"
OFFLINE = SimpleNamespace(state="offline", as_of="", last_contact="")
PURPOSES = (Purpose("B01", "贷前审查", "Pre-loan review"), Purpose("B02", "贷后管理", "Post-loan"))


def client() -> Any:
    """A client with something on every page."""
    made = fakes.client(
        objecting=files.FakeObjecting(
            (files.waiting(), files.filed(), files.filed("kept", "YY-2026-0081")), (files.Draft("d1"),)
        ),
        ledger=files.FakeLedger(),
        offline_files=files.FakeFiles(),
        leasing=files.FakeLeasing(),
        doctor=files.FakeDoctor(),
        repairing=repairs.FakeRepairing(
            (repairs.case(), repairs.waiting()),
            own=(repairs.outlook(), repairs.outlook(-2, "R51")),
            stands=repairs.standing(),
        ),
    )
    policy = Policy("policy", 1, "2026-11-01T00:00:00.000Z", "bank_officer", PURPOSES, idle_lock_s=600)
    made.unlocking.will(policy=policy)
    return made


def _document_seen(room: Room) -> None:
    """At the centre's window: who asks about himself, his document not yet ticked."""
    room.play("home_person")
    desk = room.window.desktop.home
    desk.put(purposes=(*fakes.PURPOSES[:2], fakes.WINDOW))
    desk.choose_purpose(fakes.WINDOW.code)
    desk.choose_letter("")


def _new_letter(room: Room) -> None:
    """A letter that is handed in with its query."""
    room.play("home_person")
    room.window.desktop.home.add_letter(Path("scan.png"), fakes.NEW_LETTER.card)


def _played(name: str) -> Callable[[Room], None]:
    return lambda room: room.play(name)


def _at(page: str, then: Callable[[Room, Any], None] | None = None) -> Callable[[Room], None]:
    """A page of the frame, and what happens on it: `then` is given the room and the page's desk."""

    def go(room: Room) -> None:
        room.open()
        room.window.frame.go(page)
        if then is not None:
            desk = "settings" if page == "doctor" else page
            then(room, getattr(room.window.desktop, desk, None))

    return go


def _before(then: Callable[[Any], None], page: Callable[[Room], None]) -> Callable[[Room], None]:
    """A page with services that answer otherwise."""

    def go(room: Room) -> None:
        then(room.client)
        page(room)

    return go


def _flawed(service: str, flaw: Exception, page: Callable[[Room], None]) -> Callable[[Room], None]:
    return _before(lambda client: setattr(getattr(client, service), "flaw", flaw), page)


def _told(notice: Notice) -> Callable[[Room], None]:
    """The frame with a banner."""

    def go(room: Room) -> None:
        room.play("subject")
        room.window.desk.put(banner=notice)

    return go


def _sign_in_refused(room: Room) -> None:
    room.client.signing_in.will(password=NotYou("login.bad", context={"tries_left": 4}))
    room.play("sign_in")
    room.window.here.desk.password("jb017", "secret")


def _file_replaces(room: Room) -> None:
    room.client.enrolling.will(open=replace(fakes.OFFER, replaces="https://credit-old.example:8443"))
    room.play("sign_in_file")


def _file_altered(room: Room) -> None:
    room.client.enrolling.will(open=NotTrusted("enrolment.altered", context={"file": "示例银行.hxenrol"}))
    room.play("sign_in_first")
    room.window.here.desk.open_file(Path("示例银行.hxenrol"))


def _examined_first(room: Room) -> None:
    room.play("sign_in_first")
    room.window.here.doctor.click()


def _locked(why: str, tries: int) -> Callable[[Room], None]:
    def go(room: Room) -> None:
        card = {**vars(room.client.unlocking.card()), "why": why, "tries_left": tries}
        room.client.unlocking.will(card=SimpleNamespace(**card))
        room.play("unlock")

    return go


def _wrong_passphrase(room: Room) -> None:
    room.client.unlocking.will(unlock=NotYou("unlock.bad", "passphrase.wrong"))
    room.play("unlock")
    room.window.here.field.setText("not this one")
    room.window.here.go.click()


def _answer(**found: Any) -> Callable[[Room, Any], None]:
    def ask(room: Room, desk: Any) -> None:
        room.client.querying.will(**found)
        desk.choose_purpose("pre_loan")
        desk.name_case("LN-2026-0381")
        desk.search(CODE if "query" in found else "青禾建设")

    return ask


def _bare_subject(room: Room) -> None:
    room.open()
    bundle = fakes.bundle(records=(), standing=(), counters=())
    room.window.desktop.open_answer(fakes.answer(bundle=bundle, changed=None))


def _tab(tab: str) -> Callable[[Room], None]:
    def go(room: Room) -> None:
        room.play("subject")
        room.window.desktop.subject.turn(tab)

    return go


def _kept_subject(room: Room) -> None:
    room.open()
    room.window.desktop.open_answer(fakes.answer(source="cache", changed=None))


def _no_preview(room: Room) -> None:
    def refused(*_: Any, **__: Any) -> bytes:
        raise NotNow("net.timeout")

    room.client.reporting.will(begin_preview=refused)
    room.play("report_preview")


def _paper_offline(room: Room) -> None:
    room.client.syncing.will(online=OFFLINE)
    room.play("paper_letter")
    room.window.desk.look_around()
    room.window.frame.pages["paper"].issue_button.click()


def _verdict(**changes: Any) -> Callable[[Room, Any], None]:
    def check(room: Room, desk: Any) -> None:
        verdict = vars(room.client.verifying.verify(Path("received.pdf")))
        room.client.verifying.will(verify=SimpleNamespace(**(verdict | changes)))
        desk.check(Path("received.pdf"))

    return check


def _no_number(room: Room, desk: Any) -> None:
    room.client.verifying.will(look_up=NotRight("report.number"))
    desk.look_up("HYXYE2026")


def _task(part: str) -> Callable[[Room], None]:
    return lambda room: room.play(f"screening_{part}")


def _no_tasks(client: Any) -> None:
    client.screening_tasks.bodies.clear()


def _write(room: Room, desk: Any) -> None:
    desk.begin(FIRST, files.penalty(37))
    form = room.window.frame.pages["objection"].form
    form.ground.button("content").click()
    form.statement.setPlainText("登记的罚款金额与决定书原件不一致，请核对单位。")


def _write_hint(room: Room, desk: Any) -> None:
    _write(room, desk)
    room.window.frame.pages["objection"].form.kind.button("data_error").click()


def _refused_draft(room: Room, desk: Any) -> None:
    _write(room, desk)
    room.client.objecting.flaw = Refused("letter-needed")
    desk.file()


def _turned(then: Callable[[Room, Any], None]) -> Callable[[Room], None]:
    """An answered objection of which a recheck may be asked."""
    row = turned("kept", "recheck", "2026-12-08")
    return _before(lambda client: setattr(client, "objecting", Stepping((row,))), _at("objection", then))


def _restored(room: Room) -> None:
    room.play("home")
    told = Notice("shell.restored", (("seen", 41), ("left", 30)), "error", "log.restored", "not_trusted")
    room.window.desk.put(restored=told)


def _signing_in_again(room: Room) -> None:
    room.play("subject")
    room.window.desk.put(signing_in=True)


def _ended(client: Any) -> None:
    client.offline_files.flaw = VaultTrouble("offline.ended")
    client.leasing.now = LeaseCard("ended", "2026-11-25T00:00:00.000Z", 0, "")


def _some_locked(client: Any) -> None:
    client.offline_files.rows = files.copy_rows(("live", "live", "locked", "ended"))


def _help(place: str) -> Callable[[Room], None]:
    def go(room: Room) -> None:
        room.open()
        room.window.frame.go("home")
        room.window.frame.help(place)

    return go


def _repair(word: str = "eligible", left: int = -3) -> Callable[[Room, Any], None]:
    def begin(room: Room, desk: Any) -> None:
        room.client.repairing.stands = repairs.standing(word, left)
        desk.begin(repairs.QUERY, "R37", files.penalty(37))

    return begin


STATES: dict[str, Callable[[Room], None]] = {
    "sign-in": _played("sign_in"),
    "sign-in-first": _played("sign_in_first"),
    "sign-in-file": _played("sign_in_file"),
    "sign-in-file-other": _file_replaces,
    "sign-in-file-altered": _file_altered,
    "sign-in-doctor": _examined_first,
    "sign-in-refused": _sign_in_refused,
    "sign-in-code": _played("sign_in_code"),
    "sign-in-device": _played("sign_in_device"),
    "sign-in-pending": _played("sign_in_pending"),
    "sign-in-seal": _played("sign_in_seal"),
    "sign-in-again": _signing_in_again,
    "unlock": _played("unlock"),
    "unlock-wrong": _wrong_passphrase,
    "unlock-revoked": _locked("revoked", 9),
    "unlock-ended": _locked("revoked", 0),
    "home": _played("home"),
    "home-empty": _at("home"),
    "home-person": _played("home_person"),
    "home-letter": _played("home_letter"),
    "home-document": _document_seen,
    "home-new-letter": _new_letter,
    "home-wrong-code": _played("home_notice"),
    "home-nothing": _at("home", _answer(query=NotRight("query.none"))),
    "home-no-candidates": _at("home", _answer(candidates=Candidates((), False))),
    "home-too-many": _at("home", _answer(candidates=Candidates(fakes.CARDS, True))),
    "home-timeout": _at("home", _answer(query=NotNow("net.timeout"))),
    "home-quota": _at("home", _answer(query=Refused("query.quota"))),
    "home-restored": _restored,
    "subject": _played("subject"),
    "subject-record": _played("subject_panel"),
    "subject-lists": _tab("lists"),
    "subject-all": _tab("all"),
    "subject-nothing": _bare_subject,
    "subject-kept": _kept_subject,
    "subject-offline": _told(Notice("shell.offline", (("count", 36),), "warning", "", "not_now", retry=True)),
    "subject-not-trusted": _told(Notice("trust.changed", (), "error", "trust.changed", "not_trusted")),
    "report": _played("report"),
    "report-preview": _played("report_preview"),
    "report-special": _played("report_special"),
    "report-timeout": _no_preview,
    "paper": _played("paper"),
    "paper-letter": _played("paper_letter"),
    "paper-statement": _played("paper_statement"),
    "paper-issued": _played("paper_issued"),
    "paper-offline": _paper_offline,
    "verify": _played("verify"),
    "verify-empty": _at("verify"),
    "verify-altered": _at(
        "verify", _verdict(genuine=False, state="unknown", words="verify.bad", reasons=("altered",))
    ),
    "verify-unchecked": _at("verify", _verdict(state="unchecked", words="verify.offline")),
    "verify-number": _at("verify", lambda _, desk: desk.look_up(fakes.REPORT_NO)),
    "verify-no-number": _at("verify", _no_number),
    "reports": _played("reports"),
    "reports-open": _played("reports_open"),
    "reports-outdated": _played("reports_outdated"),
    "reports-erased": _played("reports_erased"),
    "reports-empty": _played("reports_empty"),
    "reports-altered": _before(
        lambda client: client.report_files.will(open=NotTrusted("report.altered")), _played("reports_open")
    ),
    "screening": _played("screening"),
    "screening-empty": _before(_no_tasks, _at("screening")),
    "screening-map": _task("map"),
    "screening-task": _task("task"),
    "screening-line": _task("line"),
    "screening-denied": _task("denied"),
    "screening-changes": _task("changes"),
    "offline": _at("offline"),
    "offline-open": _at("offline", lambda _, desk: desk.open(FIRST)),
    "offline-hits": _at("offline", lambda _, desk: desk.search("防尘")),
    "offline-no-hits": _at("offline", lambda _, desk: desk.search("没有的字")),
    "offline-locked": _before(_some_locked, _at("offline")),
    "offline-ended": _before(_ended, _at("offline")),
    "offline-empty": _before(lambda client: setattr(client.offline_files, "rows", ()), _at("offline")),
    "objection": _at("objection"),
    "objection-filed": _at("objection", lambda _, desk: desk.show_filed("YY-2026-0093")),
    "objection-form": _at("objection", _write),
    "objection-data-error": _at("objection", _write_hint),
    "objection-refused": _at("objection", _refused_draft),
    "objection-turn": _turned(lambda _, desk: desk.show_filed("YY-2026-0093")),
    "objection-step": _turned(lambda _, desk: desk.take_step("YY-2026-0093")),
    "objection-empty": _before(
        lambda client: (client.objecting.rows.clear(), client.objecting.kept.clear()), _at("objection")
    ),
    "repair": _at("repair"),
    "repair-eligible": _at("repair", _repair()),
    "repair-too-early": _at("repair", _repair("not_yet", 41)),
    "repair-empty": _before(lambda client: client.repairing.__init__(), _at("repair")),
    "outbox": _played("outbox"),
    "outbox-empty": _played("outbox_empty"),
    "ledger": _at("ledger"),
    "ledger-checked": _at("ledger", lambda _, desk: desk.check()),
    "ledger-broken": _before(
        lambda client: setattr(client.ledger, "verdict", files.ChainVerdict(False, 1204, 1100, 1204, "link")),
        _at("ledger", lambda _, desk: desk.check()),
    ),
    "ledger-nothing-like-it": _at("ledger", lambda _, desk: desk.narrow("没有的字")),
    "ledger-empty": _before(lambda client: setattr(client.ledger, "rows", ()), _at("ledger")),
    "ledger-locked": _flawed("ledger", NotYou("vault.locked", "vault.closed"), _at("ledger")),
    "settings": _at("settings"),
    "settings-passphrase": _at("settings", lambda _, desk: desk.unfold("passphrase")),
    "settings-sealed": _before(lambda client: client.unlocking.will(sealed_left=True), _at("settings")),
    "settings-wiped": _at("settings", lambda _, desk: desk.wipe()),
    "doctor": _at("doctor"),
    "doctor-found": _at("doctor", lambda _, desk: desk.examine()),
    "doctor-cut": _flawed("doctor", NotNow("net.cut"), _at("doctor", lambda _, desk: desk.examine())),
    "help": _help("home"),
    "help-keys": _help("keys"),
}  # fmt: skip
PAGES = tuple(name for name in STATES if "-" not in name.replace("sign-in", "sign_in"))


def page_of(state: str) -> str:
    """The page that a state is one of."""
    return next(name for name in sorted(PAGES, key=len, reverse=True) if state.startswith(name))
