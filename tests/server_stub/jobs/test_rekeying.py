"""A key that is lost for good: two persons, told what it costs; nothing that is there is replaced, and
nothing that cannot be replaced soundly.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, transaction

from app.field.proofs import read_note
from server_stub.accounts import passwords
from server_stub.accounts.models import Officer, Organisation
from server_stub.accounts.sealing import seal
from server_stub.accounts.services import totp_secret_of
from server_stub.command import KEYS, _parser
from server_stub.config import keys, marks, tls
from server_stub.config.clock import clock
from server_stub.errors import Problem
from server_stub.evidence import restorations
from server_stub.evidence.models import KeyMark, Leaf, Replacement
from server_stub.evidence.selectors import public_at
from server_stub.exchange.province.models import Partner, PersonHandle, Turn
from server_stub.jobs import lost_keys, recognising, rekeying
from server_stub.reports import authority
from server_stub.reports.selectors import answers_public
from server_stub.subjects.services import PersonEntry, register
from tests.server_stub.exchange.persons.made import resident

pytestmark = pytest.mark.django_db
Typed = Callable[..., dict[str, Any]]
WHY = ("--why", "示例：密钥备份一并损毁")


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Path:
    """A home that was begun, with its staff."""
    settings.HENGXIN_HOME = tmp_path
    recognising.make_keys(tmp_path)
    centre = Organisation.objects.create(code="O-centre", name="示例中心", kind="centre", active=True)
    for user in ("zhou", "wu"):
        Officer.objects.create(
            user=user, name="测试", organisation=centre, role="centre_staff",
            totp_secret=seal(b"seed", user), password=passwords.encode("a long enough password"),
        )  # fmt: skip
    return tmp_path


@pytest.fixture
def typed(home: Path, capsys: pytest.CaptureFixture[str]) -> Typed:
    def run(*words: str) -> dict[str, Any]:
        capsys.readouterr()
        assert rekeying.run(_parser().parse_args(["key", *words])) == 0
        said = capsys.readouterr()
        lines = [json.loads(line) for line in said.out.splitlines()]
        return {**lines[0], "told": said.err} if words[0] != "list" else {"lines": lines}

    return run


def lose(home: Path, name: str) -> bytes:
    path = home / lost_keys.places(name)[0]
    content = path.read_bytes()
    path.unlink()
    keys.forget()
    return content


def replaced(typed: Typed, name: str) -> dict[str, Any]:
    typed("replace", name, "--as", "zhou", *WHY)
    return typed("confirm", name, "--as", "wu")


def test_every_name_is_a_word_and_has_its_sentences_in_both_languages() -> None:
    assert KEYS == lost_keys.NAMES
    for name in KEYS:
        said = lost_keys.words(name)
        assert all(
            said[f"{part}_{language}"] for part in ("cost", "seen", "then") for language in ("zh", "en")
        )


@pytest.mark.parametrize("name", ["log", "answers", "partner", "pepper"])
def test_a_lost_key_is_replaced_by_two_and_the_home_lives_again(typed: Typed, home: Path, name: str) -> None:
    old, public = lose(home, name), KeyMark.objects.get(name=name).public_b64
    with pytest.raises(ImproperlyConfigured, match="missing"):
        recognising.require_keys(home)
    asked = typed("replace", name, "--as", "zhou", *WHY)
    assert (asked["state"], asked["asked_by"]) == ("missing", "zhou")
    assert lost_keys.words(name)["cost_en"] in asked["told"]
    assert lost_keys.words(name)["cost_zh"] in asked["told"]
    with pytest.raises(ImproperlyConfigured, match="missing"):  # asking alone does nothing
        recognising.require_keys(home)
    with pytest.raises(Problem, match="second one"):
        typed("confirm", name, "--as", "zhou")
    done = typed("confirm", name, "--as", "wu")
    recognising.require_keys(home)
    assert (home / "keys" / f"{name}.key").read_bytes() != old
    leaves = Leaf.objects.filter(kind__startswith="key.").order_by("index")
    assert [(leaf.kind, leaf.user) for leaf in leaves] == [
        ("key.replace-asked", "zhou"), ("key.replaced", "zhou"),
    ]  # fmt: skip
    assert WHY[1] in leaves[1].entry
    assert "with wu" in leaves[1].entry
    row = Replacement.objects.get()
    assert (row.second, row.earlier_public_b64) == ("wu", public)
    if name == "log":
        note = read_note(done["checkpoint"])
        ours = Ed25519PublicKey.from_public_bytes(keys.keys().log.public)
        ours.verify(note.signatures[0][2], note.body)
        assert note.checkpoint.size == Leaf.objects.count()  # the log goes on, nothing begins anew
    if name == "pepper":
        assert not passwords.verify("a long enough password", Officer.objects.get(user="wu").password)
    with pytest.raises(Problem, match="nobody asked"):
        typed("confirm", name, "--as", "wu")


def test_a_key_that_is_there_is_not_replaced(typed: Typed, home: Path) -> None:
    with pytest.raises(Problem, match="right one"):
        typed("replace", "pepper", "--as", "zhou", *WHY)
    content = lose(home, "pepper")
    typed("replace", "pepper", "--as", "zhou", *WHY)
    keys.write_secret(home / "keys" / "pepper.key", content)  # found again meanwhile
    with pytest.raises(Problem, match="right one"):
        typed("confirm", "pepper", "--as", "wu")
    assert (home / "keys" / "pepper.key").read_bytes() == content


def test_a_wrong_key_goes_aside(typed: Typed, home: Path) -> None:
    lose(home, "pepper")
    wrong = secrets.token_bytes(32)
    keys.write_secret(home / "keys" / "pepper.key", wrong)
    assert replaced(typed, "pepper")["state"] == "replaced"
    (aside,) = (home / "keys").glob("pepper.key.before-*")
    assert aside.read_bytes() == wrong


def test_the_route_key_is_never_replaced_and_it_says_why(typed: Typed, home: Path) -> None:
    lose(home, "route")
    with pytest.raises(Problem, match="Only the key backup helps"):
        typed("replace", "route", "--as", "zhou", *WHY)
    Replacement.objects.create(name="route", asked_by="zhou", asked_at="9999", why="x")
    with pytest.raises(Problem, match="cannot be replaced"):
        typed("confirm", "route", "--as", "wu")
    assert not (home / "keys" / "route.key").exists()


def test_the_partners_key_is_not_replaced_once_a_partner_holds_records(typed: Typed, home: Path) -> None:
    words = {"name": "示例省", "public_b64": "", "agreement_b64": "", "direction": "push", "scope": {}}
    Partner.objects.create(partner_id="partner-1", added_by="zhou", changed_at="", **words)
    Turn.objects.create(partner_id="partner-1", kind="taken", number=1, digest="x", after=0, upto=1, at="")
    assert not lost_keys.is_never("partner")  # control: what came from there does not bind us
    Turn.objects.create(partner_id="partner-1", kind="pushed", number=1, digest="x", after=0, upto=1, at="")
    lose(home, "partner")
    with pytest.raises(Problem, match="no correction, repair or annulment could reach them"):
        typed("replace", "partner", "--as", "zhou", *WHY)


def test_what_the_lost_kek_sealed_is_void_and_nothing_faults(typed: Typed, home: Path) -> None:
    register([PersonEntry(name="测试甲", number=resident())])
    assert PersonHandle.objects.exists()
    before = totp_secret_of(Officer.objects.get(user="wu"))
    lose(home, "kek")
    replaced(typed, "kek")
    assert totp_secret_of(Officer.objects.get(user="wu")) != before  # readable, and nobody knows it
    assert not PersonHandle.objects.exists()


def test_only_the_named_key_is_made_when_several_are_lost(typed: Typed, home: Path) -> None:
    for name in ("route", "pepper", "kek"):
        lose(home, name)
    replaced(typed, "pepper")
    assert keys.missing(home) == ["route", "kek"]
    with pytest.raises(ImproperlyConfigured, match="route"):  # nothing is sealed anew without it
        replaced(typed, "kek")
    assert keys.missing(home) == ["route", "kek"]
    assert Replacement.objects.filter(name="kek", done_at="").exists()


def test_not_by_chance_not_by_a_bank_and_not_a_day_later(typed: Typed, home: Path) -> None:
    lose(home, "log")
    for words in (("replace", "log", "--as", "clerk", *WHY), ("replace", "log", "--as", "", *WHY)):
        with pytest.raises(Problem, match="role-denied"):
            typed(*words)
    with pytest.raises(ValueError, match="reason"):
        typed("replace", "log", "--as", "zhou", "--why", " ")
    with pytest.raises(Problem, match="nobody asked"):
        typed("confirm", "log", "--as", "wu")
    typed("replace", "log", "--as", "zhou", *WHY)
    later = datetime.now(UTC) + timedelta(hours=25)
    with clock(lambda: later), pytest.raises(Problem, match="nobody asked"):
        typed("confirm", "log", "--as", "wu")
    assert not (home / "keys" / "log.key").exists()


def test_declarations_under_the_old_log_key_are_not_offered_any_more(typed: Typed, home: Path) -> None:
    (home / "log").mkdir()
    old = {"payload_b64": "e30=", "key_id": keys.keys().log.key_id, "sig_b64": ""}
    (home / "log" / "restorations.json").write_text(json.dumps([old]))
    assert restorations.statements() == [old]  # control
    lose(home, "log")
    replaced(typed, "log")
    assert restorations.statements() == []
    assert restorations.every() == [old]


def test_codes_of_reports_of_before_are_judged_by_the_key_of_their_time(typed: Typed, home: Path) -> None:
    old = keys.publics(home)["answers"]
    lose(home, "answers")
    replaced(typed, "answers")
    present = keys.publics(home)["answers"]
    assert answers_public("2026-01-01T00:00:00.000Z") == old
    assert answers_public("9999") == answers_public("") == present != old
    Replacement.objects.update(earlier_public_b64="")
    assert answers_public("2026-01-01T00:00:00.000Z") == ""  # not known: no paper is called altered for it
    assert public_at("log", "2026-01-01T00:00:00.000Z") is None


@pytest.mark.parametrize("group", ["tls", "seal", "stamp"])
def test_seal_stamps_and_authority_are_missed_like_keys_and_replaced(
    typed: Typed, home: Path, group: str
) -> None:
    tls.make(home)
    authority.make(home)
    recognising.mark_files(home)
    recognising.require_keys(home)
    for place in marks.FILES[group]:
        aside = (home / place).rename(home / "aside")
        with pytest.raises(ImproperlyConfigured, match=f"{place} is missing"):
            recognising.require_keys(home)
        (home / place).write_bytes(b"another one")
        with pytest.raises(ImproperlyConfigured, match=f"{place} is not the key"):
            recognising.require_keys(home)
        aside.rename(home / place)
    recognising.require_keys(home)
    before = marks.marks(home, group)
    others = {one: marks.marks(home, one) for one in marks.FILES if one != group}
    lose(home, group)
    assert replaced(typed, group)["state"] == "replaced"
    after = marks.marks(home, group)
    assert all(after[place] != before[place] for place in before)
    assert {one: marks.marks(home, one) for one in others} == others
    recognising.require_keys(home)
    assert (
        len(list(home.glob(f"*/*{Path(marks.FILES[group][1]).name}.before-*"))) == 1
    )  # the public half is kept


def everything(home: Path) -> dict[str, bytes]:
    found = (path for group in ("seal", "tls") for path in (home / group).iterdir() if path.is_file())
    return {path.name: path.read_bytes() for path in found}


@pytest.mark.parametrize("group", ["tls", "seal", "stamp"])
def test_a_replacement_that_fails_leaves_every_file_as_it_lay(
    typed: Typed, home: Path, group: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls.make(home)
    authority.make(home)
    recognising.mark_files(home)
    lose(home, group)
    before = everything(home)
    typed("replace", group, "--as", "zhou", *WHY)

    @contextmanager
    def full() -> Iterator[None]:
        """What replaces the key cannot be committed."""
        with transaction.atomic():
            yield
            if Replacement.objects.filter(done_at__gt="").exists():
                raise OperationalError("disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(rekeying, "transaction", SimpleNamespace(atomic=full))
        with pytest.raises(OperationalError):
            typed("confirm", group, "--as", "wu")
    assert everything(home) == before
    assert typed("confirm", group, "--as", "wu")["state"] == "replaced"  # the control
    changed = {name for name, content in everything(home).items() if before.get(name) != content}
    assert changed >= {Path(place).name for place in lost_keys.places(group)}


def test_another_seal_leaves_what_is_left_of_a_lost_stamp(typed: Typed, home: Path) -> None:
    authority.make(home)
    recognising.mark_files(home)
    lose(home, "seal")
    lose(home, "stamp")
    left = {place: (home / place).read_bytes() for place in marks.FILES["stamp"][1:]}
    replaced(typed, "seal")
    assert {place: (home / place).read_bytes() for place in left} == left
    assert not (home / "seal" / "stamp.key").exists()


def test_an_authority_near_its_end_is_told_and_replaced_but_never_by_itself(typed: Typed, home: Path) -> None:
    tls.make(home)
    recognising.mark_files(home)
    first = (home / "tls" / "ca.pem").read_bytes()
    assert lost_keys.state(home, "tls") == "kept"
    late = datetime.now(UTC) + timedelta(days=tls.CA_DAYS - 5)
    with clock(lambda: late):
        tls.make(home)
        assert (home / "tls" / "ca.pem").read_bytes() == first
        assert lost_keys.state(home, "tls") == "ending"
        replaced(typed, "tls")
        assert (home / "tls" / "ca.pem").read_bytes() != first
        assert lost_keys.state(home, "tls") == "kept"


def test_a_seal_of_a_token_is_taken_as_the_operator_laid_it(typed: Typed, home: Path, settings: Any) -> None:
    folder = authority.make(home)
    (folder / "seal.key").unlink()  # the token has it
    recognising.mark_files(home)
    settings.HENGXIN_SEAL_TOKEN = object()
    (folder / "seal.pem").write_bytes(b"the new certificate")
    assert lost_keys.state(home, "seal") == "other"
    replaced(typed, "seal")
    assert (folder / "seal.pem").read_bytes() == b"the new certificate"
    assert not (folder / "seal.key").exists()
    recognising.require_keys(home)


def test_the_list_says_how_each_one_is(typed: Typed, home: Path) -> None:
    lose(home, "kek")
    lines = typed("list")["lines"]
    assert {one["key"]: one["state"] for one in lines} == {
        name: "missing" if name == "kek" else "kept" for name in KEYS
    }
