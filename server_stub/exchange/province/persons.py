"""Persons are matched between two platforms by tokens under the pair key; no number and no name is sent.

The server keeps no person's number. When a person enters the register, the digest of the number is sealed
under the key-encryption key; tokens for partners, also for later ones, are made of it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence

from app.field.names import normalise
from server_stub.accounts.sealing import seal, unseal
from server_stub.exchange.province.credentials import pair_key
from server_stub.exchange.province.models import Partner, PersonHandle, PersonToken
from server_stub.subjects.models import Subject

_AT_ONCE = 500


def keep(persons: Sequence[tuple[str, bytes]]) -> None:
    """Keep the sealed digest for persons that have none yet: (subject key, digest of the number)."""
    PersonHandle.objects.bulk_create(
        (PersonHandle(subject_key=key, sealed=seal(digest, _owner(key))) for key, digest in persons),
        batch_size=_AT_ONCE,
        ignore_conflicts=True,
    )


def forget(subject_keys: Sequence[str]) -> None:
    """Persons who were taken out of the register are offered to nobody."""
    for rows in (PersonHandle, PersonToken):
        rows.objects.filter(subject_key__in=list(subject_keys)).delete()


def forget_all() -> None:
    """What was sealed cannot be read any more; a person is offered again once the register says him again."""
    PersonHandle.objects.all().delete()
    PersonToken.objects.all().delete()


def tokens(partner: Partner, subject_keys: Iterable[str]) -> dict[str, str]:
    """The tokens of persons for a partner; a person without a sealed digest is absent."""
    key = pair_key(partner, "person")
    rows = PersonHandle.objects.filter(subject_key__in=list(subject_keys))
    return {row.subject_key: _token(key, row) for row in rows}


def name_token(partner: Partner, name: str) -> str:
    """The token of a name as it is compared."""
    return hmac.new(pair_key(partner, "name"), normalise(name).encode(), hashlib.sha256).hexdigest()


def found(partner: Partner, token: str, named: str) -> Subject | None:
    """The person of a token whose present or a former name has the token `named`; None else."""
    row = PersonToken.objects.filter(partner=partner, token=token).first()
    subject = Subject.objects.filter(subject_key=row.subject_key, kind="person").first() if row else None
    if subject is None:
        return None
    names = [subject.name, *subject.former_names.values_list("name", flat=True)]
    return subject if named in {name_token(partner, name) for name in names} else None


def index(partner: Partner) -> int:
    """Make the missing tokens of our persons for a partner; returns how many."""
    known = PersonToken.objects.filter(partner=partner).values("subject_key")
    key, made = pair_key(partner, "person"), 0
    while True:
        missing = list(PersonHandle.objects.exclude(subject_key__in=known)[:_AT_ONCE])
        PersonToken.objects.bulk_create(
            PersonToken(partner=partner, token=_token(key, row), subject_key=row.subject_key)
            for row in missing
        )
        made += len(missing)
        if len(missing) < _AT_ONCE:
            return made


def unmatched() -> int:
    """Persons of the register that no partner can be told of: they came before their digest was kept."""
    known = PersonHandle.objects.values("subject_key")
    return Subject.objects.filter(kind="person").exclude(subject_key__in=known).count()


def _token(key: bytes, row: PersonHandle) -> str:
    digest = unseal(row.sealed, _owner(row.subject_key))
    return hmac.new(key, digest, hashlib.sha256).hexdigest()


def _owner(subject_key: str) -> str:
    return f"person/{subject_key}"
