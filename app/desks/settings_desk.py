"""Settings of this computer, and the diagnostics beside them. No data of any subject is kept here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.desks.desk import Desk, LanesLike, Notice
from app.desks.desk import notice_of as notice_of  # pages take it from the desk they belong to
from app.settings import Settings


@dataclass(frozen=True)
class SettingsView:
    """`longest_idle` is the organisation's limit in minutes; the officer may only shorten it.

    `wiped`: the keys of this vault are destroyed, nothing is left but to go on to the sign-in.
    """

    settings: Settings
    longest_idle: int = 10
    checks: tuple[Any, ...] = ()
    checking: bool = False
    restart_needed: bool = False
    busy: bool = False
    notice: Notice | None = None
    wiped: bool = False


class SettingsDesk(Desk[SettingsView]):
    """`wear` puts a changed look on at once; `wiped` is called by `go_on`, after the vault is gone."""

    def __init__(
        self,
        client: Any,
        lanes: LanesLike,
        show: Callable[[SettingsView], None],
        wear: Callable[[Settings], None],
        wiped: Callable[[], None],
    ) -> None:
        super().__init__(client, lanes, show, SettingsView(client.settings.read()))
        self._wear, self._wiped = wear, wiped

    def start(self) -> None:
        """Read the organisation's limits."""
        self.ask("vault", self.client.unlocking.policy, then=self._limited, failed=lambda _: None)

    def _limited(self, policy: Any) -> None:
        self.put(longest_idle=max(1, policy.idle_lock_s // 60))

    def change(self, **fields: Any) -> None:
        """Change settings, keep them and put them on."""
        if "idle_minutes" in fields:
            fields["idle_minutes"] = max(1, min(int(fields["idle_minutes"]), self.view.longest_idle))
        settings = replace_settings(self.view.settings, fields)
        other_language = settings.language != self.view.settings.language
        self.put(settings=settings, restart_needed=self.view.restart_needed or other_language)
        self._wear(settings)
        self.ask("courier", self.client.settings.write, settings, then=lambda _: None)

    def wipe(self) -> None:
        """Erase what this computer keeps of this user; asked before."""
        self.put(busy=True, notice=None)
        self.ask("vault", self.client.unlocking.wipe, then=lambda _: self.put(busy=False, wiped=True))

    def go_on(self) -> None:
        """Leave what is left of this session behind."""
        if self.view.wiped:
            self._wiped()

    def examine(self) -> None:
        """Run the checks of the diagnostics."""
        if self.view.checking:
            return
        self.put(checking=True, notice=None)
        self.ask("courier", self.client.doctor.checks, then=self._examined, failed=self._unexamined)

    def _unexamined(self, notice: Notice) -> None:
        self.put(checking=False, notice=notice)

    def _examined(self, checks: Any) -> None:
        self.put(checks=tuple(checks), checking=False)


def replace_settings(settings: Settings, fields: dict[str, Any]) -> Settings:
    """A copy with other values."""
    names = getattr(settings, "__struct_fields__", None) or tuple(vars(settings))
    return type(settings)(**{name: fields.get(name, getattr(settings, name)) for name in names})
