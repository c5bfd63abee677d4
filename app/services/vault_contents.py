"""What an open vault keeps about its officer: session, lease, policy, tokens, share, device key, time."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, replace

import msgspec

from app.policy import Policy, read_policy
from app.services.returning import refused_filings
from app.services.room import User
from app.trouble import NotTrusted, VaultTrouble
from app.trusted_time import Anchor
from app.wire.messages import DeviceLease, SessionGrant
from local_cache import drafts, evidence, outbox, state
from local_cache.database import Connection, transaction
from local_cache.drafts import Body
from local_cache.evidence import Proof
from local_cache.vault import Vault

CHAINED = ("query", "report.issue", "report.void", "screen")
WITHHELD = "lease_withheld"


class Share(msgspec.Struct, frozen=True):
    """The lease's share, where no keyring can have it."""

    share_id: str
    share: bytes


@dataclass(frozen=True)
class KeptSession:
    """What the last sign-in brought."""

    user: User
    policy: Policy | None
    lease: DeviceLease | None


@dataclass(frozen=True)
class Carried:
    """Drafts and unsent items that outlive their vault; a refused filing comes along for the sake of its
    draft."""

    drafts: tuple[Body, ...] = ()
    items: tuple[outbox.OutboxItem, ...] = ()
    evidence: tuple[Proof, ...] = ()

    @property
    def count(self) -> int:
        return len(self.drafts) + sum(item.state != "refused" for item in self.items)


def keep_session(work: Connection, user: User, session: SessionGrant, at: str) -> None:
    """Keep user, lease, policy and tokens in one transaction. The caller has checked the signatures."""
    with transaction(work, "work"):
        for key, body in (
            ("user", msgspec.json.encode(user)),
            ("lease", payload(session.lease.payload_b64)),
            ("policy", payload(session.policy.payload_b64)),
        ):
            drafts.save(work, "kept", Body("session", key, body, at))
        store_tokens(work, session.access_token, session.refresh_token)


def keep_lease(work: Connection, lease: bytes, at: str) -> None:
    """Keep the payload of a lease that came without a sign-in. The caller has checked its signature."""
    drafts.save(work, "kept", Body("session", "lease", lease, at))


def withheld(work: Connection) -> str:
    """The code why the last contact did not renew the lease; empty when it did."""
    return state.get(work, WITHHELD)


def note_withheld(work: Connection, code: str) -> None:
    """Write down why the lease was not renewed; an empty code: it was."""
    state.put(work, {WITHHELD: code})


def read_session(work: Connection) -> KeptSession:
    """What `keep_session` kept.

    Raises:
        VaultTrouble: vault.damaged when the rows are not readable.
    """
    bodies = {item.key: item.body for item in drafts.listed(work, "kept", "session")}
    try:
        return KeptSession(
            msgspec.json.decode(bodies["user"], type=User),
            read_policy(bodies["policy"]) if "policy" in bodies else None,
            msgspec.json.decode(bodies["lease"], type=DeviceLease) if "lease" in bodies else None,
        )
    except (KeyError, msgspec.DecodeError) as flaw:
        raise VaultTrouble("vault.damaged", context={"part": "work"}) from flaw


def tokens(work: Connection) -> tuple[str, str]:
    """Access and refresh token, empty when there are none."""
    found = state.get_secret(work, "tokens")
    access, _, refresh = (found or b"").decode("ascii").partition("\n")
    return access, refresh


def store_tokens(work: Connection, access: str, refresh: str) -> None:
    """Replace the tokens; empty ones are forgotten."""
    if access or refresh:
        state.put_secret(work, "tokens", f"{access}\n{refresh}".encode("ascii"))
    else:
        state.drop_secret(work, "tokens")


def share(work: Connection, share_id: str) -> bytes | None:
    """The share kept inside the vault, when it is the one of that id."""
    found = state.get_secret(work, "share")
    if found is None:
        return None
    kept = msgspec.json.decode(found, type=Share)
    return kept.share if kept.share_id == share_id else None


def store_share(work: Connection, share_id: str, value: bytes) -> None:
    """Keep the share inside the vault."""
    state.put_secret(work, "share", msgspec.json.encode(Share(share_id, value)))


def forget_share(work: Connection) -> None:
    """The lease ended."""
    state.drop_secret(work, "share")


def device_key(work: Connection) -> str | None:
    """The device's private key (PEM), where no keyring has it."""
    found = state.get_secret(work, "device")
    return found.decode("ascii") if found is not None else None


def store_device_key(work: Connection, pem: str) -> None:
    """Keep the device's private key inside the vault."""
    state.put_secret(work, "device", pem.encode("ascii"))


def anchor(work: Connection) -> Anchor:
    """The time last seen.

    Raises:
        VaultTrouble: vault.damaged when the value is not readable.
    """
    text = state.get(work, "anchor", "{}")
    try:
        return Anchor.from_json(msgspec.json.decode(text.encode()))
    except (msgspec.DecodeError, TypeError, ValueError) as flaw:
        raise VaultTrouble("vault.damaged", context={"part": "work"}) from flaw


def cache_is_older(vault: Vault) -> bool:
    """Whether work.db remembers a later turn of cache.db than cache.db itself."""
    known = int(state.get(vault.work, "cache_turn", "0"))
    return int(state.get(vault.copies(), "turn", "0", part="cache")) < known


def carry(work: Connection) -> Carried:
    """Drafts, with the refused filings they are of, and unsent items. Items that a chain entry stands for
    stay behind: another chain cannot carry them."""
    unsent = (item for item in outbox.all_items(work, only_open=True) if item.kind not in CHAINED)
    items = (*unsent, *refused_filings(work))
    return Carried(
        tuple(drafts.listed(work, "drafts")),
        tuple(replace(item, entry_n=None) for item in items),
        tuple(evidence.everything(work)),
    )


def restore(work: Connection, carried: Carried) -> None:
    """Put what was carried into a new vault."""
    with transaction(work, "work"):
        for draft in carried.drafts:
            drafts.save(work, "drafts", draft)
        for item in carried.items:
            if outbox.get(work, item.op_id) is None:
                outbox.add(work, item)
                proofs = (one for one in carried.evidence if one.op_id == item.op_id)
                evidence.add(work, [replace(one, sent=0) for one in proofs])


def new_key() -> bytearray:
    """A random 32-byte key."""
    return bytearray(secrets.token_bytes(32))


def payload(text_b64: str) -> bytes:
    """Bytes of a signed payload.

    Raises:
        NotTrusted: answer.malformed when it is no base64.
    """
    try:
        return base64.b64decode(text_b64, validate=True)
    except ValueError as flaw:
        raise NotTrusted("answer.malformed") from flaw
