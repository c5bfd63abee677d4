"""Folding of names, by the table of troublesome characters; the index tokens and the spaced text."""

from __future__ import annotations

import csv
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.field import names
from app.field.names import bigrams, normalise, normalise_plain, printable, same_name, search_key, spaced

VECTORS = Path(__file__).parents[2] / "vectors"


def rows(kind: str) -> list[str]:
    with (VECTORS / "troublemakers.csv").open(encoding="utf-8", newline="") as table:
        points = [row["code_points"] for row in csv.DictReader(table) if row["class"] == kind]
    return ["".join(chr(int(point[2:], 16)) for point in text.split()) for text in points]


@pytest.mark.parametrize("dot", rows("name_dot"))
def test_every_typed_dot_is_the_name_dot(dot: str) -> None:
    assert same_name(f"阿里木{dot}测试", "阿里木·测试")


@pytest.mark.parametrize("sign", rows("invisible"))
def test_invisible_characters_change_no_name_and_never_print(sign: str) -> None:
    assert same_name(f"测{sign}试甲", "测试甲")
    assert sign not in printable(f"测{sign}试") or sign.isspace()
    assert all(shown.isprintable() or shown == "\n" for shown in printable(f"测{sign}试"))


def test_brackets_width_case_and_radicals() -> None:
    assert same_name("云石(示例)建材", "云石（示例）建材")
    assert same_name("衡许字〔2017〕第1号", "衡许字[2017]第1号")
    assert same_name("ＡＢＣ１２３", "abc123")
    assert same_name("⾦⽅", "金方")
    assert same_name("⻓沙", "长沙")
    assert same_name("二○一七", "二〇一七")
    assert not same_name("二一", "二-")
    assert not same_name("测试甲", "测试乙")


def test_rare_and_private_characters_stay_apart() -> None:
    assert normalise("𬭊") == "𬭊"
    assert not same_name("测\ue863", "测\ue815")
    assert search_key("测\ue863") == "测\ue863"
    assert spaced("示例𬭊业（衡阳）有限公司") == "示 例 𬭊 业 衡 阳 有 限 公 司"


def test_tokens() -> None:
    assert bigrams("衡阳") == ("衡阳",)
    assert bigrams("测试甲") == ("测试", "试甲", "测0甲")
    assert bigrams("云石（示例）") == ("云石", "石示", "示例")
    assert bigrams("石") == ("石",)
    assert bigrams("·") == ()


@given(st.text(max_size=40))
def test_folding_is_idempotent_and_tokens_come_from_the_key(text: str) -> None:
    key = search_key(text)
    assert search_key(key) == key
    pairs = {key[at : at + 2] for at in range(len(key) - 1)}
    assert pairs <= set(bigrams(text))
    assert spaced(text).replace(" ", "") == key


@given(st.text(max_size=40))
def test_printable_text_is_stable_and_plain(text: str) -> None:
    shown = printable(text)
    assert printable(shown) == shown
    assert not {"\u202e", "\u200b", "\x00"} & set(shown)


def test_the_short_way_is_taken_only_where_the_long_way_changes_nothing() -> None:
    for point in range(0x110000):
        sign = chr(point)
        odd = sign in names._LINE_ENDS or names._invisible(sign) or (names._is_blank(sign) and sign != " ")
        assert bool(names._ODD.search(sign)) == odd, f"U+{point:04X}"
        if names._PLAIN.fullmatch(sign):
            folded = unicodedata.normalize("NFKC", sign.translate(names._FOLD)).upper()
            assert folded == sign and not odd and unicodedata.category(sign)[0] in "LN", f"U+{point:04X}"


@given(
    st.lists(
        st.text(max_size=6)
        | st.sampled_from(["衡罚字〔2026〕1号", "衡罚字（2026）２号", "A|B", "a", "", " 云石 ", "【1】[2]"]),
        max_size=5,
    )
)
def test_many_names_fold_as_each_of_them(names: list[str]) -> None:
    assert normalise_plain(names) in (None, [normalise(name) for name in names])


def test_plain_names_fold_together() -> None:
    folded = ["衡罚字(2026)1号", "", "X(1)(2)(3)"]
    assert normalise_plain(["衡罚字〔2026〕1号", "", "X（1）[2]【3】"]) == folded
    assert normalise_plain(["衡罚字〔2026〕1号", "A|B"]) is None
    assert normalise_plain([]) is None
