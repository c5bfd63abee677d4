"""query, purposes and cached."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import msgspec

from app.assembly import Client
from app.cli.done import Done, local_time, unlock
from app.cli.rendering import answer_lines, clean
from app.cli.secrets import Secrets
from app.field.records import RegisterCard
from app.policy import Purpose
from app.services.answer import Answer
from app.services.querying import QueryRequest, SubjectAsk
from app.services.reviewing_offline import CopyRow
from app.trouble import NotRight


class _Many(Exception):  # noqa: N818 - several subjects bear the name: a result, not a trouble
    def __init__(self, rows: tuple[RegisterCard, ...], more: bool) -> None:
        super().__init__("many")
        self.rows, self.more = rows, more


def query(client: Client, options: Any, secrets: Secrets) -> Done:
    """One subject under one purpose."""
    if options.person and options.subject:
        raise NotRight("usage.broken")
    person = secrets.person(options.person) if options.person else None
    unlock(client, secrets)
    client.unlocking.policy().purpose(options.purpose)
    letter = client.lettering.read(options.letter) if options.letter is not None else None
    try:
        ask = _person(person) if person else _legal(client, options.subject, options.purpose)
    except _Many as many:
        return _candidates(client, options.subject, many)
    request = QueryRequest(
        ask, options.purpose, options.case, letter, not options.no_copy, bool(options.recent),
        options.document_seen,
    )  # fmt: skip
    answer = client.querying.query(request)
    ground = _on_official_letter(client, options.purpose, options.case)
    return Done(facts_of(answer), (*answer_lines(answer, client.texts), *ground))


def _on_official_letter(client: Client, purpose: str, case_no: str) -> tuple[str, ...]:
    """What an inquiry stands on: a letter of the officer's body, whose number is the case number."""
    if not client.unlocking.policy().purpose(purpose).official_letter:
        return ()
    return (clean(client.texts.say("cli.official_line", number=case_no)),)


def purposes(client: Client, options: Any, secrets: Secrets) -> Done:
    """What this officer may state, by the policy of the last sign-in; no server is needed.

    Raises:
        NotYou: policy.missing when no sign-in brought one yet.
    """
    unlock(client, secrets)
    found = client.unlocking.policy().purposes
    lines = tuple(_stated(client, one) for one in found)
    return Done({"purposes": msgspec.to_builtins(found)}, lines or (client.texts.say("cli.no_purposes"),))


def _stated(client: Client, one: Purpose) -> str:
    """A purpose by code and words, and whom it needs a letter for."""
    needs = (
        ("letter_person", one.letter_for_person),
        ("document_person", one.document_for_person),
        ("letter_enterprise", one.letter_for_enterprise),
        ("letter_official", one.official_letter),
    )
    letters = (client.texts.say(f"cli.{name}") for name, needed in needs if needed)
    english = client.texts.language == "en"
    parts = (one.code, one.words(client.texts.language), one.evidence_en if english else one.evidence_zh)
    return "  ".join(clean(part) for part in (*parts, *letters) if part)


def cached(client: Client, options: Any, secrets: Secrets) -> Done:
    """Copies on this computer; no server is needed."""
    unlock(client, secrets)
    files, say = client.offline_files, client.texts.say
    if options.act == "list":
        rows = files.list()
        lines = tuple(
            say("cli.copy_line", query_no=row.query_no, name=row.name, as_of=local_time(row.as_of),
                left=_life(client, row), purpose=_purpose(client, row))
            for row in rows
        )  # fmt: skip
        return Done({"copies": [asdict(row) for row in rows]}, lines or (say("cli.no_copies"),))
    if options.act == "search":
        hits = files.search(options.text)
        lines = tuple(
            say("cli.hit_line", query_no=hit.query_no, name=hit.name, snippet=hit.snippet) for hit in hits
        )
        return Done({"hits": [asdict(hit) for hit in hits]}, lines or (say("cli.no_hits"),))
    answer = files.open(options.which)
    facts = facts_of(answer) | {
        "offline": True,
        "left_s": answer.left_s,
        "left": _left(client, answer.left_s),
        "readable_until": answer.readable_until,
        "of_lease": answer.of_lease,
    }
    if answer.now_called:
        facts |= {"now_called": answer.now_called, "called_until": answer.called_until}
    head = say("cli.offline_head", as_of=local_time(answer.as_of), left=_life(client, answer))
    return Done(facts, (head, *_renamed(client, answer), *answer_lines(answer, client.texts)))


def _renamed(client: Client, answer: Answer) -> tuple[str, ...]:
    key = "renamed_after" if answer.called_until else "renamed"
    told = client.texts.say(f"offline_page.{key}", name=answer.now_called, day=answer.called_until)
    return (clean(told),) if answer.now_called else ()


def _purpose(client: Client, row: CopyRow) -> str:
    return row.purpose_en if client.texts.language == "en" else row.purpose_zh


def facts_of(answer: Answer) -> dict[str, Any]:
    """An answer as one JSON object."""
    bundle = answer.bundle
    changed = asdict(answer.changed) if answer.changed else None
    return {
        "query_no": answer.query_no,
        "source": answer.source,
        "as_of": answer.as_of,
        "made_at": bundle.made_at,
        "specimen": bundle.specimen,
        "no_information": bundle.no_information,
        "subject": msgspec.to_builtins(bundle.subject),
        "purpose": msgspec.to_builtins(bundle.purpose),
        "case_no": bundle.case_no,
        "basis": msgspec.to_builtins(bundle.basis),
        "counters": msgspec.to_builtins(bundle.counters),
        "standing": msgspec.to_builtins(bundle.standing),
        "records": msgspec.to_builtins(bundle.records),
        "rules": msgspec.to_builtins(bundle.rules),
        "lease": msgspec.to_builtins(bundle.lease),
        "cached": answer.cached,
        "released": answer.released,
        "replayed": answer.replayed,
        "changed": changed,
        "receipt": {"leaf_index": answer.leaf_index, "tree_size": answer.tree_size},
    }


def _person(card: dict[str, str]) -> SubjectAsk:
    return SubjectAsk("person", card["number"], card["name"], card["id_type"])


def _legal(client: Client, text: str, purpose: str) -> SubjectAsk:
    """A code goes on; a name only when exactly one subject bears exactly this name.

    Raises:
        NotRight: subject.empty, subject.person-file for an identity number, query.codeCheck.
    """
    found = client.querying.recognise(text)
    if found.kind == "empty":
        raise NotRight("subject.empty")
    if found.kind == "id_card":
        raise NotRight("subject.person-file")
    if found.kind == "uscc":
        return SubjectAsk("legal", number=found.value)
    if found.kind != "name" and not found.ok:
        if not found.fault_position:
            raise NotRight("number-invalid", "subject.code-length", {"length": len(found.value)})
        raise NotRight("number-invalid", "query.codeCheck", {"position": found.fault_position})
    rows = client.querying.candidates(found.value, purpose)
    exact = [row for row in rows.rows if row.match == "exact"]
    if len(exact) == 1:
        return SubjectAsk("legal", number=exact[0].code, subject_key=exact[0].subject_key)
    if not rows.rows:
        raise NotRight("not-found", "cli.no_candidate", {"name": found.value})
    raise _Many(rows.rows, rows.more)


def _candidates(client: Client, text: str, many: _Many) -> Done:
    """Register identity only, and exit 2: somebody has to choose."""
    say = client.texts.say
    lines = [say("query.ambiguous", name=text.strip(), count=len(many.rows))]
    for row in many.rows:
        why = "" if row.match == "exact" else say(f"home.match_{row.match}")
        if row.match == "former" and row.matched_name:
            why = say("home.match_former_name", name=row.matched_name)
        parts = (row.code, row.name, why, row.state, row.district, row.founded)
        lines.append("  ".join(part for part in parts if part))
    error = {
        "code": "query.ambiguous", "text": lines[0], "kept": "", "advice": say("cli.choose_code"),
        "retry": False,
    }  # fmt: skip
    facts = {"error": error, "candidates": msgspec.to_builtins(many.rows), "more": many.more}
    return Done(facts, (*lines, say("cli.choose_code")), 2)


def _life(client: Client, one: CopyRow | Answer) -> str:
    """How long a copy can be read, and that it is the lease that ends it."""
    left = _left(client, one.left_s)
    return client.texts.say("cli.left_of_lease", left=left) if one.of_lease else left


def _left(client: Client, seconds: int) -> str:
    if seconds >= 86_400:
        return client.texts.say("cli.left_days", days=seconds // 86_400)
    if seconds >= 3_600:
        return client.texts.say("cli.left_hours", hours=seconds // 3_600)
    return client.texts.say("cli.left_minutes", minutes=max(seconds, 0) // 60)
