"""sign-in --enrolment: what the file says is shown, and the fingerprint told by another way is asked for."""

from __future__ import annotations

import sys
from typing import Any

from app.assembly import Client
from app.field.enrolment import same_authority
from app.services.enrolling import Offer
from app.trouble import NotRight, NotTrusted


def confirmed_offer(client: Client, options: Any) -> Offer:
    """The offer of `--enrolment`, once the fingerprint that somebody typed is its authority's. An authority
    that this computer knows already is not asked about again.

    Raises:
        NotRight: usage.broken beside `--server` or `--ca`; enrolment.unconfirmed when nothing was typed and
            nobody can be asked.
        NotTrusted: enrolment.fingerprint for another one. As `Enrolling.open`. Nobody was asked anything.
    """
    if options.server or options.ca:
        raise NotRight("usage.broken")
    offer = client.enrolling.open(options.enrolment)
    if offer.known and not options.fingerprint:
        return offer
    typed = options.fingerprint or _asked(client, offer, as_json=getattr(options, "json", False))
    if not typed:
        raise NotRight("enrolment.unconfirmed", context={"file": offer.file})
    if not same_authority(typed, offer.authority_sha256):
        raise NotTrusted("enrolment.fingerprint", context={"file": offer.file})
    return offer


def _asked(client: Client, offer: Offer, *, as_json: bool) -> str:
    if as_json or not sys.stdin.isatty():
        return ""
    say, said = client.texts.say, offer.enrolment
    lines = [say("cli.enrolment_says", url=said.url, organisation=said.organisation_name, user=said.user)]
    if offer.replaces:
        lines.append(say("enrolment.replaces", url=offer.replaces))
    sys.stdout.write("\n".join([*lines, say("cli.ask_fingerprint")]) + " ")
    sys.stdout.flush()
    return sys.stdin.readline().strip()
