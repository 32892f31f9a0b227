"""A difference as lines for a terminal: by document, each change with its two places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from engine.authoring.diff.change import Change
from engine.authoring.diff.difference import Difference
from engine.authoring.diff.words import listed
from engine.language.span import Span

NOTHING = "nothing that changes a decision"


def difference_text(found: Difference) -> str:
    """Return the whole difference; one sentence for packs of one digest."""
    return "\n".join(_lines(found))


def _lines(found: Difference) -> Iterator[str]:
    if not found.changes:
        yield f"{NOTHING}: both packs have the digest {found.new.digest[:16]}"
        return
    deciding = [change for change in found.changes if change.decides]
    others = [change for change in found.changes if not change.decides]
    if deciding:
        yield from _documents(deciding)
    else:
        yield NOTHING
    if others:
        yield ""
        yield "words, tests and order, from which no decision follows:"
        yield from _documents(others)
    if found.notes:
        yield ""
        for note in found.notes:
            place = "" if note.at is None else f" ({note.at.file}:{note.at.line})"
            yield f"note: {note.kind} {note.name}: {note.words}{place}"


def _documents(changes: Sequence[Change]) -> Iterator[str]:
    for (kind, name), group in groupby(changes, key=lambda change: change.document):
        yield f"{kind} {name}"
        yield from _changes(group)


def _changes(changes: Iterable[Change]) -> Iterator[str]:
    for change in changes:
        bent = f" ({change.leaning.value})" if change.leaning else ""
        yield f"  {change.words}{bent}"
        if change.affects:
            yield f"      used by {listed(change.affects)}"
        if places := _places(change.old_at, change.new_at):
            yield f"      {places}"


def _places(old: Span | None, new: Span | None) -> str:
    """Return both places as one; the file once, where it is called the same."""
    before, after = (None if at is None else f"{at.file}:{at.line}" for at in (old, new))
    if before is None or after is None:
        return before or after or ""
    if old and new and old.file == new.file:
        return f"{before} → {new.line}"
    return f"{before} → {after}"
