"""How a paper is issued: somebody is handed it, the platform draws it up and seals it, and nothing of it is
shown before this client has verified it."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, TypeVar

from app.desks.desk import Notice
from app.desks.sealed_desk import DRAW_DPI, Drawn, Sealed, SealedDesk
from app.field.receivers import KINDS, Receiver, ReceiverKind

ITSELF = Receiver("subject")


@dataclass(frozen=True)
class IssuingView:
    """`issued` is the verified paper, `pages` are the drawn pages of what is on the screen; `unnamed`: it was
    to be issued without the receiver's name."""

    language: str = "zh_CN"
    receiver: Receiver = ITSELF
    unnamed: bool = False
    issued: Any = None
    pages: Drawn = ()
    online: bool = True
    busy: bool = False
    notice: Notice | None = None

    @property
    def sealed(self) -> Sealed | None:
        return Sealed(self.issued.number, self.issued.pdf) if self.issued is not None else None

    @property
    def receivers(self) -> tuple[ReceiverKind, ...]:
        """Who may be handed this paper."""
        return KINDS

    @property
    def can_issue(self) -> bool:
        """Issuing takes the platform."""
        return self.online and not self.busy

    @property
    def can_leave_house(self) -> bool:
        """Print and save only what the platform sealed and this client has verified."""
        sealed = self.issued is not None and self.issued.verdict.genuine
        return sealed and bool(self.pages) and not self.busy


P = TypeVar("P", bound=IssuingView)


class IssuingDesk(SealedDesk[P]):
    """A desk says what is to be issued, and takes what was."""

    needs_server: ClassVar[str]
    """The notice that nothing is issued without the platform."""

    def connected(self, online: bool) -> None:
        """Whether the platform answers has become known, or has changed: without it nothing is issued, and
        when it is back nobody is told any longer that it is missing."""
        if online != self.view.online:
            notice = self.view.notice
            waited = notice is not None and notice.text == self.needs_server
            self.put(online=online, notice=None if waited else notice)

    @abstractmethod
    def issue(self) -> None:
        """Have the platform draw up and seal what was chosen, or say why it cannot be."""

    def hand_to(self, kind: ReceiverKind, name: str) -> None:
        """Who is handed the paper."""
        self.put(receiver=Receiver(kind, name), unnamed=False)

    def _is_handed_to_somebody(self) -> bool:
        """Whether the receiver is named; where not, this is told."""
        named = self.view.receiver.complete()
        if not named:
            self.put(unnamed=True, notice=Notice("problem.receiver-needed", (), "warning"))
        return named

    def _send(self, number: str, template: str, scope: dict[str, str], **choices: Any) -> None:
        """Have the paper of a `template` issued from the query, case or screening of that number."""
        self.put(busy=True, unnamed=False, notice=None)
        job = partial(self.client.reporting.issue, receiver=self.view.receiver, **choices)
        asked = (number, template, self.view.language, scope)
        self.ask("wire", job, *asked, then=self._judge, failed=self._not_issued, alone=True)

    def _not_issued(self, notice: Notice) -> None:
        self.told(notice)

    def _judge(self, issued: Any) -> None:
        if issued.verdict.genuine:
            self._issued(issued)
        else:
            self._not_issued(Notice("report.sign", (), "error", "E-SIGN-001", "not_trusted"))

    def _issued(self, issued: Any, **changes: Any) -> None:
        """Show the paper; `changes` are those of the desk's own view that come with it."""
        said = Notice("report.ready", (("report_no", issued.number),), "good")
        self.put(issued=issued, notice=said, **changes)
        self.ask("press", self._draw, issued.pdf, DRAW_DPI, then=self._drawn)

    def _drawn(self, pages: Drawn) -> None:
        self.put(busy=False, pages=pages)
