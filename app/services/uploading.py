"""Bringing evidence to the server before the filing that names it, in parts, going on where it broke off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.services.lines import Lines
from app.services.refused_files import RefusedFile, at_its_way
from app.services.room import Room
from app.trouble import NotNow, NotTrusted, NotYou, Trouble
from app.wire.messages import UploadReply
from app.wire.problems import Answered
from app.wire.routes import Routes
from app.wire.session import REVOKED
from local_cache import evidence
from local_cache.evidence import Proof

PART = 512 * 1024
MISHAPS = 3
LANE = "courier"
TWICE = ("proof-replayed",)  # something on the way sent a request again: the first one may have counted


@dataclass(frozen=True)
class Held:
    """Why a filing cannot go now: it waits (at least `wait_s` seconds), or a `file` of its evidence was not
    taken."""

    word: Literal["waiting", "refused"]
    why: str
    wait_s: int = 0
    file: RefusedFile | None = None


class Uploading:
    """The courier's way with files."""

    def __init__(self, room: Room, lines: Lines) -> None:
        self.room = room
        self.lines = lines

    def bring(self, op_id: str) -> Held | None:
        """Bring all files of an outbox row; None when the server had every one of them.

        What has arrived once is not offered again: a filing whose answer was lost has used its evidence up,
        and one whose evidence ran out is told so (`Posting` then begins anew).

        Raises:
            NotNow, NotYou, NotTrusted: of the network and the session; what arrived so far is not sent again.
        """
        for place in self.room.run(lambda opened: evidence.missing(opened.work, op_id)):
            proof = self.room.run(lambda opened, p=place: evidence.get(opened.work, op_id, p))  # type: ignore[misc]
            if proof is None:
                continue
            try:
                self._bring_one(self.lines.routes(LANE), proof)
            except Answered as said:
                known = said.body.code in TWICE
                if not known and (isinstance(said.trouble, NotYou | NotTrusted) or said.body.code == REVOKED):
                    raise said.trouble from said
                return _held(said, proof)
        return None

    def _bring_one(self, routes: Routes, proof: Proof) -> None:
        begun = routes.begin_upload(proof.upload_op, len(proof.content), proof.sha256)
        offset, arrived, mishaps = begun.offset, begun.arrived, 0
        self._note(proof, offset)
        while not arrived:
            try:
                reply = routes.send_part(begun.upload_url, offset, proof.content[offset : offset + PART])
                if not (offset < reply.offset <= len(proof.content) or reply.arrived):
                    raise NotTrusted("answer.malformed")
                offset, arrived = reply.offset, reply.arrived
            except Answered as said:
                mishaps += 1
                if said.body.code != "upload-offset" or mishaps > MISHAPS:
                    raise
                offset = _due(said, proof)
            except NotNow as cut:
                mishaps += 1
                if mishaps > MISHAPS:
                    raise
                offset = self._after(cut, routes, begun)
            self._note(proof, offset)

    def _after(self, cut: NotNow, routes: Routes, begun: UploadReply) -> int:
        """Where to go on after a part whose fate is unknown.

        Raises:
            NotNow: the same cut again, when the server cannot be asked.
        """
        try:
            return routes.upload_offset(begun.upload_url)
        except (Answered, Trouble) as flaw:
            raise cut from flaw

    def _note(self, proof: Proof, sent: int) -> None:
        self.room.run(lambda opened: evidence.note_sent(opened.work, proof.op_id, proof.place, sent))


def _due(said: Answered, proof: Proof) -> int:
    found = said.body.context.get("offset")
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found <= len(proof.content):
        raise NotTrusted("answer.malformed") from said
    return found


def _held(said: Answered, proof: Proof) -> Held:
    """An upload that is gone, full or busy is tried again; what the server has judged is not."""
    waits = said.status in (404, 409, 410, 429) or said.status >= 500 or said.body.code in TWICE
    if waits:
        return Held("waiting", said.body.code, said.body.retry_after_s or 0)
    return Held("refused", said.body.code, file=at_its_way(said.body, proof.place, proof.name))
