"""The guard of tests/server_stub/conftest.py fires, and what a correction writes fits on PostgreSQL."""

from __future__ import annotations

import pytest
from django.db.models.signals import pre_save

from server_stub.records.models import Revision
from tests.server_stub.conftest import too_long


def test_control_a_text_longer_than_its_column_is_noticed_on_every_engine() -> None:
    row = Revision(reason="subject-corrected", by="centre1")
    assert too_long(row) == ["reason"]
    with pytest.raises(AssertionError, match="Revision: PostgreSQL"):
        pre_save.send(Revision, instance=row)
    pre_save.send(Revision, instance=Revision(reason="person-corrected"))
