"""From the settings' words to the look."""

from __future__ import annotations

from app.settings import Settings
from ui.look import look

SIZES = {"normal": 100, "large": 115, "larger": 130, "largest": 150}
THEMES = {"contrast": "highContrast"}


def wear(settings: Settings) -> None:
    """Put the settings' look on."""
    theme = THEMES.get(settings.theme, settings.theme)
    look().wear(theme, SIZES[settings.size], settings.density == "compact")
