"""wipe: what it would take is said first, and a word has to be typed."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import Any

from app.assembly import Client
from app.cli.done import Done, unlock
from app.cli.secrets import Secrets
from app.desks import losses_words
from app.services.vault_ending import Losses
from app.trouble import NotRight, Refused


def wipe(client: Client, options: Any, secrets: Secrets) -> Done:
    """Destroy the keys of this vault, after the passphrase and a typed word, or `--yes`.

    Raises:
        NotRight: wipe.unasked when nobody can be asked and `--yes` is not there.
        Refused: wipe.declined when another word was typed. Nothing was changed in both cases.
    """
    asked = not options.yes
    if asked and (getattr(options, "json", False) or not sys.stdin.isatty()):
        raise NotRight("wipe.unasked", kept="kept.vault")
    unlock(client, secrets)
    say, losses = client.texts.say, client.unlocking.losses()
    told = _told(client, losses)
    if asked:
        _ask(client, told)
    sealed = client.unlocking.wipe()
    lines = [] if asked else list(told)
    lines.append(say("cli.wiped"))
    if sealed:
        lines.append(say("cli.wiped_sealed", count=sealed))
    return Done(
        {
            "wiped": True,
            "sealed": sealed,
            "sealed_for": "passphrase" if sealed else "",
            "losses": asdict(losses),
        },
        tuple(lines),
    )


def _ask(client: Client, told: tuple[str, ...]) -> None:
    word = client.texts.say("cli.wipe_word")
    sys.stdout.write("\n".join((*told, client.texts.say("cli.wipe_ask", word=word))) + "\n")
    sys.stdout.flush()
    if sys.stdin.readline().strip() != word:
        raise Refused("wipe.declined", kept="kept.vault")


def _told(client: Client, losses: Losses) -> tuple[str, ...]:
    """What goes for good, what is sealed first and for whom, and how to send it before."""
    texts = client.texts
    lines = [texts.say("cli.wipe_goes"), *(f"  {line}" for line in losses_words.gone(losses, texts))]
    lines += filter(None, [losses_words.sealed(losses, texts)])
    if losses_words.is_unsent(losses):
        lines.append(texts.say("cli.wipe_sync_first"))
    return tuple(lines)
