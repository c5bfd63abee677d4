"""The shipped description of the wire is the one the routes have, and its parts are the field's structs."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import Any

import msgspec
import pytest

from app.field import evidence, records
from server_stub.api import schemas
from server_stub.config.problems import table
from server_stub.jobs.describing import described
from tests.toolchain.tree import ROOT


def shipped() -> str:
    return files("resources").joinpath("contract", "openapi.json").read_text(encoding="utf-8")


def test_the_shipped_description_is_todays() -> None:
    assert shipped() == described(), "run: hengxin-server openapi --out resources/contract/openapi.json"


def test_control_a_changed_route_would_differ() -> None:
    document = json.loads(shipped())
    del document["paths"]["/api/v1/queries"]
    assert json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n" != described()


@pytest.mark.parametrize(
    ("schema", "struct"),
    [
        (schemas.Signed, records.Signed),
        (schemas.RegisterCard, records.RegisterCard),
        (schemas.LeafEntry, evidence.LeafEntry),
        (schemas.Receipt, evidence.Receipt),
    ],
)
def test_a_body_has_the_fields_of_its_struct(schema: Any, struct: type[msgspec.Struct]) -> None:
    assert tuple(schema.model_fields) == struct.__struct_fields__


def test_every_route_of_the_protocol_is_there_and_no_other() -> None:
    text = (ROOT / "docs" / "PROTOCOL.md").read_text(encoding="utf-8")
    named: set[tuple[str, str]] = set()
    for line in text.splitlines():
        found = re.match(r"\| (GET|HEAD|PATCH|POST) ([^|]+?) \|", line)
        if found:
            for path in re.split(r",\s*", found[2]):
                whole = path.partition("?")[0]
                named.add((found[1], whole if whole.startswith("/api") else f"/api/v1{whole}"))
    document = json.loads(shipped())
    there = {(method.upper(), path) for path, ops in document["paths"].items() for method in ops}
    assert there == named


def test_every_code_has_a_status_and_a_move() -> None:
    moves = {"not_now", "not_you", "not_right", "refused", "not_trusted", "fault"}
    for code, row in table().items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)
        assert 400 <= row["status"] < 600
        assert row["move"] in moves
