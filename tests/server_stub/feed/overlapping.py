"""Eight writers whose transactions overlap, beside one numbering and two readers.

Run as a process of its own on a PostgreSQL home without tables. The writers speak to the database themselves
and pause before they commit: the numbering has to hold also where nothing makes one transaction wait for
another. Says as JSON what was lost.
"""

from __future__ import annotations

import json
import os
import random
import sys
import threading
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server_stub.config.settings")
django.setup()

import psycopg  # noqa: E402
from django.core.management import call_command  # noqa: E402

from server_stub.feed.models import Change  # noqa: E402
from server_stub.feed.services import number, waiting  # noqa: E402

WRITERS = 8
ROW = (
    "INSERT INTO feed_change (feed, subject_key, rec_id, rev, op, reason, digest, at, audience)"
    " VALUES ('main', 'S', %s, 1, 'put', '', '', '', '') RETURNING id"
)


def write(writer: int, rounds: int) -> None:
    """`rounds` transactions of one to three rows; one in five is slow to commit, one in ten is taken back."""
    draw = random.Random(writer)
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        for turn in range(rounds):
            taken_back = draw.random() < 0.1
            for row in range(draw.randint(1, 3)):
                word = "back" if taken_back else f"{writer}-{turn}-{row}"
                connection.execute(ROW, [word])
            if draw.random() < 0.2:
                time.sleep(draw.random() / 100)
            if taken_back:
                connection.rollback()
            else:
                connection.commit()


def main(rounds: int) -> None:
    call_command("migrate", verbosity=0)
    writers = [threading.Thread(target=write, args=(each, rounds)) for each in range(WRITERS)]
    for writer in writers:
        writer.start()
    by_number: list[str] = []
    by_place: list[str] = []
    seq = place = 0
    while True:
        ended = not any(writer.is_alive() for writer in writers)
        number()
        for change in Change.objects.filter(seq__gt=seq).order_by("seq"):
            by_number.append(change.rec_id)
            seq = change.seq or 0
        for change in Change.objects.filter(pk__gt=place).order_by("pk"):
            by_place.append(change.rec_id)
            place = change.pk
        if ended and not waiting():
            break
    written = set(Change.objects.values_list("rec_id", flat=True))
    numbers = sorted(Change.objects.values_list("seq", flat=True))
    print(
        json.dumps(
            {
                "written": len(written),
                "gapless": numbers == list(range(1, len(written) + 1)),
                "lost": len(written - set(by_number)),
                "twice": len(by_number) - len(set(by_number)),
                "taken_back": "back" in written,
                "lost_by_place": len(written - set(by_place)),
            }
        )
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
