"""What kept rows depend on beside the files: how they were read, and what read them."""

from __future__ import annotations

import hashlib
import json
import platform
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb

from engine.activity.staging import Kind
from engine.language.canonical import canonical
from engine.language.model.pack import Source
from engine.version import VERSION

_ACTIVITY = Path(__file__).parents[1]
_FOLDERS = (_ACTIVITY, _ACTIVITY / "state", _ACTIVITY.parent / "language")


@dataclass(frozen=True, slots=True)
class Meaning:
    """By what equal files are read to equal rows."""

    engine: str
    """Digest of what reads: Excise, and what folds, splits and hashes for it."""
    records: str
    """Digest of what is read: the fields, and the source's mapping."""


def meaning_of(kinds: Sequence[Kind], source: Source | None) -> Meaning:
    """Return what rows of these kinds depend on.

    The engine is told by its very code too, since a working copy changes under one version.
    """
    fields = {kind.name: [repr(field) for field in kind.fields.values()] for kind in kinds}
    mapped = None if source is None else canonical(source)
    under = [platform.python_version(), duckdb.__version__, unicodedata.unidata_version]
    return Meaning(_digest([VERSION, _code(), *under]), _digest([fields, mapped]))


def _digest(said: object) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


@cache
def _code() -> str:
    """Return the digest of the code that reads."""
    whole = hashlib.sha256()
    for folder in _FOLDERS:
        for path in sorted(folder.glob("*.py")):
            whole.update(path.name.encode() + path.read_bytes())
    return whole.hexdigest()
