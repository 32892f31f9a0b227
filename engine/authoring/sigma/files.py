"""Sigma files: which there are, and the documents in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from engine.authoring.sigma import codes
from engine.authoring.sigma.documents import SigmaDocument, documents_of
from engine.language import codes as language_codes
from engine.language.diagnostic import Diagnostics, printable, quote
from engine.language.span import Span
from engine.language.yaml_reading import MAX_BYTES, decode

_SUFFIXES = frozenset({".yml", ".yaml"})


@dataclass
class SigmaFiles:
    """What was read of the files named on the command line."""

    documents: list[SigmaDocument] = field(default_factory=list)
    broken: int = 0
    """Documents that are none, each reported; a file that cannot be read counts as one."""
    sources: dict[str, str] = field(default_factory=dict)
    """The text of each file by the name that spans give it, for showing diagnostics."""


def read_files(paths: Iterable[Path], problems: Diagnostics) -> SigmaFiles:
    """Read files, and folders with the files under them; what is wrong is reported."""
    found = SigmaFiles()
    for path in dict.fromkeys(each for given in paths for each in _expand(given, problems)):
        _read_file(path, found, problems)
    return found


def _expand(path: Path, problems: Diagnostics) -> list[Path]:
    if not path.is_dir():
        return [path]
    inside = sorted(
        each
        for each in path.rglob("*")
        if each.suffix.lower() in _SUFFIXES and not each.name.startswith(".") and each.is_file()
    )
    if not inside:
        message = f"the folder {quote(path)} holds no .yml or .yaml file"
        hint = "name files, or a folder that holds some"
        problems.error(codes.NO_FILE, _whole(path), message, hint=hint)
    return inside


def _whole(path: Path) -> Span:
    return Span(printable(path.as_posix()), 1, 1, 1, 1)


def _read_file(path: Path, found: SigmaFiles, problems: Diagnostics) -> None:
    whole = _whole(path)
    data = _bytes_of(path, problems)
    if data is None:
        found.broken += 1
        return
    found.sources[whole.file] = data.decode("utf-8", "replace")
    source = decode(whole.file, data, problems)
    if source is None:
        found.broken += 1
        return
    found.sources[whole.file] = source.text
    read = list(documents_of(source, problems))
    if not read:
        message = f"the file {quote(path)} holds no document"
        problems.error(codes.NO_FILE, whole, message, hint="write a Sigma rule into it")
    found.broken += read.count(None) + (not read)
    found.documents += [one for one in read if one is not None]


def _bytes_of(path: Path, problems: Diagnostics) -> bytes | None:
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        message, hint = f"there is no file {quote(path)}", "look at how the path is written"
        problems.error(codes.NO_FILE, _whole(path), message, hint=hint)
    except (OSError, ValueError) as fault:
        reason = (getattr(fault, "strerror", None) or type(fault).__name__).lower()
        message, hint = f"it cannot be read: {reason}", "look at what kind of file it is, and whose"
        problems.error(language_codes.UNREADABLE, _whole(path), message, hint=hint)
    return None
