"""Eight threads that look at a number, think, and write one more; a process of its own on a new home.

Says as JSON what the number was in the end, and whether a connection that waited in vain is of use then.
"""

from __future__ import annotations

import json
import os
import threading
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server_stub.config.settings")
if os.environ.get("HENGXIN_TESTS_STOCK_ENGINE"):  # the control: Django's own engine, as it comes
    from django.conf import settings

    settings.DATABASES["default"]["ENGINE"] = "django.db.backends.postgresql"
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import OperationalError, connection, transaction  # noqa: E402

from server_stub.feed.models import FeedHead  # noqa: E402

THREADS, TIMES = 8, 12


def count() -> None:
    for _ in range(TIMES):
        with transaction.atomic():
            head = FeedHead.objects.get(feed="main")
            time.sleep(0.002)
            head.seq += 1
            head.save()
    connection.close()


def waited_in_vain() -> list[object]:
    """While another transaction is open: what an impatient one gets, and whether it can go on then."""
    begun, over = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            FeedHead.objects.filter(feed="main").update(seq=0)
            begun.set()
            over.wait(20)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    begun.wait(20)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
    else:
        connection.settings_dict["OPTIONS"]["timeout"] = 0.1
    try:
        with transaction.atomic():
            got = "in"
    except OperationalError:
        got = "OperationalError"
    over.set()
    holder.join()
    with transaction.atomic():
        return [got, FeedHead.objects.get(feed="main").seq, connection.get_autocommit()]


def main() -> None:
    call_command("migrate", verbosity=0)
    threads = [threading.Thread(target=count) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    said = {"counted": FeedHead.objects.get(feed="main").seq, "should": THREADS * TIMES}
    print(json.dumps({**said, "in_vain": waited_in_vain()}))


if __name__ == "__main__":
    main()
