"""From which address a request comes: the line's own, or the one that a gateway of ours names.

`X-Forwarded-For` is anybody's to write. It is read only on a line that comes from an address of
HENGXIN_GATEWAYS, and only from its end: the first entry that is no gateway of ours is who knocked there.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence

from django.conf import settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
UNKNOWN = ""
_SITE = 64  # one line of a household or an office: an IPv6 address below it costs nothing


def caller(meta: Mapping[str, str]) -> str:
    """The address behind a request, one text for all that one line can use; UNKNOWN when the line has none.

    Args:
        meta: the request's META.
    """
    gateways: Sequence[Network] = settings.HENGXIN_GATEWAYS
    at = _read(meta.get("REMOTE_ADDR", ""))
    for named in reversed(meta.get("HTTP_X_FORWARDED_FOR", "").split(",")):
        if at is None or not any(at in network for network in gateways):
            break
        further = _read(named)
        if further is None:
            break
        at = further
    return _line(at) if at is not None else UNKNOWN


def _line(at: Address) -> str:
    if isinstance(at, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((at, _SITE), strict=False))
    return str(at)


def _read(text: str) -> Address | None:
    try:
        at = ipaddress.ip_address(text.strip().strip("[]"))
    except ValueError:
        return None
    mapped = at.ipv4_mapped if isinstance(at, ipaddress.IPv6Address) else None
    return mapped or at
