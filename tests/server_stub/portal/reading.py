"""A page as its reader sees it: titles, texts and facts."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse


class Reader(HTMLParser):
    """Collects the texts of a page, the attributes of its elements, and what stands in its verdict."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self._open: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in {"meta", "link", "input", "br"}:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and self._open and self._open[-1] not in {"script", "style"}:
            self.texts.append((self._open[-1], " ".join(data.split())))

    @property
    def text(self) -> str:
        return "\n".join(text for _, text in self.texts)

    @property
    def facts(self) -> list[str]:
        return [text for tag, text in self.texts if tag == "dd"]

    def one(self, id_: str) -> dict[str, str]:
        return next((attrs for _, attrs in self.elements if attrs.get("id") == id_), {})


def read(response: Any) -> Reader:
    assert isinstance(response, HttpResponse)
    return Reader(response.content.decode())
