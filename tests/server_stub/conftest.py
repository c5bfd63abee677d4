"""SQLite keeps a text of any length; what PostgreSQL would refuse is refused on both."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import CharField, Model
from django.db.models.signals import pre_save


def too_long(row: Model) -> list[str]:
    """Columns of a row that hold more characters than they take."""
    return [
        field.name
        for field in row._meta.concrete_fields
        if isinstance(field, CharField)
        and field.max_length is not None
        and isinstance(text := getattr(row, field.attname), str)
        and len(text) > field.max_length
    ]


@pytest.fixture(autouse=True, scope="session")
def no_text_is_too_long_for_its_column() -> Any:
    def look(sender: type[Model], instance: Model, **_: object) -> None:
        assert too_long(instance) == [], f"{sender.__name__}: PostgreSQL takes no more characters"

    pre_save.connect(look, weak=False)
    yield
    pre_save.disconnect(look)
