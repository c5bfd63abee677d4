"""A kept copy is opened in one way only: judged, written down in the chain, and then read."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence

import msgspec

from app.field.canonical import canonical_sha256
from app.field.records import Bundle, ObjectionMark, Record, Signed, Standing, read_bundle
from app.services.answer import label
from app.services.entries import builder, new_op_id
from app.services.room import Opened, Room
from app.trouble import NotTrusted, VaultTrouble
from local_cache import answers, ledger
from local_cache.answers import Copy


class Opening:
    """`check` judges the signature of a copy once more (pinned answers key) and returns what was signed."""

    def __init__(self, room: Room, check: Callable[[Signed], bytes]) -> None:
        self._room = room
        self._check = check

    def judged(self, opened: Opened, copy: Copy) -> Bundle:
        """The bundle as the server signed it. It is not to be shown by this alone.

        Raises:
            NotTrusted: answer.unsigned when the copy is not what the server signed; it is erased.
        """
        try:
            return read_bundle(self._check(signed_of(copy)))
        except (NotTrusted, msgspec.DecodeError) as flaw:
            answers.erase(opened.copies(), [copy.query_no])
            raise NotTrusted("answer.unsigned") from flaw

    def read(self, opened: Opened, copy: Copy) -> Bundle:
        """What a copy shows, marks laid over it, after the entry "open_cached" is in the chain.

        Raises:
            NotTrusted: as `judged`; no entry is made.
            VaultTrouble: vault.disk-full when the entry cannot be written.
        """
        bundle = self.judged(opened, copy)
        link = builder(
            self._room,
            opened,
            "open_cached",
            new_op_id(),
            purpose=bundle.purpose.code,
            query_no=copy.query_no,
        )
        ledger.append(opened.work, link, label(bundle), copy.query_no)
        opened.keep_time()
        return marked(bundle, answers.marks(opened.copies(), bundle.made_at))

    def looked_through(self, opened: Opened, found: Sequence[Copy]) -> None:
        """Words of these copies are about to be shown: one entry "open_cached" for them all. It names the
        query when there is one, and the digest of the list of queries when there are several.

        Raises:
            NotTrusted, VaultTrouble: as `read`.
        """
        bundles = [self.judged(opened, copy) for copy in found]
        numbers = sorted(copy.query_no for copy in found)
        one = len(found) == 1
        link = builder(
            self._room,
            opened,
            "open_cached",
            new_op_id(),
            purpose=bundles[0].purpose.code if one else "",
            query_no=numbers[0] if one else "",
            body_sha256="" if one else canonical_sha256({"query_nos": numbers}),
        )
        subject = label(bundles[0]) if one else ""
        ledger.append(opened.work, link, subject, numbers[0] if one else "")
        opened.keep_time()


def signed_of(copy: Copy) -> Signed:
    """The copy as it came over the wire."""
    return Signed(base64.b64encode(copy.payload).decode(), copy.key_id, base64.b64encode(copy.sig).decode())


def marked(bundle: Bundle, marks: dict[str, bytes]) -> Bundle:
    """The bundle as it is to be shown: marks that came later lie over what was signed."""
    laid = {rec_id: _mark(body) for rec_id, body in marks.items()}
    records: list[Record] = [
        msgspec.structs.replace(one, objection=laid[one.rec_id]) if one.rec_id in laid else one
        for one in bundle.records
    ]
    standing: list[Standing] = [
        msgspec.structs.replace(one, objection=laid[one.rec_id]) if one.rec_id in laid else one
        for one in bundle.standing
    ]
    return msgspec.structs.replace(bundle, records=tuple(records), standing=tuple(standing))


def _mark(body: bytes) -> ObjectionMark | None:
    """A mark's body is an ObjectionMark; `null` takes a signed mark off again.

    Raises:
        VaultTrouble: cache.damaged when it is neither.
    """
    try:
        return msgspec.json.decode(body, type=ObjectionMark | None)
    except msgspec.DecodeError as flaw:
        raise VaultTrouble("cache.damaged", context={"part": "cache"}) from flaw
