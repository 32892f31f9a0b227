"""Reads and checks a large pack in two processes, on a machine that has the processors.

What policies rest on is read first; then each process reads one half of them, and checks each of
its policies alone. What has to be seen together is checked after that, in this process.

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
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from engine.language.checks import ALONE, TOGETHER, run_checks
from engine.language.diagnostic import Diagnostic, Diagnostics
from engine.language.draft import (
    KINDS,
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
from engine.language.read.policy import ReadPolicy
from engine.language.source_text import SourceText
from engine.language.span import Span
from engine.language.yaml_nodes import Document, Node
from engine.language.yaml_reading import documents

LARGE = 1 << 19
"""From so many characters on, a second process takes less time than it saves."""

_OWN = 0.53
"""The part of the policies that this process reads itself."""

_ALONE = "policy"
"""The kind of document of which each may be read without the others."""

_BEFORE = re.compile(
    rf"\n(?![ \t#])[^\w\n]*(?:{'|'.join(kind for kind in KINDS if kind != _ALONE)})\b[^\w\n]*:"
)
"""What the documents look like that both processes must know."""


class _Told(NamedTuple):
    """A policy that the other process read."""

    name: str | None
    span: Span
    named_at: Span
    reading: Reading[ReadPolicy]


@dataclass(frozen=True, slots=True)
class _Half:
    """What the other process made of its texts: policies, each with where it stands."""

    read: tuple[_Told, ...]
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class _Common:
    """What both processes know: the words of the language, and the documents that were read."""

    known: Vocabulary
    read: ByKind

    def with_policies(self, policies: Sequence[Written[ReadPolicy]]) -> Draft:
        """Return a draft of what is known and of these policies."""
        return draft_of({**self.read, _ALONE: list(policies)})


class _NotAloneError(Exception):
    """A document came up that both processes would have had to know before."""


def read_checked(texts: Sequence[SourceText], problems: Diagnostics, *, whole: bool) -> Draft:
    """Return the draft of all documents in the files, which are in order, after all checks.

    Unless it must be `whole`, its policies may lack what no check of all of them looks at.
    """
    if sum(len(text.text) for text in texts) >= LARGE and _may_fork():
        found = Diagnostics()
        draft = _in_two(texts, found, whole=whole)
        if draft is not None:
            problems.include(found.sorted())
            return draft
    draft = read_draft(_documents(texts, problems), problems)
    problems.include(run_checks(draft))
    return draft


def _may_fork() -> bool:
    """Whether a fork is safe, no other thread running, and there is a processor for it."""
    if sys.platform != "linux" or threading.active_count() > 1:
        return False
    try:
        alone = len(list(Path("/proc/self/task").iterdir())) == 1
    except OSError:
        return False
    return alone and len(os.sched_getaffinity(0)) > 1


def _in_two(texts: Sequence[SourceText], problems: Diagnostics, *, whole: bool) -> Draft | None:
    """Return the draft; None where one process has to read it all."""
    before, after = _apart(texts)
    by_kind = sort_by_kind(_documents(before, problems), problems)
    first, known = read_first(by_kind, problems)
    common = _Common(known, first | read_rest(by_kind, known, problems))
    mine, theirs = _halves(after)
    process, pipe = _start(theirs, common, whole=whole)
    try:
        own = _read(mine, common, problems)
    except _NotAloneError:
        own = None
    other = _end(process, pipe)
    if own is None or other is None:
        return None
    shared = common.read[_ALONE]
    problems.include(run_checks(common.with_policies(shared), ALONE))
    problems.include(other.diagnostics)
    places = {text.file: position for position, text in enumerate(texts)}
    far = _placed(other.read, theirs)
    draft = common.with_policies(_in_order([*shared, *own, *far], places))
    problems.include(run_checks(draft, TOGETHER))
    return draft


def _apart(texts: Iterable[SourceText]) -> tuple[list[SourceText], list[SourceText]]:
    """Return the files that may hold other documents than policies, and those that do not."""
    before: list[SourceText] = []
    after: list[SourceText] = []
    for text in texts:
        (before if _BEFORE.search(f"\n{text.text}") else after).append(text)
    return before, after


def _halves(texts: list[SourceText]) -> tuple[list[SourceText], list[SourceText]]:
    sizes = list(accumulate(len(text.text) for text in texts))
    middle = sum(size <= sizes[-1] * _OWN for size in sizes) if sizes else 0
    return texts[:middle], texts[middle:]


def _read(
    texts: Iterable[SourceText], common: _Common, problems: Diagnostics
) -> list[Written[ReadPolicy]]:
    """Read policies and check each of them alone."""
    by_kind = sort_by_kind(_documents(texts, problems), problems)
    if any(found for kind, found in by_kind.items() if kind != _ALONE):
        raise _NotAloneError
    policies = read_rest(by_kind, common.known, problems)[_ALONE]
    problems.include(run_checks(common.with_policies(policies), ALONE))
    return policies


def _start(texts: Sequence[SourceText], common: _Common, *, whole: bool) -> tuple[int, int]:
    """Return the other process, which reads the texts, and the pipe that it writes them to."""
    pipe, end = os.pipe()
    process = os.fork()
    if process:
        os.close(end)
        return process, pipe
    # Nothing of this process may run to its end a second time, whatever happens.
    try:
        os.close(pipe)
        problems = Diagnostics()
        policies = _read(texts, common, problems)  # a name keeps them: letting go takes long
        with open(end, "wb") as stream:  # noqa: PTH123 - it has no path
            stream.write(_written(policies, problems, whole=whole))
    finally:
        os._exit(0)


def _written(
    policies: Iterable[Written[ReadPolicy]], problems: Diagnostics, *, whole: bool
) -> bytes:
    read = tuple(
        _Told(one.name, one.start, one.named_at, one.reading if whole else bare(one.reading))
        for one in policies
    )
    return pickle.dumps(_Half(read, problems.sorted()), pickle.HIGHEST_PROTOCOL)


def bare(reading: Reading[ReadPolicy]) -> Reading[ReadPolicy]:
    """Return a policy without what takes long to hand on, and is looked at in each policy alone."""
    if reading.failed:
        return reading
    read = reading.value
    twins = tuple(test for test in read.model.tests if test.twin)
    return Reading(replace(read, model=replace(read.model, tests=twins, text="")))


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


def _placed(found: Iterable[_Told], texts: Iterable[SourceText]) -> Iterator[Written[ReadPolicy]]:
    by_file = {text.file: text for text in texts}
    for name, span, named_at, reading in found:
        parse = partial(_again, by_file[span.file], span)
        yield Written(name, Elsewhere(span, named_at, parse), reading)


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


def _in_order(
    found: Iterable[Written[ReadPolicy]], places: Mapping[str, int]
) -> list[Written[ReadPolicy]]:
    return sorted(found, key=lambda one: (places[one.start.file], one.start))
