"""The way back to where the officer was: noted at every turn, gone at the next unlock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.desks.desk import Notice
from app.services.whereabouts import Place

BEFORE = {"answer": "objection", "screening": "screening", "looks": "subject"}  # where a paper was wished for
WRITTEN_ON = ("objection", "repair")


class WayBack:
    """Of one desktop, which has made it. Begins to note when the last place is known, and stops before the
    window is put away: what is closed then is not where he went."""

    def __init__(self, desktop: Any) -> None:
        self._desktop = desktop
        self._noted: Place | None = None
        self._noting = False

    def watched(self, show: Callable[[Any], None]) -> Callable[[Any], None]:
        """The same, and whether the place is another one is looked at after each view."""

        def shown(view: Any) -> None:
            show(view)
            self.note()

        return shown

    def note(self, _page: str = "") -> None:
        """Keep the place in the vault when it is another one than before."""
        if not self._noting:
            return
        here = self._here()
        if here is not None and here != self._noted:
            self._noted = here
            keep = self._desktop.client.whereabouts.keep
            # a place that could not be noted costs a few clicks; the next turn notes one again
            self._desktop.desk.ask("vault", keep, here, then=lambda _: None, failed=lambda _: None)

    def stop(self) -> None:
        """The window is being put away."""
        self.note()
        self._noting = False

    def begin(self, place: Place) -> None:
        """Go where he was, unless he has gone somewhere himself, and note from now on."""
        frame = self._desktop.frame
        self._noting, self._noted = True, place
        frame.turned = self.note
        if frame.current == "home" and place.page != "home":
            self._go(place)
        else:
            self.note()

    def _here(self) -> Place | None:
        """None where nothing is to be noted: the manual is nobody's work."""
        desktop = self._desktop
        page = desktop.frame.current
        if page in ("", "help"):
            return None
        if page == "paper":
            wanted = desktop.paper.view.wanted
            page = BEFORE[wanted.template] if wanted is not None else "reports"
            if page not in desktop.frame.pages:
                return Place()
        if page in ("subject", "report"):
            view = desktop.subject.view
            return Place("subject", view.answer.query_no) if view.answer and view.kept else Place()
        if page in WRITTEN_ON:
            draft = (desktop.objection if page == "objection" else desktop.repair).view.draft
            return Place(page, draft.draft_id if draft is not None else "")
        if page == "screening":
            task = desktop.screening.view.task
            return Place(page, task.card.task_no if task is not None else "")
        return Place(page)

    def _go(self, place: Place) -> None:
        desktop = self._desktop
        if place.page == "subject":
            job = desktop.client.offline_files.open
            desktop.desk.ask("vault", job, place.about, then=self._reopened, failed=desktop.desk.tell)
            return
        if place.page not in desktop.shelves():
            return
        if place.page in WRITTEN_ON and place.about:
            desktop.mend(place.page, place.about)
        else:
            desktop.frame.go(place.page)
            if place.page == "screening" and place.about:
                desktop.screening.open_task(place.about)
        self._say()

    def _reopened(self, answer: Any) -> None:
        if self._desktop.frame.current == "home":
            self._desktop.open_answer(answer)
            self._say()

    def _say(self) -> None:
        self._desktop.desk.tell(Notice("shell.back_again", (), "good"))
