"""Reads the enrolment file of the centre. It writes nothing and asks nobody: what it hands back waits for the
officer, who compares the fingerprint with the one told by another way.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature

from app.field.enrolment import (
    KIND,
    LARGEST,
    VERSION,
    Enrolment,
    EnrolmentFile,
    compared,
    enrolment_flaw,
)
from app.field.records import Signed
from app.paths import Home
from app.profiles import read_profiles
from app.trouble import NotRight, NotTrusted, Refused
from app.wire.authority import is_one_authority
from app.wire.strict import read_as, read_json
from app.wire.trust import Trust, authority_sha256, check_ed25519, load_trust
from local_cache.faults import Missing, VaultFault
from local_cache.header import read_header


@dataclass(frozen=True)
class Offer:
    """What a file says, judged and not yet believed. `groups`: the eight groups to compare. `known`: this
    computer knows the very authority and keys already. `moves_from`: the address kept here, when the file
    names another one for the same server. `replaces`: the address of another server that this computer was
    enrolled with and of which no vault is left. Both are empty else."""

    file: str
    enrolment: Enrolment
    authority_sha256: str
    known: bool = False
    moves_from: str = ""
    replaces: str = ""

    @property
    def groups(self) -> str:
        return compared(self.authority_sha256)


class Enrolling:
    """Opens enrolment files for this home."""

    def __init__(self, home: Home) -> None:
        self.home = home

    def open(self, path: Path) -> Offer:
        """What the file says, if it can be believed here at all.

        Raises:
            NotRight: enrolment.missing, .large, .form, .version, .field (context field), .authority.
            NotTrusted: enrolment.altered when its signature does not fit what it says.
            Refused: enrolment.elsewhere while a vault of another server is here.
            VaultTrouble: trust.broken, profiles.damaged.
        """
        enrolment = read_enrolment(_bytes_of(path), path.name)
        mark = authority_sha256(enrolment.ca_pem)
        kept = load_trust(self.home.trust)
        if kept is None:
            return Offer(path.name, enrolment, mark)
        if _same_server(kept, enrolment, mark):
            moved = kept.url if kept.url != enrolment.url else ""
            return Offer(path.name, enrolment, mark, known=True, moves_from=moved)
        if self._has_vault():
            raise Refused("enrolment.elsewhere", context={"url": kept.url}, kept="kept.vault")
        return Offer(path.name, enrolment, mark, replaces=kept.url)

    def _has_vault(self) -> bool:
        """Whether a vault is here that a passphrase may open; one whose header does not read counts."""
        for one in read_profiles(self.home.profiles).profiles:
            try:
                if read_header(self.home.vault(one.profile).header).wraps:
                    return True
            except Missing:
                continue
            except VaultFault:
                return True
        return False


def read_enrolment(raw: bytes, name: str) -> Enrolment:
    """What the bytes of a file called `name` say.

    Raises:
        NotRight: enrolment.form, enrolment.version, enrolment.field, enrolment.authority.
        NotTrusted: enrolment.altered.
    """
    file = {"file": name}
    try:
        whole = read_json(raw)
        if not isinstance(whole, dict) or whole.get("type") != KIND:
            raise NotRight("enrolment.form", context=file)
        if whole.get("v") != VERSION:
            raise NotRight("enrolment.version", context=file)
        signed = read_as(raw, EnrolmentFile).signed
        payload = base64.b64decode(signed.payload_b64, validate=True)
        enrolment = read_as(payload, Enrolment)
    except ValueError as flaw:
        raise NotRight("enrolment.form", context=file) from flaw
    if not _is_unchanged(signed, payload, enrolment.answers_public_b64):
        raise NotTrusted("enrolment.altered", context=file)
    field = enrolment_flaw(enrolment)
    if field:
        raise NotRight("enrolment.field", context={**file, "field": field})
    if not is_one_authority(enrolment.ca_pem):
        raise NotRight("enrolment.authority", context=file)
    return enrolment


def _bytes_of(path: Path) -> bytes:
    if not path.is_file():
        raise NotRight("enrolment.missing", context={"file": path.name})
    try:
        with path.open("rb") as opened:
            raw = opened.read(LARGEST + 1)
    except OSError as flaw:
        raise NotRight("enrolment.missing", context={"file": path.name}) from flaw
    if len(raw) > LARGEST:
        raise NotRight("enrolment.large", context={"file": path.name, "limit": LARGEST // 1024})
    return raw


def _is_unchanged(signed: Signed, payload: bytes, public_b64: str) -> bool:
    try:
        public = base64.b64decode(public_b64, validate=True)
        check_ed25519(public_b64, base64.b64decode(signed.sig_b64, validate=True), payload)
    except (ValueError, InvalidSignature):
        return False
    return signed.key_id == f"answers-{hashlib.sha256(public).hexdigest()[:16]}"


def _same_server(kept: Trust, enrolment: Enrolment, mark: str) -> bool:
    """By its keys and its authority; the address may change."""
    mine = (kept.log.public_b64, kept.answers.public_b64, authority_sha256(kept.ca_pem))
    return mine == (enrolment.log_public_b64, enrolment.answers_public_b64, mark)
