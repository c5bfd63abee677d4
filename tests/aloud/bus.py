"""AT-SPI over D-Bus: what stands on the accessibility bus, asked for as a screen reader asks."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jeepney import DBusAddress, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

LAUNCHER = Path("/usr/libexec/at-spi-bus-launcher")
ROOT = "/org/a11y/atspi/accessible/root"
WAIT_S = 20.0
PASSWORD_TEXT = 40
# org.a11y.atspi: the numbers of AtspiStateType that a reader speaks of
STATES = {
    4: "checked", 5: "collapsed", 10: "expanded", 12: "focused", 20: "pressed", 23: "selected",
    24: "sensitive", 25: "showing", 33: "required", 42: "read-only",
}  # fmt: skip


@dataclass(frozen=True)
class Node:
    """One accessible object: the name of its owner on the bus and its path."""

    owner: str
    path: str

    @property
    def is_nothing(self) -> bool:
        return self.path.endswith("/null")


class Bus:
    """A connection to the accessibility bus of this session."""

    def __init__(self) -> None:
        with open_dbus_connection("SESSION") as session:
            address = DBusAddress("/org/a11y/bus", bus_name="org.a11y.Bus", interface="org.a11y.Bus")
            (where,) = session.send_and_get_reply(new_method_call(address, "GetAddress"), timeout=WAIT_S).body
        self._line: DBusConnection = open_dbus_connection(where)

    def close(self) -> None:
        self._line.close()

    def ask(self, node: Node, interface: str, method: str, signature: str = "", *given: Any) -> Any:
        """The body of the answer.

        Raises:
            NoSuchThingError: when the object does not have that interface, or is gone.
        """
        address = DBusAddress(node.path, bus_name=node.owner, interface=interface)
        call = new_method_call(address, method, signature or None, given)
        answer = self._line.send_and_get_reply(call, timeout=WAIT_S)
        if answer.header.message_type.name == "error":
            raise NoSuchThingError(f"{interface}.{method}: {answer.body}")
        return answer.body[0] if len(answer.body) == 1 else answer.body

    def _of(self, node: Node, interface: str, name: str) -> Any:
        properties = "org.freedesktop.DBus.Properties"
        _, value = self.ask(node, properties, "Get", "ss", f"org.a11y.atspi.{interface}", name)
        return value

    # ---- what is there -----------------------------------------------------------------------------------

    def applications(self) -> list[Node]:
        return self.children(Node("org.a11y.atspi.Registry", ROOT))

    def children(self, node: Node) -> list[Node]:
        found = self.ask(node, "org.a11y.atspi.Accessible", "GetChildren")
        return [Node(*one) for one in found if not one[1].endswith("/null")]

    def name(self, node: Node) -> str:
        return str(self._of(node, "Accessible", "Name"))

    def description(self, node: Node) -> str:
        return str(self._of(node, "Accessible", "Description"))

    def role(self, node: Node) -> str:
        if self.ask(node, "org.a11y.atspi.Accessible", "GetRole") == PASSWORD_TEXT:
            return "password text"  # readers go by the number; Qt names it as any other field
        return str(self.ask(node, "org.a11y.atspi.Accessible", "GetRoleName"))

    def states(self, node: Node) -> frozenset[str]:
        low, high = self.ask(node, "org.a11y.atspi.Accessible", "GetState")
        bits = low | high << 32
        return frozenset(word for place, word in STATES.items() if bits >> place & 1)

    def labels(self, node: Node) -> list[Node]:
        """What is said to label it."""
        labelled_by = 2
        relations = self.ask(node, "org.a11y.atspi.Accessible", "GetRelationSet")
        return [Node(*one) for kind, targets in relations if kind == labelled_by for one in targets]

    def text(self, node: Node) -> str:
        """The text of a field; empty where there is none."""
        return str(self.ask(node, "org.a11y.atspi.Text", "GetText", "ii", 0, -1))

    def size(self, node: Node) -> tuple[int, int]:
        """Rows and columns of a table."""
        return int(self._of(node, "Table", "NRows")), int(self._of(node, "Table", "NColumns"))

    def cell(self, node: Node, row: int, column: int) -> Node:
        return Node(*self.ask(node, "org.a11y.atspi.Table", "GetAccessibleAt", "ii", row, column))

    def below(self, node: Node) -> Iterator[Node]:
        """Everything below, in the order of the tree; a table's cells are asked for by place instead."""
        for child in self.children(node):
            yield child
            if self.role(child) not in ("table", "list"):
                yield from self.below(child)


class NoSuchThingError(AssertionError):
    """The other side has no such interface or object."""


def start_bus() -> subprocess.Popen[bytes]:
    """The accessibility bus of this session, up when this returns; the caller ends it by its number.

    Raises:
        AssertionError: without at-spi2-core, or when no bus comes up.
    """
    assert LAUNCHER.exists(), "at-spi2-core is not installed"
    launcher = subprocess.Popen([str(LAUNCHER), "--launch-immediately"], stderr=subprocess.DEVNULL)
    ends = time.monotonic() + WAIT_S
    while True:
        try:
            Bus().close()
            return launcher
        except Exception as flaw:  # noqa: BLE001 -- whatever it is that is not up yet
            if time.monotonic() > ends:
                launcher.kill()
                raise AssertionError("no accessibility bus came up") from flaw
            time.sleep(0.1)


def wanted() -> dict[str, str]:
    """What a program needs in its environment to speak on the bus though no reader has asked for it."""
    return {**os.environ, "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1", "QT_QPA_PLATFORM": "xcb"}
