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


class NumberTaken(Problem):
    """Another subject bears this number in the same period."""

    def __init__(self, kind: str) -> None:
        super().__init__(
            "number-invalid", f"taken: {kind}", fields=({"path": kind, "code": "taken", "message": ""},)
        )


class EntryUnfit(Problem):
    """A text of the register is empty where it must not be, or longer than the register keeps."""

    def __init__(self, path: str, fault: str) -> None:
        super().__init__(
            "body-invalid", f"{path}: {fault}", fields=({"path": path, "code": fault, "message": ""},)
        )


class NameOnly(Problem):
    """疑似同名: somebody bears this name, and a name attaches nothing to anybody. `suspects`: their keys."""

    def __init__(self, suspects: tuple[str, ...]) -> None:
        super().__init__(
            "number-invalid",
            "a name is not enough",
            fields=({"path": "number", "code": "namesake", "message": str(len(suspects))},),
        )
        self.suspects = suspects


class NameTooCommon(Problem):
    """Too many names hold these characters; an answer would be cut off without saying so."""

    def __init__(self) -> None:
        super().__init__("candidates-many", "say more of the name")


class NameTooShort(Problem):
    """One character would list half the city."""

    def __init__(self) -> None:
        super().__init__("candidates-many", "a name search needs two characters")
