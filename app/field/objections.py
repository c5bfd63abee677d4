"""The choices of an objection and of a hint about wrong data: on what ground, and what is asked for.

These are the codes that travel; their words are in the texts of each side. A paper that somebody brought to
the centre's window is entered in the words of who brought it, not by these codes.
"""

from __future__ import annotations

GROUNDS = ("content", "not_mine", "fulfilled", "overdue", "not_public", "missing")
WISHES = ("correct", "add", "remove", "stop")
CHOICES = {"ground": GROUNDS, "wish": WISHES}
