"""A name that several units match, in a terminal: by what each of them was found."""

from __future__ import annotations

from types import SimpleNamespace

from app.cli.asking import _candidates, _Many
from app.field.records import RegisterCard
from app.texts import Texts


def test_who_is_found_by_another_name_says_by_which() -> None:
    rows = (
        RegisterCard("S1", "legal", "衡阳云石（示例）建材", "91430400MA0000001A", "存续"),
        RegisterCard("S2", "legal", "衡阳旭木（示例）建材", "91430400MA0000002B", "存续", match="former",
                     matched_name="衡阳云石旧名（示例）建材"),
        RegisterCard("S3", "legal", "衡阳云右（示例）建材", "91430400MA0000003C", "存续", match="alike"),
    )  # fmt: skip
    for language, words in (("zh_CN", "曾用名「衡阳云石旧名（示例）建材」"), ("en", "Former name")):
        client = SimpleNamespace(texts=Texts(language))
        done = _candidates(client, "衡阳云石", _Many(rows, False))  # type: ignore[arg-type]
        exact, former, alike = done.lines[1:4]
        assert words in former and client.texts.say("home.match_alike") in alike
        assert client.texts.say("home.match_exact") not in exact
