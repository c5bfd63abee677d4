"""What the server refused, before the officer: what was written, why it was not taken, and an end to it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from app.assembly import Client
from app.cli.done import Done
from app.cli.rendering import clean
from app.desks.words import size_of
from app.services.objecting import KIND, Draft, ObjectionRow
from app.services.repair_drafts import RepairDraft
from app.services.returning import FILINGS
from app.trouble import NotRight, Refused
from local_cache.evidence import Named

D = TypeVar("D", Draft, RepairDraft)


def shown(client: Client, row: ObjectionRow, facts: dict[str, Any], lines: list[str]) -> Done:
    """A refused filing whole: its words, the evidence that is kept for it, and what can be done."""
    draft = _draft(client, row.op_id)
    if draft is None:
        return Done(facts, tuple(lines))
    say, proofs = client.texts.say, client.objecting.proofs(draft)
    written = (
        (say("objection_page.ground"), _choice(client, "ground", draft.ground)),
        (say("objection_page.wish"), _choice(client, "wish", draft.wish)),
        (say("objection_page.statement"), draft.statement),
        (say("objection_page.should_be"), draft.should_be),
        (say("objection_page.letter"), draft.letter_no),
        *((say("objection_page.proofs"), kept_line(client, draft, one)) for one in proofs),
    )
    for name, text in written:
        if text:
            first, *more = text.splitlines()
            lines += [clean(say("objection_page.pair", field=name, value=first)), *map(clean, more)]
    again = say("cli.refused_again", query_no=draft.query_no, rec_id=draft.rec_id, op_id=row.op_id)
    if draft.number:
        act = "recheck" if draft.act == "recheck" else "supplement"
        again = say("cli.refused_again_step", act=act, number=draft.number, op_id=row.op_id)
        lines += [say("objection.moved-on")] if draft.moved else []
    kept = {"draft": msgspec.to_builtins(draft), "proofs": [msgspec.to_builtins(one) for one in proofs]}
    return Done(facts | kept, (*lines, again))


def kept_line(client: Client, draft: Draft | RepairDraft, one: Named) -> str:
    """A kept file by name and size; what the server did not take bears its reason until it is left out."""
    said, say = f"{one.name}  {size_of(one.size)}", client.texts.say
    if one.place in draft.left_out:
        return f"{said}  {say('objection_page.left_out')}"
    refused = draft.file is not None and one.place in draft.file.places
    return f"{said}  {say(draft.file.mark)}" if refused and draft.file is not None else said


def without(proofs: Sequence[Named], draft: D, names: list[str]) -> D:
    """The draft without these files, by their names: kept ones do not go again, picked ones are forgotten.

    Raises:
        NotRight: attachment.not-kept for a name that none of them has.
    """
    places, picked = set(draft.left_out), list(draft.picked)
    for name in names:
        found = {one.place for one in proofs if one.name == name}
        left = [one for one in picked if Path(one if isinstance(one, str) else one[1]).name != name]
        if not found and left == picked:
            raise NotRight("attachment.not-kept", context={"file": name}, kept="kept.draft")
        places, picked = places | found, left
    return msgspec.structs.replace(draft, left_out=tuple(sorted(places)), picked=tuple(picked))


def dismiss(client: Client, options: Any) -> Done:
    """Done with a refused row, after a typed word or `--yes`.

    Raises:
        NotRight: outbox.none, outbox.not-refused; dismiss.unasked when nobody can be asked and `--yes` is not
            there.
        Refused: dismiss.declined when another word was typed. Nothing was changed in these cases.
    """
    say, op_id = client.texts.say, options.op_id
    row = next((one for one in client.syncing.outbox() if one.op_id == op_id), None)
    draft = _draft(client, op_id) if row is not None and FILINGS.get(row.kind) == KIND else None
    goes = say("cli.dismiss_goes_row")
    if draft is not None:
        count = len(client.objecting.proofs(draft))
        about = draft.document_no or draft.rec_id or draft.number
        goes = clean(say("cli.dismiss_goes", record=about, signs=len(draft.statement), count=count))
    if row is not None and row.state == "refused" and not options.yes:
        _ask(client, goes, asked=not getattr(options, "json", False) and sys.stdin.isatty())
    client.objecting.dismiss(op_id)
    return Done({"op_id": op_id, "dismissed": True}, (goes, say("cli.dismissed")))


def _ask(client: Client, goes: str, asked: bool) -> None:
    if not asked:
        raise NotRight("dismiss.unasked", kept="kept.returned")
    word = client.texts.say("cli.dismiss_word")
    sys.stdout.write(goes + "\n" + client.texts.say("cli.dismiss_ask", word=word) + "\n")
    sys.stdout.flush()
    if sys.stdin.readline().strip() != word:
        raise Refused("dismiss.declined", kept="kept.returned")


def _draft(client: Client, op_id: str) -> Draft | None:
    return next((one for one in client.objecting.drafts() if one.refused == op_id), None)


def _choice(client: Client, field: str, code: str) -> str:
    """A published choice in words; one of a later program is told as it came."""
    word = f"objection_page.{field}_{code}"
    return client.texts.say(word) if client.texts.has(word) else code
