"""Settings of this computer: how the window looks and when it locks. No data of any subject is kept here."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from app.paths import write_atomically
from app.trouble import NotRight, VaultTrouble
from local_cache.faults import DiskFull, ReadOnly

_CHOICES: dict[str, tuple[str | int, ...]] = {
    "theme": ("system", "light", "dark", "contrast"),
    "language": ("zh_CN", "en"),
    "size": ("normal", "large", "larger", "largest"),
    "density": ("comfortable", "compact"),
    "idle_minutes": tuple(range(1, 16)),
}


@dataclass(frozen=True)
class Settings:
    """`idle_minutes` before the window locks; the organisation's policy may only shorten it."""

    theme: str = "system"
    language: str = "zh_CN"
    size: str = "normal"
    density: str = "comfortable"
    idle_minutes: int = 10


class SettingsFile:
    """settings.toml of one home."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Settings:
        """The settings; a value that is missing or not among the choices is the default one."""
        try:
            found = tomllib.loads(self._path.read_text("utf-8"))
        except (FileNotFoundError, tomllib.TOMLDecodeError, UnicodeDecodeError):
            return Settings()
        kept = {name: found[name] for name in _CHOICES if found.get(name) in _CHOICES[name]}
        return Settings(**kept)

    def write(self, settings: Settings) -> None:
        """Replace the file.

        Raises:
            NotRight: settings.value for a value that is not among the choices (context name).
            VaultTrouble: vault.disk-full, vault.read-only.
        """
        lines = []
        for part in fields(settings):
            value = asdict(settings)[part.name]
            if value not in _CHOICES[part.name]:
                raise NotRight("settings.value", context={"name": part.name})
            lines.append(f'{part.name} = "{value}"' if isinstance(value, str) else f"{part.name} = {value}")
        try:
            write_atomically(self._path, ("\n".join(lines) + "\n").encode("utf-8"))
        except DiskFull as flaw:
            raise VaultTrouble("vault.disk-full", retry=True) from flaw
        except ReadOnly as flaw:
            raise VaultTrouble("vault.read-only", retry=True) from flaw
