"""A key that is lost for good: what its loss costs, whether another one can stand in its place, and how."""

from __future__ import annotations

import secrets
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from server_stub.accounts.ending import end_tokens
from server_stub.accounts.models import LeaseShare, Officer
from server_stub.accounts.sealing import seal
from server_stub.config import keys, marks, tls
from server_stub.config.clock import stamp
from server_stub.evidence.models import KeyMark
from server_stub.exchange.persons import services as persons
from server_stub.exchange.province import persons as handles
from server_stub.exchange.province.models import Partner, Turn
from server_stub.jobs import recognising
from server_stub.reports import authority

NAMES = (*keys.NAMES, *marks.FILES)
_ENDING = {"seal": "seal/seal.pem", "tls": "tls/ca.pem"}
# what the makers write beside the files of a name, under the same authority
_BESIDE = {
    "seal": ("seal/issuer.crl",),
    "stamp": ("seal/stamp-issuer.crl",),
    "tls": ("tls/server.pem", "tls/server.key"),
}
_SIGNED_OUT = frozenset(NAMES) - {"partner"}


@cache
def words(name: str) -> dict[str, str]:
    """The sentences about a key (texts/keys.toml): cost, seen, then, and never, each as _zh and _en."""
    text = files("server_stub").joinpath("texts", "keys.toml").read_text(encoding="utf-8")
    found: dict[str, str] = tomllib.loads(text)[name]
    return found


def places(name: str) -> tuple[str, ...]:
    """The files behind a name, as places in the home."""
    return marks.FILES.get(name, (f"keys/{name}.key",))


def state(home: Path, name: str) -> str:
    """missing, other, ending (a certificate that clients pin ends within a month, or did), else kept."""
    found = recognising.faults(home)
    wrong = [found[place] for place in places(name) if place in found]
    if wrong:
        return "missing" if "missing" in wrong else "other"
    pinned = home / _ENDING[name] if name in _ENDING else None
    return "ending" if pinned and pinned.exists() and tls.ends_soon(pinned) else "kept"


def is_never(name: str) -> bool:
    """Whether nothing sound can stand in its place on this home."""
    if name == "partner":
        return Turn.objects.exclude(kind="taken").exists()  # something of ours has left
    return name == "route"


@contextmanager
def another(home: Path, name: str) -> Iterator[None]:
    """A new one in its place for as long as what follows succeeds; else all lies as it lay before. What lay
    there goes aside.
    """
    aside = f"before-{''.join(sign for sign in stamp() if sign.isdigit())}"
    moved: list[tuple[Path, Path]] = []
    taken = _laid_by_the_operator(home) if name == "seal" else False
    written = () if taken else (*places(name), *_BESIDE.get(name, ()))
    try:
        for place in written:
            path = home / place
            if path.exists():
                kept = path.with_name(f"{path.name}.{aside}")
                path.rename(kept)
                moved.append((path, kept))
        if not taken:
            _make(home, name)
        keys.forget()
        yield
    except BaseException:
        for place in written:
            (home / place).unlink(missing_ok=True)
        for path, kept in moved:
            kept.rename(path)
        keys.forget()
        raise


def _laid_by_the_operator(home: Path) -> bool:
    """Whether a token holds the seal's key: then its new certificates lie there, and none is made.

    Raises:
        ImproperlyConfigured: they do not lie there.
    """
    if settings.HENGXIN_SEAL_TOKEN is None:
        return False
    gone = [place for place in places("seal")[1:] if not (home / place).is_file()]
    if gone:
        raise ImproperlyConfigured(f"lay the token's certificates there first: {', '.join(gone)}")
    return True


def _make(home: Path, name: str) -> None:
    if name in keys.NAMES:
        keys.make_one(home, name)
        return
    if name == "tls":
        tls.make(home)
        return
    authority.make_one(home, name)


def follow(home: Path, name: str, by: str) -> str:
    """What has to change with the new key, inside the transaction of its leaf; gives how the new one is told
    from the old one.
    """
    if name == "kek":
        _void_sealed(by)
    if name == "partner":
        Partner.objects.update(untold=[], taken_ack=None, taken_digest="")
    if name in _SIGNED_OUT:
        for officer in Officer.objects.all():
            end_tokens(officer)
    KeyMark.objects.filter(name__in=[name, *places(name)]).delete()
    if name in keys.NAMES:
        public = keys.publics(home).get(name, "")
        KeyMark.objects.create(name=name, mark=keys.marks(home)[name], public_b64=public)
        return public
    held = marks.marks(home, name)
    KeyMark.objects.bulk_create(KeyMark(name=place, mark=mark) for place, mark in held.items())
    return next(mark for place, mark in held.items() if place.endswith(".pem"))


def _void_sealed(by: str) -> None:
    """What the lost key sealed is gone: seeds that nobody knows stand in for those of the codes."""
    for officer in Officer.objects.all():
        officer.totp_secret = seal(secrets.token_bytes(20), officer.user)
        officer.save(update_fields=["totp_secret"])
    LeaseShare.objects.all().delete()
    handles.forget_all()
    persons.throw_away_waiting("keys/kek.key", by)
