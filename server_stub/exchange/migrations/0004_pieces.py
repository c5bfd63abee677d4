"""Accepted rows that wait move into pieces of some hundred; a row of the table is one that something became of."""

from __future__ import annotations

import json
import zlib

import django.db.models.deletion
import msgspec
from django.db import migrations, models

from server_stub.subjects.keying import route_key

AT_ONCE = 500
UNIT = ("name", "code", "other_numbers")


def gather(apps, schema_editor) -> None:
    row = apps.get_model("exchange", "StagedRow")
    piece = apps.get_model("exchange", "StagedPiece")
    waiting = row.objects.filter(state="accepted").order_by("batch_id", "number")
    for batch_no in list(waiting.order_by("batch_id").values_list("batch_id", flat=True).distinct()):
        while rows := list(waiting.filter(batch_id=batch_no)[:AT_ONCE]):
            piece.objects.create(
                batch_id=batch_no, first=rows[0].number, last=rows[-1].number, body=packed(rows)
            )
            row.objects.filter(pk__in=[one.pk for one in rows]).delete()


def packed(rows) -> bytes:
    """As `lines` has them: numbers, cells, which warnings, the warnings, keys, units, facts."""
    said: dict[str, int] = {}
    warned = []
    for one in rows:
        place = str(one.number)
        told = [
            [each["cell"].removesuffix(place), each["field"], each["code"], each["reason"]]
            for each in one.warnings
        ]
        warned.append(said.setdefault(json.dumps(told), len(said)))
    columns = (
        [one.number for one in rows],
        [json.loads(one.raw) for one in rows],
        warned,
        [json.loads(told) for told in said],
        ["" if one.unit else one.subject_key for one in rows],
        [[json.loads(one.unit)[name] for name in UNIT] if one.unit else None for one in rows],
        [json.loads(one.facts) if one.facts else None for one in rows],
    )
    return zlib.compress(msgspec.msgpack.encode(columns), 1)


def scatter(apps, schema_editor) -> None:
    """The way back: each row that still waits gets its own row again."""
    row = apps.get_model("exchange", "StagedRow")
    piece = apps.get_model("exchange", "StagedPiece")
    for held in piece.objects.order_by("batch_id", "last").iterator(chunk_size=20):
        numbers, cells, warned, warnings, keys, units, facts = msgspec.msgpack.decode(
            zlib.decompress(held.body)
        )
        settled = set(
            row.objects.filter(
                batch_id=held.batch_id, number__range=(held.first, held.last)
            ).values_list("number", flat=True)
        )
        row.objects.bulk_create(
            row(
                batch_id=held.batch_id,
                number=number,
                raw=json.dumps(cells[at], ensure_ascii=False),
                state="accepted",
                warnings=[
                    {"cell": f"{letters}{number}" if letters else "", "field": field, "code": code, "reason": text}
                    for letters, field, code, text in warnings[warned[at]]
                ],
                subject_key=key_of(keys[at], units[at]),
                unit=unit_of(units[at]),
                facts=json.dumps(facts[at], ensure_ascii=False) if facts[at] else "",
            )
            for at, number in enumerate(numbers)
            if number not in settled
        )
    piece.objects.all().delete()


def unit_of(unit) -> str:
    brought = {**dict(zip(UNIT, unit, strict=True)), "from_exchange": True} if unit else None
    return json.dumps(brought, ensure_ascii=False) if brought else ""


def key_of(key: str, unit) -> str:
    return route_key("legal", unit[1] or unit[2][0][1]) if unit else key


class Migration(migrations.Migration):
    dependencies = [("exchange", "0003_lean_rows")]
    operations = [
        migrations.CreateModel(
            name="StagedPiece",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first", models.PositiveIntegerField()),
                ("last", models.PositiveIntegerField()),
                ("body", models.BinaryField()),
                (
                    "batch",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pieces",
                        to="exchange.batch",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="stagedpiece",
            constraint=models.UniqueConstraint(fields=("batch", "last"), name="exchange_one_piece"),
        ),
        migrations.RunPython(gather, scatter),
    ]
