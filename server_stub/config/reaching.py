"""Under which address the server listens, and under which names officers reach it."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Sequence
from urllib.parse import urlsplit

import msgspec
from django.core.exceptions import ImproperlyConfigured

NAMES, PUBLIC_URL, OWN_URL = "HENGXIN_NAMES", "HENGXIN_PUBLIC_URL", "HENGXIN_OWN_URL"
LOOPBACK = "127.0.0.1"
OWN = ("localhost", LOOPBACK)
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


class Reach(msgspec.Struct, frozen=True):
    """`host`: the address to listen on. `names`: what the certificate says, the machine's own names first.
    `public_url`: the base that officers type when a gateway stands in front, without a slash; else empty.
    """

    host: str = LOOPBACK
    names: tuple[str, ...] = OWN
    public_url: str = ""

    def url(self, port: int) -> str:
        """What officers type: the public address, else the first name given, else localhost."""
        if self.public_url:
            return self.public_url
        named = [name for name in self.names if name not in OWN]
        name = named[0] if named else OWN[0]
        return f"https://{f'[{name}]' if ':' in name else name}:{port}"

    def near(self) -> str:
        """An address of this machine at which the server can be asked whether it is up."""
        at = ipaddress.ip_address(self.host)
        if not at.is_unspecified:
            return self.host
        return LOOPBACK if at.version == 4 else "::1"


def reach(host: str, names: Sequence[str], *, sample: bool) -> Reach:
    """What `up` was told, judged together with the environment.

    Raises:
        ImproperlyConfigured: no address, no name, or words that do not go together; says which and why.
    """
    try:
        at = ipaddress.ip_address(host or LOOPBACK)
    except ValueError as flaw:
        raise ImproperlyConfigured(
            f"--host {host} is not an IP address of this machine; names go behind --name"
        ) from flaw
    base = public_url()
    given = [folded_name(name) for name in names]
    if base:
        given.append(folded_name(urlsplit(base).hostname or ""))
    if sample and not at.is_loopback:
        raise ImproperlyConfigured(
            f"--sample listens on loopback only: its passwords are in the printed line ({at} is not loopback)"
        )
    if at.is_unspecified and not given:
        raise ImproperlyConfigured(
            f"--host {at} needs --name or {PUBLIC_URL}: clients refuse a certificate without their name"
        )
    if str(at) != LOOPBACK and not at.is_unspecified:
        given.append(str(at))
    return Reach(str(at), tuple(dict.fromkeys([*OWN, *given])), base)


def public_url() -> str:
    """The configured public address, empty when there is none.

    Raises:
        ImproperlyConfigured: for anything but https://host or https://host:port.
    """
    text = os.environ.get(PUBLIC_URL, "").rstrip("/")
    if not text:
        return ""
    parts = urlsplit(text)
    try:
        whole = parts.scheme == "https" and parts.hostname and parts.port != 0
    except ValueError:
        whole = False
    if not whole or parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        raise ImproperlyConfigured(f"{PUBLIC_URL} must be https://host or https://host:port, without a path")
    folded_name(parts.hostname or "")
    return text


def own_url() -> str:
    """What `up` told its worker of the address it listens at; empty in every other process."""
    return os.environ.get(OWN_URL, "")


def allowed_names() -> list[str]:
    """Whom the Host header may name: this machine, the names that `up` was given, the public address."""
    host = urlsplit(public_url()).hostname
    named = [name for name in os.environ.get(NAMES, "").split(",") if name]
    bare = dict.fromkeys([*OWN, *named, *([host] if host else [])])
    return [f"[{name}]" if ":" in name else name for name in bare]


def folded_name(name: str) -> str:
    """A host name or address in small letters.

    Raises:
        ImproperlyConfigured: for wildcards, ports, and what is no host name.
    """
    text = name.strip().rstrip(".").lower()
    try:
        at = ipaddress.ip_address(text)
    except ValueError:
        labels = text.split(".")
        if len(text) > 253 or not all(_LABEL.fullmatch(label) for label in labels) or labels[-1].isdigit():
            raise ImproperlyConfigured(f"--name {name} is not a host name (no port, no wildcard)") from None
        return text
    if at.is_unspecified:
        raise ImproperlyConfigured(f"--name {name} is no name that a client could type")
    return str(at)
