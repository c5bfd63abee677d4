"""As a program: a city at work, records corrected, annulled, repaired, shielded and shown again by chance."""

from __future__ import annotations

import os
import random
import sys
from datetime import date

import django


def main(seed: int, count: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "server_stub.config.settings"
    django.setup()
    from server_stub.exchange.province.models import Foreign
    from server_stub.records import services as records
    from server_stub.records.models import Record

    draw = random.Random(seed)
    foreign = Foreign.objects.values_list("rec_id", flat=True)
    ids = list(Record.objects.exclude(pk__in=foreign).order_by("rec_id").values_list("rec_id", flat=True))
    for place in range(count):
        rec_id = draw.choice(ids)
        act = draw.choices(("correct", "shield", "annul", "repair"), (12, 4, 1, 1))[0]
        if act == "correct":
            records.correct(rec_id, {"fields": {"BZ": f"第{seed}-{place}次更正"}}, reason="x", by="centre1")
        elif act == "annul":
            records.annul(rec_id, reason="x", by="centre1")
        elif act == "repair":
            records.repair(rec_id, on=date(2026, 11, 1), by="centre1")
        else:
            records.shield(rec_id, on=date(2026, 11, 1), by="centre1")
            records.unshield(rec_id, on=date(2026, 11, 2), by="centre1")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
