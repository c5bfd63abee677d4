"""What makes a composed paper official: link, check code, the platform's signature, the seal."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

import msgspec
from django.conf import settings

from app.field.printed import digest_of
from app.field.receivers import Receiver
from app.field.report_numbers import link_content, write_link
from app.field.reportdoc import Paper, TableEdition
from app.field.templates import Template
from app.report import check_code_of, document_bytes, document_sha256, render
from server_stub.accounts.models import Officer
from server_stub.config.city import city, specimen
from server_stub.config.clock import now
from server_stub.config.keys import keys
from server_stub.errors import Problem
from server_stub.reports.authority import seal
from server_stub.reports.drafted import Drafted, Ground
from server_stub.reports.sealing import put_seal
from server_stub.rules.tables_file import shipped
from server_stub.seal.asking import ask
from server_stub.seal.words import SealAway, Wanted

AGAIN_S = 60  # when nobody knows better
WITHOUT_END = date(2099, 12, 31)  # printed as "no end date"
_P = TypeVar("_P", bound=Paper)


def last_day(layout: Template, on: date) -> date:
    """Until when a paper issued on a day holds."""
    return on + timedelta(days=layout.valid_days) if layout.valid_days else WITHOUT_END


def editions(tables: Iterable[str]) -> tuple[TableEdition, ...]:
    """The editions of these tables and of the papers; what is no table of rules is left out."""
    digests = shipped().digests
    named = {"template", *tables} & digests.keys()
    return tuple(TableEdition(table, digests[table]) for table in sorted(named))


def proven(document: _P) -> _P:
    """With the link of its code, its check code and the platform's signature over what is printed."""
    content, number = document_bytes(document), document.number
    digest, key = digest_of(content), keys().answers
    signature = key.sign(link_content(number, digest, document.times.issued))
    return msgspec.structs.replace(
        document,
        verify_link=write_link(_verify_base(), number, digest, signature),
        check_code=check_code_of(number, digest),
        key_id=key.key_id,
        sig_b64=base64.b64encode(key.sign(content)).decode("ascii"),
    )


def drawn(
    document: Paper,
    officer: Officer,
    ground: Ground,
    receiver: Receiver,
    held: Mapping[str, int],
    shown: bytes,
    still: Callable[[], None],
) -> Drafted:
    """The paper with its pages set and sealed.

    Raises:
        Problem: `seal-unavailable`.
    """
    pdf = sealed(render(document, fonts()), document.number, officer.user)
    return Drafted(
        ground=ground,
        receiver=receiver,
        document=document,
        document_sha256=document_sha256(document),
        pdf=pdf,
        pdf_sha256=hashlib.sha256(pdf).hexdigest(),
        valid_until=date.fromisoformat(document.valid_until),
        held=held,
        shown=shown,
        still=still,
    )


def _verify_base() -> str:
    """Where the QR code leads: the address that the operator gave the platform; else on a specimen server
    that server itself, which alone knows the number; else the city's own.
    """
    own = settings.HENGXIN_OWN_URL if specimen() else ""
    return settings.HENGXIN_PUBLIC_URL or own or str(city()["report"]["verify_base"])


def sealed(pdf: bytes, number: str, user: str) -> bytes:
    """The file with the seal, put by the process that keeps it; its log says for whom.

    Raises:
        Problem: `seal-unavailable`, with the seconds to wait.
    """

    def hand(content: bytes) -> bytes:
        return ask(settings.HENGXIN_HOME, Wanted(number, user, content))

    try:
        return put_seal(pdf, seal(), hand, now(), number)
    except SealAway as flaw:
        raise Problem("seal-unavailable", flaw.why, retry_after_s=flaw.wait_s or AGAIN_S) from flaw
    except OSError as flaw:
        raise Problem("seal-unavailable", type(flaw).__name__, retry_after_s=AGAIN_S) from flaw


@cache
def fonts() -> Path:
    """The folder of the faces that ship."""
    return Path(str(files("resources").joinpath("fonts")))
