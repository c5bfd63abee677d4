"""`seed`: a made-up city of any size, for measuring and for trying out what a real one would weigh."""

from __future__ import annotations

import argparse
import json
import sys

from django.conf import settings

from server_stub.config import reaching
from server_stub.jobs.preparing import prepare
from server_stub.sample.scale.loading import Progress, load

_EVERY_S = 5.0


def run(words: argparse.Namespace) -> int:
    """Prepare the home with the small city and its officers, load the rest, print one line of JSON.

    Raises:
        ImproperlyConfigured: a production server has no made-up city.
        ValueError: numbers that cannot be made, or that do not go on with a load half done.
    """
    small = prepare(settings.HENGXIN_HOME, "small", reaching.reach("", [], sample=True).names)[1]["counts"]
    rest = (
        words.enterprises - small["units"],
        words.persons - small["persons"],
        words.records - small["records"],
    )
    if min(rest) < 0:
        least = ", ".join(f"{count} {name}" for name, count in small.items())
        raise ValueError(f"the small city alone has {least}; ask for at least as many")
    done = load(*rest, _Telling(sum(rest[:2]), rest[2]))
    card = {
        "enterprises": words.enterprises,
        "persons": words.persons,
        "records": words.records,
        "seconds": round(done.seconds, 1),
    }
    sys.stdout.write(json.dumps(card) + "\n")
    return 0


class _Telling:
    """One line on standard error every few seconds: how far, how fast, how long still."""

    def __init__(self, subjects: int, records: int) -> None:
        self._subjects, self._records = subjects, records
        self._last = 0.0

    def __call__(self, done: Progress) -> None:
        if done.seconds - self._last < _EVERY_S:
            return
        self._last = done.seconds
        left = done.seconds * (self._records - done.records) / max(done.records, 1)
        sys.stderr.write(
            f"{done.subjects} of {self._subjects} subjects, {done.records} of {self._records} records, "
            f"about {left:.0f} s left\n"
        )
