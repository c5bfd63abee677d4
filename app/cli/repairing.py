"""repair: how a record stands, an application handed in, supplemented or given up, its progress."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from app.assembly import Client
from app.cli import returned
from app.cli.done import Done, local_time, unlock
from app.cli.outside import require_place
from app.cli.rendering import clean
from app.cli.secrets import Secrets
from app.desks.repair_words import checklist
from app.desks.words import joined, refused_words
from app.desks.written import write_noted
from app.services.filing import FiledItem
from app.services.repair_drafts import RepairDraft
from app.services.repairing import RepairRow
from app.trouble import NotRight


def repair(client: Client, options: Any, secrets: Secrets) -> Done:
    """standing, file, supplement, withdraw, list, show."""
    if options.act == "standing" and options.out is not None:
        require_place(options.out, ".txt", options.replace)
    unlock(client, secrets)
    acts = {"standing": _standing, "file": _file, "supplement": _supplement, "withdraw": _withdraw}
    if options.act in acts:
        return acts[options.act](client, options)
    if options.act == "list":
        client.repairing.fetch()
        rows = client.repairing.list()
        lines = tuple(_line(client, row) for row in rows)
        return Done(
            {"repairs": [_facts(row) for row in rows]}, lines or (client.texts.say("cli.no_repairs"),)
        )
    found = client.repairing.show(options.number)
    steps = found.view.history if found.view is not None else ()
    told = tuple(clean(f"  {local_time(one.at)}  {one.text}") for one in steps)
    return Done(_facts(found), (_line(client, found), *told, *_kept(client, found)))


def _kept(client: Client, row: RepairRow) -> tuple[str, ...]:
    """The papers that are kept for what was refused, each with what stands in its way."""
    draft = next((one for one in client.repairing.drafts() if row.op_id and one.refused == row.op_id), None)
    proofs = client.repairing.proofs(draft) if draft is not None else ()
    name = client.texts.say("objection_page.proofs")
    lines = (returned.kept_line(client, draft, one) for one in proofs if draft is not None)
    return tuple(clean(client.texts.say("objection_page.pair", field=name, value=line)) for line in lines)


def _asked(client: Client, draft: RepairDraft) -> RepairDraft:
    """The draft with how its record stands today."""
    standing = client.repairing.standing(draft.query_no, draft.rec_id)
    told_at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return msgspec.structs.replace(draft, standing=standing, told_at=told_at)


def _standing(client: Client, options: Any) -> Done:
    """Looked at only: a draft of this record, or one that came back refused, stays as it is."""
    draft, texts = _asked(client, client.repairing.blank(options.query_no, options.rec_id)), client.texts
    standing = draft.standing
    if standing is None:  # what was just asked for
        raise NotRight("repair.standing")
    kind = standing.kind(options.kind or "performance")
    said = checklist(draft, standing, kind, texts.language, datetime.now(UTC), texts)
    if options.out is not None:
        client.reporting.require_leave()
        write_noted(options.out, draft.query_no, said.encode("utf-8-sig"), client.repairing.exported)
    facts = msgspec.to_builtins(standing) | {"file": str(options.out or "")}
    return Done(facts, tuple(clean(line) for line in said.splitlines()))


def _file(client: Client, options: Any) -> Done:
    """Go on with the draft of this record, if there is one; it is kept before anybody is asked."""
    draft = client.repairing.draft(options.query_no, options.rec_id)
    said = {name: getattr(options, name) for name in ("statement", "letter_no") if getattr(options, name)}
    draft = msgspec.structs.replace(draft, code=options.kind, **said)
    draft = returned.without(client.repairing.proofs(draft), draft, options.leave_out)
    client.repairing.save_draft(draft)
    draft = _asked(client, draft)
    client.repairing.save_draft(draft)
    return _done(client, client.repairing.file(draft, _papers(options.paper)), "cli.filed")


def _supplement(client: Client, options: Any) -> Done:
    draft = client.repairing.supplement_of(options.number)
    draft = msgspec.structs.replace(draft, statement=options.statement)
    draft = returned.without(client.repairing.proofs(draft), draft, options.leave_out)
    client.repairing.save_draft(draft)
    return _done(client, client.repairing.file(draft, _papers(options.paper)), "cli.filed")


def _withdraw(client: Client, options: Any) -> Done:
    return _done(client, client.repairing.withdraw(options.number, options.why), "repair_page.withdrawn")


def _papers(given: list[str]) -> tuple[tuple[str, Path], ...]:
    """CHECK=FILE as the service takes them.

    Raises:
        NotRight: repair.paper for one without a check.
    """
    pairs = [one.partition("=") for one in given]
    for check, equals, file in pairs:
        if not (check and equals and file):
            raise NotRight("repair.paper", context={"paper": check + equals + file})
    return tuple((check, Path(file)) for check, _, file in pairs)


def _done(client: Client, item: FiledItem, text: str) -> Done:
    facts = {"op_id": item.op_id, "state": item.state, "number": item.number}
    if item.state == "queued":
        return Done(facts, (client.texts.say("cli.queued", op_id=item.op_id),), 4)
    return Done(facts, (client.texts.say(text, number=item.number),))


def _line(client: Client, row: RepairRow) -> str:
    say = client.texts.say
    state = say(f"repair_page.here_{row.state}") if row.op_id else ""
    if row.view is not None:
        state = row.view.state_words.of(client.texts.language) or row.state
    why = refused_words(row, client.texts) if row.why else ""
    due = say("cli.objection_due", date=row.due_on) if row.due_on else ""
    return clean(joined(row.number or row.op_id, state, row.subject, row.document_no, due, why))


def _facts(row: RepairRow) -> dict[str, Any]:
    view = msgspec.to_builtins(row.view) if row.view is not None else {}
    own = {"op_id": row.op_id, "number": row.number, "act": row.act, "state": row.state, "why": row.why}
    return (
        view | own | {"file": row.file, "query_no": row.query_no, "rec_id": row.rec_id, "due_on": row.due_on}
    )
