"""A PDF of one blank page, as a scan that a server takes; another `title` is another file."""

from __future__ import annotations

import io

import pikepdf


def one_page(title: str = "") -> bytes:
    """Its bytes, the same for the same title."""
    made = pikepdf.new()
    made.add_blank_page()
    if title:
        made.docinfo["/Title"] = title
    out = io.BytesIO()
    made.save(out, deterministic_id=True)
    return out.getvalue()
