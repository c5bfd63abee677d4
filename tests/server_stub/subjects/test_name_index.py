"""The index of names on the engine of this run: complete, in order, for any text, persons never in it."""

from __future__ import annotations

import random
from datetime import date

import pytest
from django.db import connection
from django.db.models import ProtectedError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.field.names import pairs, search_key
from server_stub.subjects import name_index
from server_stub.subjects.errors import NameTooCommon, NameTooShort
from server_stub.subjects.models import IndexedName, Subject, TokenCount
from server_stub.subjects.name_index import ALIKE, CONTAINS, EXACT, PREFIX, NameIndex, alike_at
from server_stub.subjects.selectors import candidates
from server_stub.subjects.services import PersonEntry, cease, register, rename
from tests.app.field.test_names import rows as troublemakers
from tests.made_names import common_characters, made_names
from tests.server_stub.subjects.made import number, unit, units

pytestmark = pytest.mark.django_db
ALL = 10_000
COMPOSED = 1500


def found(text: str, limit: int = ALL) -> list[tuple[str, int]]:
    return [(hit.key, hit.rank) for hit in NameIndex().find(text, limit)]


def parts(keys: list[str], length: int, count: int, seed: int) -> list[str]:
    """`count` parts of that length out of these keys."""
    draw = random.Random(seed)
    whole = [key for key in keys if len(key) >= length]
    return [
        key[at : at + length]
        for key in draw.choices(whole, k=count)
        for at in [draw.randint(0, len(key) - length)]
    ]


def one_wrong(text: str, draw: random.Random) -> str:
    at = draw.randrange(len(text))
    other = draw.choice([sign for sign in common_characters()[:500] if sign != text[at]])
    return text[:at] + other + text[at + 1 :]


def test_a_part_of_a_name_finds_what_a_scan_finds() -> None:
    keys = {subject: search_key(name) for subject, name in units(made_names(COMPOSED)).items()}
    asked = [text for size in (2, 2, 3, 4, 6) for text in parts([*keys.values()], size, 25, size)]
    several = 0
    for text in asked:
        scanned = {subject for subject, key in keys.items() if text in key}
        hits = [hit.subject_key for hit in NameIndex().find(text, ALL)]
        assert len(hits) == len(set(hits))
        assert set(hits) == scanned, text
        several += len(scanned) > 1
    assert several > 40  # the control: not each text names one unit only


def test_one_wrong_character_finds_the_name_always() -> None:
    short = ["".join(random.Random(seed).sample(common_characters()[:60], 3)) for seed in range(150)]
    names = [*made_names(COMPOSED, seed=7), *dict.fromkeys(short)]
    keys = {subject: search_key(name) for subject, name in units(names).items()}
    draw = random.Random(11)
    tried = draw.sample(sorted(keys), 120) + sorted(keys, key=lambda one: len(keys[one]))[:60]
    missed = 0
    for subject in tried:
        text = one_wrong(keys[subject], draw)
        hits = NameIndex().alike(text, ALL)
        scanned = {one for one, key in keys.items() if alike_at(text, key) is not None}
        assert {hit.subject_key for hit in hits} == scanned, text
        assert all(hit.rank >= ALIKE for hit in hits)
        missed += subject not in scanned
    assert missed == 0


def test_one_wrong_character_in_a_part_of_the_name() -> None:
    keys = {subject: search_key(name) for subject, name in units(made_names(400, seed=3)).items()}
    draw = random.Random(5)
    for text in parts([*keys.values()], 5, 40, 2):
        wrong = one_wrong(text, draw)
        hits = {hit.subject_key for hit in NameIndex().alike(wrong, ALL)}
        assert hits == {one for one, key in keys.items() if alike_at(wrong, key) is not None}
        assert {one for one, key in keys.items() if text in key} <= hits


@pytest.mark.parametrize("kept", [0, 1, 2])
def test_control_without_the_outer_pair_a_short_name_is_lost(
    kept: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def neighbours(key: str) -> tuple[str, ...]:
        return tuple(token for token in pairs(key) if len(token) == 2)

    wrong = ["云", "石", "记"]
    wrong = [sign if at == kept else sign for at, sign in enumerate(wrong)]
    wrong[kept] = "错"
    with monkeypatch.context() as poorer:
        poorer.setattr(name_index, "pairs", neighbours)
        units(["云石记"])
        lost = NameIndex().alike("".join(wrong), 5) == []
    assert lost == (kept == 1)  # only the middle one needs the outer pair


def test_the_order_is_exact_beginning_containing_and_shorter_first() -> None:
    subject = unit(1, "青岚（示例）商贸", former=(("云石（示例）", date(2020, 1, 1)),))
    unit(2, "云石（示例）建材有限公司")
    unit(3, "衡阳云石（示例）")
    unit(4, "云石（示例）商贸")
    unit(5, "云石（示例）")
    unit(6, "云石（示例）", existing=False)
    unit(7, "云石（示例）电器", existing=False)
    hits = NameIndex().find("云石(示例)", ALL)
    assert [hit.key for hit in hits] == [
        *("云石示例", "云石示例", "云石示例"),
        *("云石示例商贸", "云石示例建材有限公司", "云石示例电器"),
        "衡阳云石示例",
    ]
    assert [hit.rank for hit in hits] == [EXACT, EXACT, EXACT + 1, PREFIX, PREFIX, PREFIX, CONTAINS]
    assert hits[2].subject_key == subject.subject_key
    assert NameIndex().find("云石示例", 3) == hits[:3]
    cards = candidates("云石（示例）", ALL)
    assert [card.state != "" or card.match for card in cards][:3] == ["exact", "exact", "former"]


def test_alike_ones_that_exist_come_before_ceased_ones() -> None:
    ceased = unit(1, "云石示例甲", existing=False)
    there = unit(2, "云石示例乙")
    unit(3, "云石示例建材商贸")
    hits = NameIndex().alike("云石示例丙", 2)
    assert [hit.subject_key for hit in hits] == [there.subject_key, ceased.subject_key]


def test_a_unit_is_listed_once_under_its_best_name() -> None:
    subject = unit(1, "云石（示例）建材", former=(("衡阳云石（示例）", None), ("云石（示例）", None)))
    assert NameIndex().find("云石示例", ALL) == [(subject.subject_key, "云石示例", EXACT + 1)]
    assert candidates("云石示例", ALL)[0].matched_name == "云石（示例）"


def test_tokens_of_two_names_do_not_make_a_hit() -> None:
    unit(1, "云石（示例）", former=(("石记（示例）", None),))
    unit(2, "石记云石（示例）")  # every pair of the query, and not the query
    assert NameIndex().find("云石记", ALL) == []
    assert NameIndex().find("石记云", ALL) != []


def test_one_wrong_character_is_said_so_and_only_when_nothing_else_fits() -> None:
    unit(1, "衡阳云石（示例）建材有限公司")
    unit(2, "衡阳云右（示例）建材有限公司")
    assert [card.match for card in candidates("云石示例", 5)] == ["contains"]
    (first, second) = candidates("云吉示例", 5)
    assert (first.match, second.match) == ("alike", "alike")
    assert candidates("云吉", 5) == []


def test_common_pairs_alone_are_refused_and_a_rare_one_beside_them_is_not() -> None:
    units([*made_names(60), "云石（示例）有限公司"])
    index = NameIndex(most_read=20)
    for text in ("示例", "（示例）"):
        with pytest.raises(NameTooCommon):
            index.find(text, ALL)
    assert [hit.key for hit in index.find("云石示例有限", ALL)] == ["云石示例有限公司"]
    units_with_both = [hit.key for hit in NameIndex().find("衡阳市石鼓区", ALL)]
    assert 1 < len(units_with_both) < 20
    common = NameIndex(most_read=len(units_with_both))
    assert [hit.key for hit in common.find("衡阳市石鼓区", ALL)] == units_with_both
    with pytest.raises(NameTooCommon):
        NameIndex(most_read=len(units_with_both) - 1).find("衡阳市石鼓区", ALL)
    with pytest.raises(NameTooCommon):
        index.alike("本例有限", ALL)
    assert index.find("没有此字", ALL) == []
    with pytest.raises(NameTooShort):
        index.find("云", ALL)


def test_a_rename_and_a_removal_leave_nothing_behind() -> None:
    subject = unit(1, "云石（示例）建材")
    rename(subject.subject_key, "青岚（示例）建材", date(2026, 1, 31))
    rename(subject.subject_key, "云石（示例）建材", date(2026, 2, 28))
    assert found("云石示例建材") == [("云石示例建材", EXACT)]
    assert found("青岚") == [("青岚示例建材", PREFIX + 1)]
    cease(subject.subject_key, "注销")
    with pytest.raises(ProtectedError):
        Subject.objects.all().delete()
    NameIndex().remove(subject.subject_key)
    assert found("云石") == found("青岚") == []
    assert not IndexedName.objects.exists()
    assert not TokenCount.objects.exclude(names=0).exists()
    with connection.cursor() as cursor:
        table = "subjects_name_tokens" if connection.vendor == "postgresql" else "subjects_name_fts"
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone() == (0,)
    unit(2, "云石（示例）商贸")
    assert found("云石") == [("云石示例商贸", PREFIX)]


def test_persons_are_never_listed() -> None:
    register([PersonEntry(name="云石示例甲", number=number("19900101"))])
    unit(1, "云石（示例）建材")
    cards = candidates("云石示例", ALL)
    assert [card.name for card in cards] == ["云石（示例）建材"]
    assert IndexedName.objects.count() == 1
    assert {hit.key for hit in NameIndex().alike("云石示例乙", ALL)} == {"云石示例建材"}


def test_the_name_is_kept_as_it_was_written() -> None:
    written = "ＡＢＣ·云石（示例）⾦⽅"
    subject = unit(1, written)
    for typed in ("abc・云石(示例)金方", "ABC云石示例", "abc云 石"):
        (card,) = candidates(typed, 5)
        assert card.name == written
    assert found("金方")[0] == (search_key(written), CONTAINS)
    assert Subject.objects.get(pk=subject.pk).name == written


@pytest.mark.parametrize(
    "sign", [one for kind in ("name_dot", "invisible", "pua", "symbol") for one in troublemakers(kind)]
)
def test_troublesome_characters_in_name_or_query_lose_no_name(sign: str) -> None:
    subject = unit(1, f"云石{sign}（示例）建材")
    unit(2, "青岚（示例）商贸")
    assert [card.subject_key for card in candidates(f"云石{sign}示例", 5)] == [subject.subject_key]


def test_characters_beyond_the_first_plane_and_unknown_ones() -> None:
    unit(1, "衡阳𬭊源（示例）有限公司")
    unit(2, "衡阳𰻝𬭊（示例）有限公司")
    assert found("𬭊源") == [("衡阳𬭊源示例有限公司", CONTAINS)]
    assert found("𰻝𬭊") == [("衡阳𰻝𬭊示例有限公司", CONTAINS)]


SYNTAX = st.sampled_from([*"\"'*()-{}^:%\\\0", "NEAR", "AND", "OR", "NOT", "云石", "NEAR(云石 示例, 2)"])
TYPED = [st.text(max_size=40), *(st.lists(SYNTAX, max_size=8).map(join) for join in ("".join, " ".join))]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(TYPED))
def test_no_text_is_a_syntax_error(db: None, text: str) -> None:
    if not IndexedName.objects.exists():
        unit(1, "云石（示例）AND建材")
    try:
        for hit in NameIndex().find(text, 5):
            assert search_key(text) in hit.key
        for hit in NameIndex().alike(text, 5):
            assert alike_at(search_key(text), hit.key) is not None
    except NameTooShort:
        assert len(search_key(text)) < 2


@given(st.text(max_size=30))
def test_a_search_key_is_its_own_key(text: str) -> None:
    assert search_key(search_key(text)) == search_key(text)
