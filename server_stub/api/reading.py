"""Bodies and addresses as they come in: what one of the two engines could not keep is refused before both."""

from __future__ import annotations

import json
import re
from typing import Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.parser import Parser
from ninja.types import DictStrAny

from server_stub.errors import Problem

LARGEST = 2**63 - 1
_UNKEEPABLE = re.compile("[\0\ud800-\udfff]")


class Readable(Parser):
    """JSON without the character NUL, without halves of characters and without integers beyond 64 bits."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        body: DictStrAny = json.loads(request.body)
        require_keepable(body)
        return body

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> DictStrAny:
        words = super().parse_querydict(data, list_fields, request)
        require_keepable(words)
        return words


def require_keepable(body: Any) -> None:
    """Raises Problem `text-unfit` with the last name on the way to the text, `body-invalid` for a number."""
    left = [("", body)]
    while left:
        name, value = left.pop()
        if isinstance(value, dict):
            left += [("", key) for key in value] + [*value.items()]
        elif isinstance(value, list):
            left += [(name, each) for each in value]
        elif isinstance(value, str):
            if _UNKEEPABLE.search(value):
                fields = [{"path": name, "code": "characters", "message": ""}]
                raise Problem("text-unfit", "characters", fields=fields, context={"field": name})
        elif isinstance(value, int) and abs(value) > LARGEST:
            raise Problem("body-invalid", "a number that cannot be kept")
