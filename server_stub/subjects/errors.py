"""What the subjects room refuses."""

from __future__ import annotations

from server_stub.errors import Problem


class NumberInvalid(Problem):
    """A number whose arithmetic fails; `fields` names the position."""

    def __init__(self, path: str, fault: str, position: int = 0) -> None:
        super().__init__(
            "number-invalid",
            f"{fault} at {position}",
            fields=({"path": path, "code": fault, "message": str(position)},),
        )


class NameTooShort(Problem):
    """One character would list half the city."""

    def __init__(self) -> None:
        super().__init__("candidates-many", "a name search needs two characters")
