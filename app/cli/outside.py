"""Where a command may put a file: looked at before anything is asked, issued or written down."""

from __future__ import annotations

from pathlib import Path

from app.trouble import NotRight


def require_place(out: Path, suffix: str | tuple[str, ...], replaces: bool = False) -> None:
    """The place of a file to come: its folder is there, its name says its kind, and nothing is lost by it.

    Raises:
        NotRight: out.kind, out.folder; out.special (a folder, a device, a link); out.there when a file has
            that name and `replaces` does not allow it.
    """
    if out.is_symlink() or (out.exists() and not out.is_file()):
        raise NotRight("out.special", context={"file": str(out)})
    suffixes = (suffix,) if isinstance(suffix, str) else suffix
    if out.suffix.lower() not in suffixes:
        raise NotRight("out.kind", context={"file": out.name, "suffix": " / ".join(suffixes)})
    if not out.parent.is_dir():
        raise NotRight("out.folder", context={"folder": str(out.parent)})
    if out.exists() and not replaces:
        raise NotRight("out.there", context={"file": out.name})
