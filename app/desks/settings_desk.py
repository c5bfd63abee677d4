"""Settings of this computer, and the diagnostics beside them. No data of any subject is kept here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from app.desks.desk import Desk, LanesLike, Notice
from app.desks.desk import notice_of as notice_of  # pages take it from the desk they belong to
from app.services.vault_ending import Losses
from app.settings import Settings
from app.trouble import NotNow, NotYou

Form = Literal["", "passphrase", "recover"]


@dataclass(frozen=True)
class SettingsView:
    """`longest_idle` is the organisation's limit in minutes; the officer may only shorten it.

    `wiped`: the keys of this vault are destroyed, nothing is left but to go on to the sign-in. `sealed`: an
    earlier vault of this officer left something sealed. `losses`: what a wipe would take, counted for the
    question that is asked before it. `unfolded` is the form that is open (passphrase,
    recover or none); `said` is what became of the form named `said_of`.
    """

    settings: Settings
    longest_idle: int = 10
    checks: tuple[Any, ...] = ()
    checking: bool = False
    restart_needed: bool = False
    busy: bool = False
    notice: Notice | None = None
    wiped: bool = False
    losses: Losses | None = None
    sealed: bool = False
    unfolded: Form = ""
    said: Notice | None = None
    said_of: Form = ""


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
        """Read the organisation's limits and look whether something is sealed."""
        self.ask("vault", self.client.unlocking.policy, then=self._limited, failed=lambda _: None)
        self._look_for_sealed()

    def _look_for_sealed(self) -> None:
        sealed = self.client.unlocking.sealed_left
        self.ask("vault", sealed, then=lambda found: self.put(sealed=found), failed=self._say_of("recover"))

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

    def unfold(self, form: Form) -> None:
        """Open a form, or close the one that is open with an empty name."""
        if form != self.view.unfolded:
            self.put(unfolded=form, said=None, said_of="")

    def _say_of(self, form: Form) -> Callable[[Notice], None]:
        return lambda notice: self.put(busy=False, said=notice, said_of=form)

    def _warn(self, form: Form, text: str) -> bool:
        self._say_of(form)(Notice(text, (), "warning"))
        return False

    def is_passphrase_sound(self, old: str, new: str, again: str) -> bool:
        """Whether the three entries can be right; what is wrong with them is said. How strong the new one has
        to be is the vault's to judge."""
        if not (old and new):
            return self._warn("passphrase", "settings_page.passphrase_needed")
        if new != again:
            return self._warn("passphrase", "sign_in.not_same")
        return new != old or self._warn("passphrase", "settings_page.passphrase_same")

    def change_passphrase(self, old: str, new: str) -> None:
        """Another passphrase around the same keys; asked before."""
        if not self.view.busy:
            self.put(busy=True, said=None, said_of="")
            change = self.client.unlocking.change_passphrase
            failed = self._say_of("passphrase")
            self.ask("vault", change, old, new, then=lambda _: self._changed(), failed=failed)

    def _changed(self) -> None:
        said = Notice("settings_page.passphrase_changed", (), "good")
        self.put(busy=False, unfolded="", said=said, said_of="passphrase")

    def is_sealed_passphrase_there(self, passphrase: str) -> bool:
        """Whether a passphrase was typed."""
        return bool(passphrase) or self._warn("recover", "settings_page.recover_needed")

    def recover(self, passphrase: str) -> None:
        """Take back what an earlier vault left sealed, then offer it to the server; asked before."""
        if not self.view.busy:
            self.put(busy=True, said=None, said_of="")
            take = self.client.unlocking.recover_sealed
            self.ask("vault", take, passphrase, then=self._recovered, failed=self._say_of("recover"))

    def _recovered(self, found: Any) -> None:
        self._look_for_sealed()
        self.ask(
            "courier",
            self._deliver,
            then=lambda waits: self._tell_recovered(found, waits),
            failed=lambda notice: self._tell_recovered(found, True, notice),
        )

    def _deliver(self) -> bool:
        """Whether what came back has to wait for the next synchronisation."""
        try:
            self.client.syncing.deliver_items()
        except (NotNow, NotYou):
            return True
        return False

    def _tell_recovered(self, found: Any, waits: bool, trouble: Notice | None = None) -> None:
        text = "settings_page.recovered_elsewhere" if found.elsewhere else "settings_page.recovered"
        facts = (("items", found.items), ("drafts", found.drafts), ("elsewhere", found.elsewhere))
        kept = "settings_page.recovered_waits" if waits and found.items else ""
        said = Notice(text, facts, "good", kept=kept)
        self.put(busy=False, unfolded="", said=said, said_of="recover", notice=trouble)

    def weigh_wipe(self) -> None:
        """Count what a wipe would take; the page asks with it."""
        if not self.view.busy:
            self.put(busy=True, notice=None, losses=None)
            self.ask("vault", self.client.unlocking.losses, then=self._weighed)

    def _weighed(self, losses: Losses) -> None:
        self.put(busy=False, losses=losses)

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
