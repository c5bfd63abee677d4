"""The choices of an objection and of a hint about wrong data: on what ground, what is asked for, and the
states that it goes through.

These are the codes that travel; their words are in the texts of each side. A paper that somebody brought to
the centre's window is entered in the words of who brought it, not by these codes.
"""

from __future__ import annotations

GROUNDS = ("content", "not_mine", "fulfilled", "overdue", "not_public", "missing")
WISHES = ("correct", "add", "remove", "stop")
CHOICES = {"ground": GROUNDS, "wish": WISHES}

MARKED = ("accepted", "forwarded", "answered", "rechecking")  # states in which the record bears the mark
RETURNED = "returned"  # something is missing, and it is the turn of who filed it
OPEN = ("filed", RETURNED, *MARKED)
CONCLUDED = ("corrected", "supplemented", "removed", "kept", "noted")
ENDED = ("declined", *CONCLUDED, "closed")
