"""What is on the pages and in the windows beside them stays there only while it holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.desks.desk import Notice
from app.services.watching import Judged, Shown

Tell = Callable[[Judged], None]


class Watch:
    """Of one desktop, which has made it. Looks when a round is over and whenever the window looks around: a
    lease ends without a network, too."""

    def __init__(self, desktop: Any) -> None:
        self._desktop = desktop

    def look(self) -> None:
        """Hold everything that is shown against the copies."""
        held = self._held()
        if held:
            shown, tell = zip(*held, strict=True)
            self._desktop.desk.ask(
                "vault",
                self._desktop.client.watching.judge,
                shown,
                then=lambda found: self._judged(found, tell),
                failed=lambda _: self._judged(tuple(map(_unjudged, shown)), tell),
            )

    def _held(self) -> list[tuple[Shown, Tell]]:
        """Each answer that is shown, and whom to tell how it stands."""
        desktop, pages = self._desktop, self._desktop.frame.pages
        held: list[tuple[Shown, Tell]] = [
            (Shown(window.desk.view.answer.bundle, True), window.desk.judged)
            for window in desktop.beside.values()
        ]
        kept: dict[str, bool] = {}
        subject = desktop.subject.view if "subject" in pages else None
        if subject is not None and subject.answer is not None:
            kept[subject.answer.query_no] = subject.kept  # it may have been given back since it came
            held.append((Shown(subject.answer.bundle, subject.kept), desktop.subject.judged))
        drawn = desktop.report.view.answer if "report" in pages else None
        if drawn is not None:
            of_copy = kept.get(drawn.query_no, bool(drawn.cached))
            held.append((Shown(drawn.bundle, of_copy), desktop.report.judged))
        opened = desktop.offline.view.opened if "offline" in pages else None
        if opened is not None:
            held.append((Shown(opened.bundle, True), desktop.offline.judged))
        return held

    def _judged(self, found: tuple[Judged, ...], tell: tuple[Tell, ...]) -> None:
        desktop = self._desktop
        for one, told in zip(found, tell, strict=True):
            told(one)
        if any(one.hold in ("withdrawn", "letter") for one in found):
            desktop.frame.clear_clipboard()
        over = {one.query_no for one in found if one.hold != "holds"} & desktop.beside.keys()
        for query_no in over:
            desktop.beside[query_no].close()
        if over:
            desktop.desk.tell_beside(Notice("subject.beside_gone", (("count", len(over)),), "warning"))


def _unjudged(one: Shown) -> Judged:
    """What cannot be held against its copy is not shown."""
    return Judged(one.bundle, "shut" if one.of_copy else "holds")
