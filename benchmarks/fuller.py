"""More penalties for one unit of a served city, past the sample, which has none with so many records.

    python -m benchmarks.fuller HOME CODE COUNT

Prints one JSON line: how many records were added.
"""

from __future__ import annotations

import json
import os
import sys

FIRST_SERIAL = 1_000_000
"""Far behind the serials of the sample's own acts."""


def add(home: str, code: str, count: int) -> int:
    """Penalties of different matters of the last months; a bank is shown them all."""
    os.environ["HENGXIN_SERVER_HOME"] = home
    os.environ["DJANGO_SETTINGS_MODULE"] = "server_stub.config.settings"
    import django

    django.setup()
    from server_stub.config.clock import stamp, today
    from server_stub.records import services as records
    from server_stub.sample.acts import Acts
    from server_stub.sample.loading import SEEDER
    from server_stub.sample.story import who_is
    from server_stub.subjects.models import Subject

    class Later(Acts):
        @property
        def serial(self) -> int:
            return FIRST_SERIAL + super().serial

    subject = Subject.objects.get(code=code)
    acts = Later(today(), stamp())
    who = who_is(subject.subject_key, "legal", subject.name, code, "")
    for place in range(count):
        acts.penalty(who, 40 + 9 * place, 10_000 + 1_000 * place, which=place)
    records.put_many(acts.rows, by=SEEDER)
    return len(acts.rows)


if __name__ == "__main__":
    print(json.dumps({"added": add(sys.argv[1], sys.argv[2], int(sys.argv[3]))}))
