"""Bodies and addresses as they come in: what one of the two engines could not keep is refused before both."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.parser import Parser
from ninja.types import DictStrAny

from server_stub.errors import Problem

LARGEST = 2**63 - 1


class Readable(Parser):
    """JSON without the character NUL, without halves of characters and without integers beyond 64 bits."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        body: DictStrAny = json.loads(request.body)
        _require_keepable(body)
        return body

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> DictStrAny:
        words = super().parse_querydict(data, list_fields, request)
        _require_keepable(words)
        return words


def _require_keepable(body: Any) -> None:
    """Raises Problem `body-invalid` for the first value that cannot be kept."""
    left = [body]
    while left:
        value = left.pop()
        if isinstance(value, dict):
            left += [*value, *value.values()]
        elif isinstance(value, list):
            left += value
        elif isinstance(value, str):
            if any(sign == "\0" or "\ud800" <= sign <= "\udfff" for sign in value):
                raise Problem("body-invalid", "a character that cannot be kept")
        elif isinstance(value, int) and abs(value) > LARGEST:
            raise Problem("body-invalid", "a number that cannot be kept")
