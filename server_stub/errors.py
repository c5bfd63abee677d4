"""The one error that leaves a room: a published code with what the client may know about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from server_stub.config.problems import status_of


class Problem(Exception):  # noqa: N818 - the word of RFC 9457
    """A refusal by code (resources/contract/problems.toml); `api` writes it as problem+json.

    Args:
        code: a published code; anything else is a mistake of ours and raises KeyError here.
        detail: words for a log or a developer, never data about a subject.
        fields: parts of the body that are not right: {path, code, message}.
        retry_after_s: seconds until another try makes sense.
        context: JSON values the client may use (chain position, receipts).
        headers: extra response headers.
    """

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        fields: Sequence[Mapping[str, str]] = (),
        retry_after_s: int | None = None,
        context: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code, detail)
        self.code = code
        self.status = status_of(code)
        self.detail = detail
        self.fields = tuple(dict(field) for field in fields)
        self.retry_after_s = retry_after_s
        self.context = dict(context or {})
        self.headers = dict(headers or {})
