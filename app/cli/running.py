"""From a command line to one printed answer and an exit code."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import sys
from collections.abc import Sequence
from typing import Any

import msgspec

from app.assembly import Client, open_client
from app.cli import asking, keeping, repairing, reporting, screening, signing, wiping
from app.cli.arguments import Misused, parser_in
from app.cli.done import Done, Verb
from app.cli.secrets import Secrets
from app.texts import LANGUAGES, Texts
from app.trouble import Fault, NotRight, Trouble, fault_place
from app.typed import require_whole

VERBS: dict[str, Verb] = {
    "sign-in": signing.sign_in,
    "lock": signing.lock,
    "passphrase": signing.passphrase,
    "wipe": wiping.wipe,
    "doctor": signing.doctor,
    "query": asking.query,
    "purposes": asking.purposes,
    "cached": asking.cached,
    "screen": screening.screen,
    "report": reporting.report,
    "reports": reporting.reports,
    "verify": reporting.verify,
    "objection": keeping.objection,
    "repair": repairing.repair,
    "outbox": keeping.outbox,
    "sync": keeping.sync,
    "ledger": keeping.ledger,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code of PRODUCT's list."""
    given = list(sys.argv[1:] if argv is None else argv)
    _no_core_dumps()
    texts = Texts(_language(given))
    as_json = "--json" in given
    try:
        require_whole("arguments", given)
    except NotRight as flaw:
        return _tell(flaw, texts, as_json)
    try:
        options = parser_in(texts).parse_args(given)
    except Misused as flaw:
        sys.stderr.write(f"{flaw}\n")
        return _tell(NotRight("usage.broken"), texts, as_json)
    try:
        return _run(options, texts)
    except Trouble as flaw:
        return _tell(flaw, texts, as_json)
    except KeyboardInterrupt:
        sys.stderr.write(texts.say("cli.interrupted") + "\n")
        return 130
    except Exception as flaw:  # noqa: BLE001 - the last net: say the kind and the place, never the values
        sys.stderr.write(f"{fault_place(flaw)}\n")
        return _tell(Fault("fault.unexpected", context={"kind": type(flaw).__name__}), texts, as_json)


def _run(options: Any, texts: Texts) -> int:
    secrets = Secrets(getattr(options, "secrets", ""), texts)
    client = open_client(getattr(options, "home", None), language=texts.language)
    try:
        done = VERBS[options.verb](client, options, secrets)
    except Trouble as flaw:
        client.syncing.note_heard(flaw.tells)
        raise
    finally:
        _close(client)
    try:
        _print(done, texts, getattr(options, "json", False))
    except BrokenPipeError:  # who was reading has left; what was done stands, and so does its code
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return done.exit_code


def _close(client: Client) -> None:
    """A command leaves nothing open behind it."""
    client.close()


def _print(done: Done, texts: Texts, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(msgspec.to_builtins(done.facts), ensure_ascii=False, indent=1) + "\n")
    else:
        for line in done.lines:
            sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _tell(flaw: Trouble, texts: Texts, as_json: bool) -> int:
    """Code, one sentence, what was kept, what to do."""
    known = flaw.text if texts.has(flaw.text) else f"problem.{flaw.text}"
    said = (
        texts.say(known, **flaw.context)
        if texts.has(known)
        else texts.say("fault.unexpected", kind=flaw.code)
    )
    kept = texts.say(flaw.kept) if flaw.kept and texts.has(flaw.kept) else ""
    own = "advice.kept" if flaw.kept == "kept.intent" else f"advice.{flaw.code}"
    advised = (own, f"advice.{flaw.kept}", f"advice.{flaw.move}")
    advice = texts.say(next(one for one in advised if texts.has(one)), **flaw.context)
    if as_json:
        error = {
            "code": flaw.code, "text": said, "kept": kept, "advice": advice, "retry": flaw.retry,
            "context": {key: value for key, value in flaw.context.items() if key != "receipts"},
        }  # fmt: skip
        sys.stdout.write(json.dumps({"error": error}, ensure_ascii=False, indent=1) + "\n")
    else:
        parts = [f"{flaw.code}  {said}", kept, advice]
        sys.stderr.write("\n".join(part for part in parts if part) + "\n")
    return flaw.exit_code


def _no_core_dumps() -> None:
    """A crash must not leave the memory of an open vault on the disk."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        resource = importlib.import_module("resource")
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _language(given: Sequence[str]) -> str:
    """The language has to be known before the grammar is built, for its help."""
    for place, word in enumerate(given):
        if word == "--language" and place + 1 < len(given) and given[place + 1] in LANGUAGES:
            return given[place + 1]
        if word.startswith("--language=") and word.partition("=")[2] in LANGUAGES:
            return word.partition("=")[2]
    return LANGUAGES[0]
