"""How the command says no: one plain sentence on standard error, and an exit code for whose move it is."""

from __future__ import annotations

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, ProgrammingError

from server_stub.errors import Problem
from server_stub.room_left import no_room

CANNOT, REFUSED, FAULT = 1, 2, 70
LONGEST = 300


def told(flaw: Exception) -> tuple[int, str]:
    """Exit code and sentence. 2: what was typed is not right, or a rule says no. 1: this server cannot now
    (its database, its settings, its disk). 70: our own mistake, by kind and place, not by its values."""
    if isinstance(flaw, Problem):
        return REFUSED, _problem(flaw)
    if no_room(flaw):
        return CANNOT, "no room is left on the disk; nothing was done: make room, then do it again"
    if isinstance(flaw, OperationalError | ProgrammingError):
        return CANNOT, f"the database does not answer, or was never prepared: {_line(flaw)}"
    if isinstance(flaw, ImproperlyConfigured):
        return CANNOT, _line(flaw)
    if isinstance(flaw, UnicodeError):
        return REFUSED, "a text is not UTF-8"
    if isinstance(flaw, ValueError) or type(flaw) is LookupError:
        return REFUSED, _line(flaw)
    if isinstance(flaw, OSError):
        if flaw.filename is None:
            return CANNOT, _line(flaw)
        return REFUSED, f"{flaw.filename}: {flaw.strerror}"
    trace = flaw.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "nowhere"
    return FAULT, f"a fault of ours, please report it: {type(flaw).__name__} at {place}"


def _problem(problem: Problem) -> str:
    """The published code, what is wrong, and what the reader may look up by it."""
    said = problem.detail or "refused"
    beside = []
    for one in problem.fields:
        path, message = one.get("path", ""), one.get("message", "")
        beside.append(path if message in said else f"{path}: {message}")
    beside += [f"{name} {value}" for name, value in problem.context.items() if isinstance(value, str | int)]
    return f"{problem.code}: {said}" + (f" ({'; '.join(beside)})" if beside else "")


def _line(flaw: Exception) -> str:
    return " ".join(str(flaw).split())[:LONGEST] or type(flaw).__name__
