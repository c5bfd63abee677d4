"""The numbers of documents, read from answers as long as these may be read; work.db keeps none of its own."""

from __future__ import annotations

from app.field.records import Bundle, read_bundle
from app.services.room import Opened
from local_cache import answers


def documents_of(bundle: Bundle) -> dict[str, str]:
    """rec_id -> document number of everything in an answer."""
    documents = {one.rec_id: one.document_no for one in bundle.standing}
    return documents | {one.rec_id: one.document_no for one in bundle.records}


def document_no(opened: Opened, query_no: str, rec_id: str) -> str:
    """The document number of a record as its copy knows it; empty while there is none to read."""
    if opened.vault.cache is None or opened.lease_state() != "live":
        return ""
    found = answers.get(opened.copies(), query_no)
    return documents_of(read_bundle(found.payload)).get(rec_id, "") if found is not None else ""
