"""No text of any length or of odd characters ends in a fault, and none that does not fit is written down."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.assembly import Client, open_client
from app.field.limits import LONGEST, text_flaw
from app.field.receivers import Receiver
from app.keys.device import DeviceKey
from app.keys.envelope import Envelope
from app.keys.ring import Ring
from app.services.objecting import Draft
from app.services.querying import LetterCard, QueryRequest, SubjectAsk
from app.texts import LANGUAGES, Texts
from app.trouble import NotRight, Trouble
from local_cache import ledger, outbox
from tests.app.services.vaults import LIGHT, TurnedClock, create

CODE = "91430400MA00000007"
PERSON = SubjectAsk("person", "E12345678", "测试甲", "passport")
CARD = LetterCard(
    "测试甲", "passport", "E12345678", "示例银行", ("loan",), "全部", "2026-01-05", "2026-01-05",
    "2099-12-31", "single",
)  # fmt: skip
DRAFT = Draft("d1", "Q1", "r1", ground="content", wish="correct", statement="示例")
ODD = st.builds(
    lambda text, times: text * times, st.text(st.characters(), max_size=12), st.sampled_from([1, 1, 30, 5000])
)
Use = Callable[[Client, Path, str], object]


def ask(client: Client, subject: SubjectAsk, case_no: str = "L-1") -> object:
    return client.querying.query(QueryRequest(subject, "loan", case_no))


def changed(part: str) -> Use:
    return lambda client, _, text: ask(client, SubjectAsk(**{**vars(PERSON), part: text}))


def card(part: str) -> Use:
    def read(client: Client, folder: Path, text: str) -> object:
        facts = {**msgspec.to_builtins(CARD), "scan": "a.pdf", part: text}
        (folder / "a.pdf").write_bytes(b"%PDF-1.4\n")
        (folder / "a.json").write_text(json.dumps(facts), "utf-8")
        return client.lettering.read(folder / "a.json")

    return read


def filed(part: str) -> Use:
    return lambda client, _, text: client.objecting.file(msgspec.structs.replace(DRAFT, **{part: text}))


# field of app.field.limits -> who uses it
LIMITED: dict[str, Use] = {
    "case_no": lambda client, _, text: ask(client, PERSON, text),
    "search": lambda client, _, text: client.querying.candidates(text, "loan"),
    **{part: changed(part) for part in ("name", "number", "id_type")},
    **{part: card(part) for part in ("authoriser_name", "id_number", "institution", "scope")},
    **{part: filed(part) for part in ("ground", "wish", "statement", "should_be", "letter_no")},
    "query_no": lambda client, _, text: client.reporting.issue(text, receiver=Receiver("subject")),
    "receiver": lambda client, _, text: client.reporting.issue("Q1", receiver=Receiver("agent", text)),
    "void_why": lambda client, _, text: client.voiding.void("HYXYE1", text),
}
FREE: dict[str, Use] = {
    "code": lambda client, _, text: ask(client, SubjectAsk("legal", text)),
    "purpose": lambda client, _, text: client.querying.query(
        QueryRequest(SubjectAsk("legal", CODE), text, "L-1")
    ),
    "recognised": lambda client, _, text: client.querying.recognise(text),
    "preview": lambda client, _, text: client.reporting.begin_preview(text).whole(),
    "copy": lambda client, _, text: client.offline_files.open(text),
    "words": lambda client, _, text: client.offline_files.search(text),
    "record": lambda client, _, text: client.objecting.draft("Q1", text),
    "filed": lambda client, _, text: client.objecting.show(text),
    "kept draft": lambda client, _, text: client.objecting.save_draft(
        msgspec.structs.replace(DRAFT, statement=text)
    ),
    "any draft": lambda client, _, text: client.drafts.save("home", "k", {"case_no": text}),
}


@pytest.fixture
def whole(home: Path, clock: TurnedClock, key: DeviceKey) -> Iterator[Client]:
    client = open_client(home, clock, Ring.absent(), envelope=Envelope(floor=LIGHT))
    create(client.unlocking, key)
    yield client
    client.close()


def written(client: Client) -> tuple[int, int]:
    return client.unlocking.room.run(
        lambda opened: (len(ledger.entries(opened.work)), len(outbox.all_items(opened.work)))
    )


def trouble_of(use: Callable[[], object]) -> Trouble | None:
    """Anything but a Trouble goes through and fails the test."""
    try:
        use()
    except Trouble as flaw:
        return flaw
    return None


FEW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("field", sorted(LIMITED))
def test_a_text_that_does_not_fit_is_refused_before_anything_is_written(
    whole: Client, tmp_path: Path, field: str
) -> None:
    @FEW
    @given(ODD)
    @example("字" * (LONGEST[field] + 1))
    @example("L-1\ud800")
    @example("L-1\x00")
    def check(text: str) -> None:
        before = written(whole)
        flaw = trouble_of(lambda: LIMITED[field](whole, tmp_path, text))
        assert flaw is None or flaw.move != "fault", flaw
        if text_flaw(field, text.strip()):
            assert isinstance(flaw, NotRight), flaw
            assert written(whole) == before

    check()


@pytest.mark.parametrize("place", sorted(FREE))
def test_no_text_ends_in_a_fault(whole: Client, tmp_path: Path, place: str) -> None:
    @FEW
    @given(ODD)
    @example("\ud800")
    @example('"' * 50)
    def check(text: str) -> None:
        flaw = trouble_of(lambda: FREE[place](whole, tmp_path, text))
        assert flaw is None or flaw.move != "fault", flaw

    check()


@pytest.mark.parametrize("field", sorted(LIMITED))
def test_the_refusal_names_field_and_limit(whole: Client, tmp_path: Path, field: str) -> None:
    flaw = trouble_of(lambda: LIMITED[field](whole, tmp_path, "字" * (LONGEST[field] + 1)))
    assert flaw is not None
    assert (flaw.code, flaw.exit_code) == ("text-too-long", 2)
    for language in LANGUAGES:
        said = Texts(language).say(flaw.text, **flaw.context)
        assert str(LONGEST[field]) in said
        assert field not in said.split() or language == "en"


def test_control_the_longest_text_is_asked(whole: Client, tmp_path: Path) -> None:
    entries, items = written(whole)
    flaw = trouble_of(lambda: ask(whole, PERSON, "字" * LONGEST["case_no"]))
    assert (flaw is not None and flaw.code, written(whole)) == ("letter-needed", (entries, items))
    legal = SubjectAsk("legal", subject_key="k1")
    assert (flaw := trouble_of(lambda: ask(whole, legal, "字" * LONGEST["case_no"]))) is not None
    assert written(whole) == (entries + 1, items + 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_has_words(language: str) -> None:
    texts = Texts(language)
    assert [field for field in LONGEST if not texts.has(f"field.{field}")] == []
