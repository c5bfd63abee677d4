"""What product code never does, found in its syntax tree: one function from source text to complaints."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

# room -> what it may import beside the standard library; the contracts of pyproject.toml look after the rest
LEAN_ROOMS = {
    "app/field/": {"msgspec", "app.field"},
    "local_cache/": {"sqlcipher3", "local_cache"},
}
ADMIN_ROOM = "server_stub/console/"


def complaints(source: str, path: str) -> list[str]:
    """Every banned thing in the source of one product file; path counts from the top of the repository."""
    tree = ast.parse(source, path)
    return [f"{path}:{line}: {what}" for line, what in sorted(_found(tree, path))]


def _found(tree: ast.AST, path: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        for module in _imported(node):
            yield from ((node.lineno, what) for what in _import_complaints(module, path))
        if isinstance(node, ast.ExceptHandler):
            if node.type is None:
                yield node.lineno, "bare except"
            if all(_is_nothing(statement) for statement in node.body):
                yield (
                    node.lineno,
                    "an exception is swallowed: act on it, or contextlib.suppress it",
                )
        if isinstance(node, ast.keyword) and isinstance(node.value, ast.Constant):
            if node.arg == "verify" and node.value.value is False:
                yield node.lineno, "verify=False"
            if node.arg == "shell" and node.value.value is True:
                yield node.lineno, "shell=True"
        if isinstance(node, ast.Assign) and _is_false(node.value):
            for target in node.targets:
                if isinstance(target, ast.Attribute) and target.attr in {"verify", "check_hostname"}:
                    yield node.lineno, f"{target.attr} = False"
        name = _name(node)
        if name in {"processEvents", "CERT_NONE", "_create_unverified_context"}:
            yield node.lineno, name


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _import_complaints(module: str, path: str) -> Iterator[str]:
    top = module.partition(".")[0]
    if top == "sqlite3" and not path.startswith("server_stub/"):
        yield "sqlite3 writes plain files: the client's files go through local_cache"
    if module.startswith("django.contrib.admin") and not path.startswith(ADMIN_ROOM):
        yield f"django.contrib.admin belongs to {ADMIN_ROOM}"
    for room, allowed in LEAN_ROOMS.items():
        if not path.startswith(room) or top in sys.stdlib_module_names:
            continue
        if not any(module == name or module.startswith(f"{name}.") for name in allowed):
            yield f"{room} may import the standard library and {', '.join(sorted(allowed))}, not {module}"


def _is_nothing(statement: ast.stmt) -> bool:
    is_pass = isinstance(statement, ast.Pass)
    return is_pass or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))


def _is_false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    return ""
