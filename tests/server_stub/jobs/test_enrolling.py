"""`enrolment`: who may write a file, what it may say, and its leaf; the client reads what was written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from app.paths import Home
from app.services.enrolling import Enrolling
from server_stub.accounts.models import Officer, Organisation
from server_stub.command import _parser
from server_stub.config import tls
from server_stub.errors import Problem
from server_stub.evidence.models import Leaf
from server_stub.jobs import enrolling

pytestmark = pytest.mark.django_db
URL = "https://credit.example:8443"


@pytest.fixture(autouse=True)
def people(db: None, settings: LazySettings) -> None:
    for code, role, user in (("O-centre", "centre_staff", "a"), ("O-bank", "bank_officer", "bank1")):
        unit = Organisation.objects.create(code=code, name="示例单位", kind="centre", active=True)
        Officer.objects.create(user=user, name="测试", organisation=unit, role=role, totp_secret=b"x")
    tls.make(settings.HENGXIN_HOME, ("localhost", "credit.example"))


def typed(*words: str) -> int:
    return enrolling.run(_parser().parse_args(["enrolment", *words]))


def write(file: Path, *more: str, by: str = "a", url: str = URL) -> int:
    return typed("write", str(file), "--organisation", "O-bank", "--url", url, "--as", by, *more)


def test_the_client_reads_what_the_centre_wrote_and_the_groups_agree(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, leaves = tmp_path / "bank.hxenrol", Leaf.objects.count()
    assert write(file, "--user", "bank1") == 0
    said: dict[str, Any] = json.loads(capsys.readouterr().out)
    offer = Enrolling(Home(tmp_path / "home").make()).open(file)
    assert offer.groups == said["fingerprint"]
    assert (offer.enrolment.url, offer.enrolment.user) == (URL, "bank1")
    leaf = Leaf.objects.latest("index")
    assert (Leaf.objects.count(), leaf.kind, leaf.user) == (leaves + 1, "enrolment.written", "a")
    assert typed("show", str(file)) == 0
    assert json.loads(capsys.readouterr().out) == said


def test_no_secret_stands_in_the_file(tmp_path: Path, settings: LazySettings) -> None:
    file = tmp_path / "bank.hxenrol"
    write(file)
    text = file.read_text() + Enrolling(Home(tmp_path / "h").make()).open(file).enrolment.ca_pem
    assert "PRIVATE" not in text
    assert (settings.HENGXIN_HOME / "tls" / "ca.key").read_text().splitlines()[1] not in text


@pytest.mark.parametrize(
    ("more", "url", "flaw"),
    [
        (("--user", "a"), URL, LookupError),  # of another organisation
        (("--user", "nobody"), URL, LookupError),
        ((), "https://elsewhere.example", ValueError),  # our certificate does not name it
        ((), "http://credit.example", ValueError),
        ((), "", ValueError),
    ],
)
def test_what_would_not_work_is_not_written(
    tmp_path: Path, more: tuple[str, ...], url: str, flaw: type[Exception]
) -> None:
    file, leaves = tmp_path / "bank.hxenrol", Leaf.objects.count()
    with pytest.raises(flaw):
        write(file, *more, url=url)
    assert (file.exists(), Leaf.objects.count()) == (False, leaves)


def test_only_staff_writes_one(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="role-denied"):
        write(tmp_path / "bank.hxenrol", by="bank1")


def test_nothing_is_written_over_and_no_leaf_without_a_file(tmp_path: Path) -> None:
    file = tmp_path / "bank.hxenrol"
    write(file)
    before, leaves = file.read_bytes(), Leaf.objects.count()
    with pytest.raises(FileExistsError):
        write(file)
    assert (file.read_bytes(), Leaf.objects.count()) == (before, leaves)


def test_a_changed_file_is_not_shown_as_ours(tmp_path: Path) -> None:
    file = tmp_path / "bank.hxenrol"
    write(file)
    whole = json.loads(file.read_text())
    whole["signed"]["payload_b64"] = whole["signed"]["payload_b64"][:-8] + "AAAAAAA="
    file.write_text(json.dumps(whole))
    with pytest.raises(ValueError, match="no enrolment file of this server"):
        typed("show", str(file))
