"""An officer, a clock and a sign-in for tests of the vault; the keyring is a real one or none."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from app.clock import utc_text
from app.field.records import (
    Basis,
    Bundle,
    Lease,
    PurposeRef,
    Record,
    Requester,
    Signed,
    SubjectCard,
    write_bundle,
)
from app.keys.device import DeviceKey
from app.keys.envelope import Envelope, Strength
from app.keys.ring import Ring
from app.lanes import Lane
from app.paths import Home
from app.services.unlocking import Unlocking
from app.trouble import NotTrusted
from app.wire.messages import SessionGrant, UserCard
from local_cache import answers, drafts, outbox
from local_cache.answers import Copy
from local_cache.drafts import Body
from local_cache.outbox import OutboxItem

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
LIGHT = Strength(t=1, m_kib=64, p=1)
LONG = "correct horse 电池"
PIN = "804271"
PROFILE = "u0123"
USER = UserCard("u1", "示例柜员", "bank_officer", "MA000001", "示例银行", "bank")
SHARE = hashlib.sha256(b"share-1").digest()


class TurnedClock:
    """A clock that tests turn: `pass_` for time that goes by, `wall` for a hand on the wall clock."""

    def __init__(self) -> None:
        self.wall, self.mono, self.boot = START, 1_000_000, "boot-1"

    def now(self) -> datetime:
        return self.wall

    def monotonic_ms(self) -> int:
        return self.mono

    def boot_id(self) -> str:
        return self.boot

    def pass_(self, **span: float) -> None:
        step = timedelta(**span)
        self.wall += step
        self.mono += int(step.total_seconds() * 1000)


def signed(value: dict[str, Any] | bytes) -> Signed:
    """Payload and a signature that only `checked` below believes."""
    raw = value if isinstance(value, bytes) else msgspec.json.encode(value)
    return Signed(base64.b64encode(raw).decode(), "answers-1", base64.b64encode(b"good").decode())


def checked(value: Signed) -> bytes:
    """Stands for the pinned key: believes what `signed` made."""
    if base64.b64decode(value.sig_b64) != b"good":
        raise NotTrusted("answer.unsigned")
    return base64.b64decode(value.payload_b64)


def grant(
    key: DeviceKey,
    issued: datetime = START,
    hours: int = 72,
    share_id: str = "s1",
    share: bytes = SHARE,
    **more: Any,
) -> SessionGrant:
    """What an active device receives."""
    lease = {
        "type": "lease", "lease_id": "lease-1", "user": "u1", "device_id": key.thumbprint(),
        "issued": utc_text(issued), "not_after": utc_text(issued + timedelta(hours=hours)),
        "max_subjects": 200, "share_id": share_id,
    }  # fmt: skip
    policy = {
        "type": "policy", "version": 1, "issued": utc_text(issued), "role": "bank_officer",
        "purposes": [{"code": "loan", "zh": "授信审批", "en": "credit"}],
    }  # fmt: skip
    values = {
        "access_token": "access-1", "access_s": 600, "refresh_token": "refresh-1", "refresh_s": 3600,
        "user": USER, "device_id": key.thumbprint(), "lease": signed({**lease, **more.pop("lease", {})}),
        "lease_share_b64": base64.b64encode(share).decode(), "share_id": share_id, "policy": signed(policy),
        "cursor": "c0", "last_n": 0, "last_hash": "",
    }  # fmt: skip
    return SessionGrant(**{**values, **more})


def unlocking(
    root: Path, clock: TurnedClock, ring: Ring | None = None, lane: Lane | None = None
) -> Unlocking:
    """A client's unlocking on a home; a second one on the same home is the program started anew."""
    home = Home(root).make()
    envelope = Envelope(floor=LIGHT)
    return Unlocking(home, lane or Lane("vault"), clock, ring or Ring.absent(), envelope)


def bundle(query_no: str, ends: datetime = START + timedelta(days=2), name: str = "红隼科技(示例)") -> Bundle:
    """A small answer about one made-up company."""
    record = Record(
        "r1", 1, "penalty", "行政处罚", "(2026)1号", "示例局", "2026-05-01", matter="未按规定公示年报"
    )
    return Bundle(
        type="bundle", v=1, query_no=query_no, op_id=f"op-{query_no}", made_at=utc_text(START),
        as_of=utc_text(START), as_of_seq=1, epoch="e", specimen=True, subject_key="k1", no_information=False,
        requester=Requester("u1", "示例柜员", "MA000001", "示例银行", "bank", "bank_officer"),
        purpose=PurposeRef("loan", "授信审批", "credit"), case_no="c", basis=Basis("open"),
        lease=Lease("lease-1", utc_text(START), utc_text(ends), 172800),
        subject=SubjectCard("k1", "legal", name, "91430400MA00000001"), records=(record,),
    )  # fmt: skip


def kept_copy(answer: Bundle, expires_ms: int, name: str = "红隼科技(示例)") -> Copy:
    """The answer as a stored copy."""
    return Copy(
        answer.query_no, answer.op_id, write_bundle(answer), "answers-1", b"good", "k1", "legal", name,
        "91430400MA00000001", "授信审批", answer.as_of, expires_ms, "lease-1", answer.as_of,
    )  # fmt: skip


def start(home: Path, clock: TurnedClock, lanes: list[Lane]) -> Unlocking:
    lanes.append(Lane("vault"))
    return unlocking(home, clock, lane=lanes[-1])


def create(client: Unlocking, key: DeviceKey, passphrase: str = LONG) -> None:
    client.create_vault(PROFILE, grant(key), passphrase, key, "柜台一")


def note_draft(client: Unlocking, key: str = "a") -> None:
    client.room.run(lambda o: drafts.save(o.work, "drafts", Body("objection", key, b"{}", "t")))


def queue(client: Unlocking, op_id: str, kind: str = "objection.file") -> None:
    client.room.run(lambda o: outbox.add(o.work, OutboxItem(op_id, kind, "t", b"{}", "0" * 64)))


def copies(client: Unlocking) -> int:
    return client.room.run(lambda o: answers.count(o.copies()))
