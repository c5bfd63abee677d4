"""The dated rows handed to an officer at sign-in: purposes, terms, limits. Nothing of it is code."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from app.trouble import NotRight, Refused


class Purpose(msgspec.Struct, frozen=True):
    """One purpose that this officer's role may state. `document_for_person`: of a person on the identity
    document shown at the window, or the person's letter. With an `official_letter` it stands on one that the
    platform admitted, named as the case number, and is open to no list.
    """

    code: str
    zh: str
    en: str
    letter_for_person: bool = True
    letter_for_enterprise: bool = False
    official_letter: bool = False
    evidence_zh: str = ""
    evidence_en: str = ""
    document_for_person: bool = False

    def words(self, language: str) -> str:
        return self.en if language == "en" else self.zh


class EvidenceLimits(msgspec.Struct, frozen=True):
    """What may go with an objection: bytes of one file, number of files, kinds by content (pdf, jpg, png)."""

    file_max: int
    files_max: int
    media: tuple[str, ...]


class Policy(msgspec.Struct, frozen=True):
    """Payload of the signed policy. Durations in seconds. `evidence` is missing in what older servers signed:
    then nothing can be attached before the next sign-in. `screen_rows_max`: of one list, 0: not told."""

    type: Literal["policy"]
    version: int
    issued: str
    role: str
    purposes: tuple[Purpose, ...]
    idle_lock_s: int = 600
    copy_term_s: int = 0
    lease_s: int = 0
    offline_print: bool = False
    candidates_max: int = 20
    screen_rows_max: int = 0
    objection_kinds: tuple[Any, ...] = ()
    deadlines: tuple[dict[str, Any], ...] = ()
    masks: dict[str, Any] = {}
    evidence: EvidenceLimits | None = None

    def purpose(self, code: str) -> Purpose:
        """The purpose of that code.

        Raises:
            NotRight: query.purpose when none is given.
            Refused: purpose-not-allowed when the role may not state it.
        """
        if not code:
            raise NotRight("query.purpose")
        for one in self.purposes:
            if one.code == code:
                return one
        raise Refused("purpose-not-allowed", "problem.purpose-not-allowed")


def read_policy(payload: bytes) -> Policy:
    """Decode the payload of a signed policy.

    Raises:
        msgspec.DecodeError: when the bytes are not a policy.
    """
    return msgspec.json.decode(payload, type=Policy)
