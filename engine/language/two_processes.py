"""Reads a large pack in two processes, one half each, on a machine that has the processors.

Nothing that comes of it differs from what one process makes of the same texts: where the other one
fails, or finds what this one would have had to know before, this one reads everything itself.
"""

from __future__ import annotations

import os
import pickle
import re
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

from engine.language.diagnostic import Diagnostic, Diagnostics
from engine.language.draft import (
    FIRST,
    ByKind,
    Draft,
    Elsewhere,
    Written,
    draft_of,
    read_draft,
    read_first,
    read_rest,
    sort_by_kind,
)
from engine.language.read.field_test import Vocabulary
from engine.language.read.mapping import Reading
from engine.language.source_text import SourceText
from engine.language.span import Span
from engine.language.yaml_nodes import Document, Node
from engine.language.yaml_reading import documents

LARGE = 1 << 19
"""From so many characters on, a second process takes less time than it saves."""

_OWN = 0.55
"""The part that this process reads itself: the other one has to hand on what it made."""

_BEFORE = re.compile(rf"^\W*({'|'.join(FIRST)})\b\W*:", re.MULTILINE)
"""What the documents look like that both processes must know."""


class _Told(NamedTuple):
    """A document that the other process read."""

    name: str | None
    span: Span
    named_at: Span
    reading: Reading[Any]


@dataclass(frozen=True, slots=True)
class _Half:
    """What the other process made of its texts: documents by kind, each with where it stands."""

    read: dict[str, list[_Told]]
    diagnostics: tuple[Diagnostic, ...]


class _NotAloneError(Exception):
    """A document came up that both processes would have had to know before."""


def read_texts(texts: Sequence[SourceText], problems: Diagnostics) -> Draft:
    """Return the draft of all documents in the files, which are in order."""
    if sum(len(text.text) for text in texts) >= LARGE and _may_fork():
        found = Diagnostics()
        draft = _in_two(texts, found)
        if draft is not None:
            for diagnostic in found.sorted():
                problems.add(diagnostic)
            return draft
    return read_draft(_documents(texts, problems), problems)


def _may_fork() -> bool:
    """Whether a fork is safe, no other thread running, and there is a processor for it."""
    if sys.platform != "linux" or threading.active_count() > 1:
        return False
    try:
        alone = len(list(Path("/proc/self/task").iterdir())) == 1
    except OSError:
        return False
    return alone and len(os.sched_getaffinity(0)) > 1


def _in_two(texts: Sequence[SourceText], problems: Diagnostics) -> Draft | None:
    """Return the draft; None where one process has to read it all."""
    shared = [text for text in texts if _BEFORE.search(text.text)]
    mine, theirs = _halves([text for text in texts if not _BEFORE.search(text.text)])
    by_kind = sort_by_kind(_documents(shared, problems), problems)
    first, known = read_first(by_kind, problems)
    rest = read_rest(by_kind, known, problems)
    process, pipe = _start(theirs, known)
    try:
        own = _read(mine, known, problems)
    except _NotAloneError:
        own = None
    other = _end(process, pipe)
    if own is None or other is None:
        return None
    for diagnostic in other.diagnostics:
        problems.add(diagnostic)
    far = {kind: _placed(found, theirs) for kind, found in other.read.items()}
    places = {text.file: position for position, text in enumerate(texts)}
    merged = {kind: _in_order([*rest[kind], *own[kind], *far[kind]], places) for kind in rest}
    return draft_of(first | merged)


def _halves(texts: list[SourceText]) -> tuple[list[SourceText], list[SourceText]]:
    sizes = list(accumulate(len(text.text) for text in texts))
    middle = sum(size <= sizes[-1] * _OWN for size in sizes) if sizes else 0
    return texts[:middle], texts[middle:]


def _read(texts: Iterable[SourceText], known: Vocabulary, problems: Diagnostics) -> ByKind:
    by_kind = sort_by_kind(_documents(texts, problems), problems)
    if any(by_kind[kind] for kind in FIRST):
        raise _NotAloneError
    return read_rest(by_kind, known, problems)


def _start(texts: Sequence[SourceText], known: Vocabulary) -> tuple[int, int]:
    """Return the other process, which reads the texts, and the pipe that it writes them to."""
    pipe, end = os.pipe()
    process = os.fork()
    if process:
        os.close(end)
        return process, pipe
    # Nothing of this process may run to its end a second time, whatever happens.
    try:
        os.close(pipe)
        with open(end, "wb") as stream:  # noqa: PTH123 - it has no path
            stream.write(_written(texts, known))
    finally:
        os._exit(0)


def _written(texts: Sequence[SourceText], known: Vocabulary) -> bytes:
    problems = Diagnostics()
    read = _read(texts, known, problems)
    half = {
        kind: [_Told(one.name, one.start, one.named_at, one.reading) for one in found]
        for kind, found in read.items()
    }
    return pickle.dumps(_Half(half, problems.sorted()), pickle.HIGHEST_PROTOCOL)


def _end(process: int, pipe: int) -> _Half | None:
    """Return what the other process made; None when it came to nothing."""
    with open(pipe, "rb") as stream:
        data = stream.read()
    os.waitpid(process, 0)
    try:
        half: _Half = pickle.loads(data)  # noqa: S301 - our own process wrote it
    except (EOFError, pickle.UnpicklingError):
        return None
    return half


def _placed(found: Iterable[_Told], texts: Iterable[SourceText]) -> list[Written[Any]]:
    by_file = {text.file: text for text in texts}
    return [
        Written(name, Elsewhere(span, named_at, partial(_again, by_file[span.file], span)), reading)
        for name, span, named_at, reading in found
    ]


def _again(text: SourceText, span: Span) -> Node:
    """Parse a document that the other process read, for the places in it."""
    return next(root for root in _roots(text) if root.span == span)


@lru_cache(maxsize=16)
def _roots(text: SourceText) -> tuple[Node, ...]:
    """Return the documents of a file; several problems are mostly of the same one."""
    return tuple(document.root for document in documents(text, Diagnostics()))


def _documents(texts: Iterable[SourceText], problems: Diagnostics) -> Iterator[Document]:
    for text in texts:
        yield from documents(text, problems)


def _in_order(found: Iterable[Written[Any]], places: Mapping[str, int]) -> list[Written[Any]]:
    return sorted(found, key=lambda one: (places[one.start.file], one.start))
