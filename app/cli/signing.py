"""sign-in, lock, passphrase, doctor."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from app.assembly import Client
from app.cli.done import Done, local_time, unlock
from app.cli.enrolling import confirmed_offer
from app.cli.secrets import Secrets
from app.desks.doctor_words import finding
from app.services.doctoring import Check, gravest
from app.services.enrolling import Offer
from app.services.signing_in import ServerCard, SigningIn, SignInStep, default_device_name
from app.trouble import FAMILIES, NotNow, NotRight, NotYou, Refused, Trouble, VaultTrouble


def sign_in(client: Client, options: Any, secrets: Secrets) -> Done:
    """Password, code, enrolment where asked, vault: one command."""
    signing = client.signing_in
    known = signing.remembered()
    offer = confirmed_offer(client, options) if options.enrolment else None
    url = offer.enrolment.url if offer else options.server or (known.url if known else "")
    user = options.user or (offer.enrolment.user if offer else "") or (known.user if known else "")
    if not url or not user:
        raise NotRight("usage.broken")
    mine = signing.vault_user()
    if mine and mine == user:
        client.unlocking.unlock(secrets.get("passphrase"))
    elif not mine:
        signing.resume(url, user, secrets.get("passphrase"))
    card = _reached(signing, url, options.ca, offer)
    signing.password(user, secrets.get("password"))
    step = signing.code(secrets.get("totp"))
    name = options.device_name or default_device_name()
    if step.state == "enrol":
        signing.require_passphrase(secrets.get("passphrase"))
        step = signing.enrol(secrets.get("enrolment_code"), name)
    if step.state == "pending":
        signing.hold(secrets.get("passphrase"))
    _require_active(step)
    done = signing.seal(secrets.get("passphrase"))
    facts = {
        "user": asdict_user(done.user),
        "device_id": done.user.device_id,
        "device": name,
        "fingerprint": step.fingerprint,
        "lease": {"state": done.lease_state, "until": done.lease_until, "offline": done.offline},
        "server": {"url": card.url, "name": card.name, "specimen": card.specimen, "skew_s": card.skew_s},
        "keyring": signing.keyring_state(),
        "carried": done.carried,
    }
    say = client.texts.say
    return Done(
        facts,
        (
            say("cli.signed_in", name=done.user.name, user=done.user.user, unit=done.user.organisation_name),
            say("cli.device_line", device=name, fingerprint=step.fingerprint),
            say("cli.lease_line", until=local_time(done.lease_until)),
        ),
    )


def _reached(signing: SigningIn, url: str, ca_file: Path | None, offer: Offer | None) -> ServerCard:
    """Whoever answers at the address; before the first sign-in there is nothing to look at meanwhile."""
    try:
        return signing.reach_offered(offer) if offer else signing.reach(url, ca_file)
    except NotNow as flaw:
        if not signing.vault_user() and flaw.code.startswith("net."):
            raise NotNow(flaw.code, "sign_in.unreached", {"url": url}, kept="kept.nothing") from flaw
        raise


def asdict_user(user: Any) -> dict[str, str]:
    """The officer as facts."""
    device = ("device_id", "device_name")
    return {name: getattr(user, name) for name in user.__struct_fields__ if name not in device}


def _require_active(step: SignInStep) -> None:
    if step.state == "pending":
        raise NotNow("device-pending", "device.pending", {"fingerprint": step.fingerprint})
    if step.state == "revoked":
        raise Refused("device-revoked", "problem.device-revoked")
    if step.state != "active":
        raise NotYou("session.none")


def lock(client: Client, options: Any, secrets: Secrets) -> Done:
    """Between commands the vault is always locked; this says so."""
    if client.unlocking.card() is None:
        raise VaultTrouble("vault.none")
    client.unlocking.lock("asked")
    return Done({"locked": True}, (client.texts.say("cli.locked"),))


def passphrase(client: Client, options: Any, secrets: Secrets) -> Done:
    """Another passphrase around the same keys."""
    unlock(client, secrets)
    if secrets.get("new_passphrase") == secrets.get("passphrase"):
        raise NotRight("passphrase.same", "settings_page.passphrase_same")
    client.unlocking.change_passphrase(secrets.get("passphrase"), secrets.get("new_passphrase"))
    return Done({"changed": True}, (client.texts.say("cli.passphrase_changed"),))


def doctor(client: Client, options: Any, secrets: Secrets) -> Done:
    """Look at everything; with a passphrase at the vault's inside, too. What does not open is a finding."""
    checks = client.doctor.checks(_try_to_open(client, secrets))
    facts, lines = [], []
    for one in checks:
        remedy = _remedy(client, one)
        facts.append(asdict(one) | {"remedy_text": remedy})
        parts = (
            client.texts.say(f"cli.mark_{one.verdict}"),
            client.texts.say(f"doctor_check.{one.name}"),
            finding(one, client.texts),
            remedy if one.verdict != "ok" else "",
        )
        lines.append("  ".join(part for part in parts if part))
    move = gravest(checks)
    return Done({"checks": facts, "ok": not move}, tuple(lines), FAMILIES[move].exit_code if move else 0)


def _try_to_open(client: Client, secrets: Secrets) -> Trouble | None:
    """What keeps the vault shut; None when it is open now or was not to be opened. A vault that waits for
    its end is left alone: looking must not change anything."""
    if not secrets.has("passphrase"):
        return None
    try:
        card = client.unlocking.card()
        if card is not None and card.why != "revoked":
            client.unlocking.unlock(secrets.get("passphrase"))
    except Trouble as flaw:
        return flaw
    return None


def _remedy(client: Client, check: Check) -> str:
    """What to do, in words; "nothing" where all is well."""
    for text_id in (check.remedy, f"problem.{check.remedy}"):
        if check.remedy and client.texts.has(text_id):
            return client.texts.say(text_id)
    return client.texts.say("doctor.fine" if check.verdict == "ok" else "advice.vault")
