"""Made-up editions for the tests: written as files, entered by one person and approved by another."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from server_stub.catalogue import services
from server_stub.catalogue.models import Edition
from tests.server_stub.records.made import BY

OTHER = "centre2"
PROVIDER = {"provider": "示例市市场监督管理局", "provider_code": "11430400MA00900063"}
SOUND: dict[str, Any] = {
    "code": "X-SOUND",
    "name": "处罚决定（示例）",
    "category": "C1",
    "section": "penalty",
    "kinds": ["legal", "person"],
    "mode": "open",
    "instrument": "行政处罚法",
    "article": "第四十八条",
    "national_edition": "national-2021",
    "national": "administration",
    "effective_from": "2017-01-01",
    **PROVIDER,
}


def item(code: str, **more: Any) -> dict[str, Any]:
    """A sound item under another code with some fields changed; None takes a field away."""
    row = {**SOUND, "code": code, **more}
    return {name: value for name, value in row.items() if value is not None}


def text(*items: dict[str, Any], **head: Any) -> str:
    """An edition as a TOML file says it."""
    given = {
        "code": "TEST",
        "series": "local",
        "title": "目录（示例）",
        "version": 1,
        "effective_from": "2017-01-01",
        "basis": "办法（示例）",
        **head,
    }
    parts = ["[edition]", *_lines(given), "[[category]]", 'code = "C1"', 'name = "类（示例）"']
    for row in items:
        parts += ["[[item]]", *_lines(row)]
    return "\n".join(parts) + "\n"


def entered(folder: Path, *items: dict[str, Any], **head: Any) -> Edition:
    """Staged, by the first person."""
    path = folder / "edition.toml"
    path.write_text(text(*items, **head), encoding="utf-8")
    return services.load(path, by=BY)


def approved(folder: Path, *items: dict[str, Any], **head: Any) -> Edition:
    """In force, by the second person."""
    return services.approve(entered(folder, *items, **head).name, by=OTHER)


def _lines(row: dict[str, Any]) -> list[str]:
    dates = ("effective_from", "effective_to")
    return [
        f"{name} = {value if name in dates else json.dumps(value, ensure_ascii=False)}"
        for name, value in row.items()
    ]
