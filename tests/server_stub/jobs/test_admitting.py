"""The device list shows what an officer reads out, so that both can be laid side by side."""

from __future__ import annotations

import argparse
import base64
import json

import pytest

from server_stub.accounts.models import Device
from server_stub.jobs import admitting
from tests.server_stub.api.conftest import account, bank, city, signed_in
from tests.server_stub.knocking import Knocker

__all__ = ["account", "bank", "city", "signed_in"]


def test_a_listed_device_has_its_fingerprint(bank: Knocker, capsys: pytest.CaptureFixture[str]) -> None:
    device = Device.objects.get(officer__user="bank1")
    capsys.readouterr()
    assert admitting.run(argparse.Namespace(act="list", name="bank1", by="")) == 0
    line = json.loads(capsys.readouterr().out)
    assert line["device_id"] == device.device_id
    digest = base64.urlsafe_b64decode(device.device_id + "=")
    assert line["fingerprint"].replace(" ", "") == base64.b32encode(digest[:10]).decode()
    assert [len(group) for group in line["fingerprint"].split(" ")] == [4, 4, 4, 4]
