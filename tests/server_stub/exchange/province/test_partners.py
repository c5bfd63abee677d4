"""Who is a partner: a card that fits its key, two of the staff, an end at any time, all in the log."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from server_stub.accounts.services import create_officer, create_organisation
from server_stub.config import tls
from server_stub.errors import Problem
from server_stub.evidence.models import Leaf
from server_stub.exchange.province import partners
from server_stub.exchange.province.models import Partner, PersonToken
from server_stub.exchange.province.words import Card, Scope
from tests.server_stub.exchange.province.other import Other, b64

PENALTIES = Scope(sections=("penalty",))


@pytest.fixture
def staff(db: None, home: Path) -> None:
    centre = create_organisation("C001", "示例市公共信用信息中心", "centre")
    bank = create_organisation("B001", "示例银行衡阳分行", "bank")
    for user, where in (("keeper1", centre), ("keeper2", centre), ("banker", bank)):
        create_officer(user, "测试", where, "a long enough password")


@pytest.fixture
def card(staff: None, home: Path) -> Card:
    """The card of a platform that is not ours."""
    other = Other()
    agreed, public = other.partner.agreement_b64, b64(other.public)
    Partner.objects.all().delete()
    pem = tls.make(home).ca_file.read_text("ascii")
    return Card(
        v=1, id=other.id, name="示例省平台", url="https://localhost:1", public_b64=public,
        agreement_b64=agreed, ca_pem=pem,
    )  # fmt: skip


def test_one_proposes_another_approves_and_each_act_is_a_leaf(card: Card) -> None:
    partners.add(card, direction="push", scope=PENALTIES, by="keeper1")
    with pytest.raises(Problem) as no:
        partners.approve(card.id, by="keeper1")
    assert no.value.code == "role-denied"
    assert partners.approve(card.id, by="keeper2").state == "approved"
    assert partners.stop(card.id, by="keeper1", why="协议到期").state == "stopped"
    kinds = list(Leaf.objects.filter(op_id=card.id).order_by("index").values_list("kind", "user"))
    assert kinds == [
        ("partner.added", "keeper1"), ("partner.approved", "keeper2"), ("partner.stopped", "keeper1"),
    ]  # fmt: skip


@pytest.mark.parametrize("user", ["banker", "nobody", ""])
def test_only_the_centres_staff_keeps_the_registry(card: Card, user: str) -> None:
    with pytest.raises(Problem) as no:
        partners.add(card, direction="push", scope=PENALTIES, by=user)
    assert no.value.code == "role-denied"
    assert not Partner.objects.exists()


def test_terms_change_only_while_stopped_and_new_terms_offer_everything_again(card: Card) -> None:
    partners.add(card, direction="push", scope=PENALTIES, by="keeper1")
    partners.approve(card.id, by="keeper2")
    Partner.objects.update(given_upto=70)
    wider = Scope(sections=("penalty", "licence"))
    with pytest.raises(Problem):
        partners.add(card, direction="push", scope=wider, by="keeper1")
    partners.stop(card.id, by="keeper1", why="新协议")
    assert partners.add(card, direction="push", scope=PENALTIES, by="keeper1").given_upto == 70
    assert partners.add(card, direction="push", scope=wider, by="keeper1").given_upto == 0
    assert Partner.objects.get().state == "proposed"


@pytest.mark.parametrize(
    "change",
    [
        {"id": "partner-0000000000000000"},
        {"public_b64": b64(b"short")},
        {"agreement_b64": "not base64"},
        {"ca_pem": ""},
    ],
)
def test_a_card_that_does_not_fit_is_refused(card: Card, change: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        partners.add(msgspec.structs.replace(card, **change), direction="push", scope=PENALTIES, by="keeper1")


@pytest.mark.parametrize(
    ("direction", "scope"),
    [
        ("sideways", PENALTIES),
        ("push", Scope(sections=())),
        ("push", Scope(sections=("other",))),
        ("push", Scope(sections=("penalty",), since="yesterday")),
    ],
)
def test_terms_that_are_none_are_refused(card: Card, direction: str, scope: Scope) -> None:
    with pytest.raises(ValueError, match=r".+"):
        partners.add(card, direction=direction, scope=scope, by="keeper1")


def test_a_new_agreement_makes_the_tokens_of_persons_anew(card: Card) -> None:
    held = partners.add(card, direction="pull", scope=PENALTIES, by="keeper1")
    PersonToken.objects.create(partner=held, token="x", subject_key="S")
    partners.add(card, direction="pull", scope=PENALTIES, by="keeper1")
    assert PersonToken.objects.exists()  # control: nothing changed
    agreed = X25519PrivateKey.generate().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    renewed = msgspec.structs.replace(card, agreement_b64=b64(agreed))
    partners.add(renewed, direction="pull", scope=PENALTIES, by="keeper1")
    assert not PersonToken.objects.exists()


def test_our_own_card_holds_public_halves_only_and_is_no_partner(staff: None, home: Path) -> None:
    tls.make(home)
    own = partners.own_card("https://localhost:7")
    secrets = [path.read_bytes() for path in home.glob("keys/*.key")]
    text = msgspec.json.encode(own)
    assert secrets
    assert not any(secret in text or b64(secret).encode() in text for secret in secrets)
    with pytest.raises(ValueError, match="our own"):
        partners.add(own, direction="push", scope=PENALTIES, by="keeper1")


@pytest.mark.parametrize("url", ["http://localhost", "https://user@localhost", "https://localhost/path"])
def test_an_address_is_https_and_nothing_else(staff: None, home: Path, url: str) -> None:
    tls.make(home)
    with pytest.raises(ValueError, match="url"):
        partners.own_card(url)
