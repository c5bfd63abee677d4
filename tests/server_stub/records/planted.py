"""Running text with a person planted in it, and whether the person is still there."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

import msgspec
from hypothesis import strategies as st

KNOWN = "测试甲"  # whom the record names
GIVEN = ("测试", "试", "测", "示例", "例甲")
_DAY = "19900101"


class Planted(msgspec.Struct, frozen=True):
    """A text, the name in it, and the numbers in it without blanks and dashes."""

    text: str
    name: str
    numbers: tuple[str, ...]


def left_in(whole: str, planted: Planted) -> list[str]:
    """What of the person can still be read in `whole`."""
    folded = unicodedata.normalize("NFKC", whole)
    plain = folded.replace(" ", "").replace("-", "")
    return [one for one in (planted.name, *planted.numbers) if one in plain]


def _wide(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" < sign < "~" else sign for sign in text)


def _spread(number: str, cuts: Iterable[int], gap: str) -> str:
    parts, last = [], 0
    for cut in (*cuts, len(number)):
        parts.append(number[last:cut])
        last = cut
    return gap.join(parts)


@st.composite
def planted(draw: st.DrawFn) -> Planted:
    """A person as the centre, a department or a keeper writes one into a text."""
    family = draw(st.sampled_from(["张", "李", "欧阳", "于", "付", "王"]))
    stranger = family + draw(st.sampled_from(GIVEN))
    name = draw(st.sampled_from([KNOWN, stranger]))
    identity = "430400" + _DAY + "000" + draw(st.sampled_from("0123456789X"))
    mobile = "138" + draw(st.sampled_from(["00000001", "00001234"]))
    gap = draw(st.sampled_from(["", " ", "-"]))
    id_text = _spread(identity, (6, 14), gap)
    phone_text = draw(st.sampled_from(["", "+86", "86 "])) + _spread(mobile, (3, 7), gap)
    if draw(st.booleans()):
        id_text, phone_text = _wide(id_text), _wide(phone_text)
    way = draw(
        st.sampled_from(
            [
                "经{name}（身份证{id}）申请，核实后更正，电话{phone}",
                "法定代表人{name}未到场，联系电话：{phone}；证件号码{id}",
                "负责人：{name}，{id}，{phone}。原登记有误",
                "联系人为{name}（{phone}）已补交材料，公民身份号码：{id}",
                "申请人：{name} {id} {phone}",
                "由当事人{name}（电话{phone}、身份证号 {id}）所述属实",
            ]
        )
    )
    spaced = " ".join(name) if name == KNOWN and draw(st.booleans()) else name
    return Planted(way.format(name=spaced, id=id_text, phone=phone_text), name, (identity, mobile))
