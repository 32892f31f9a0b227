"""A difference as plain data for JSON."""

from __future__ import annotations

from engine.authoring.diff.change import Change
from engine.authoring.diff.difference import Difference
from engine.language.canonical import canonical
from engine.language.model.pack import Pack
from engine.language.span import Span


def difference_record(found: Difference) -> dict[str, object]:
    """Return the whole difference; parts of the model in their canonical form."""
    return {
        "old": _pack(found.old),
        "new": _pack(found.new),
        "same": not found.changes,
        "decides": found.decides,
        "changes": [_change(change) for change in found.changes],
        "notes": [
            {
                "about": note.about.value,
                "document": [note.kind, note.name],
                "words": note.words,
                "at": _place(note.at),
            }
            for note in found.notes
        ],
    }


def _pack(pack: Pack) -> dict[str, object]:
    return {"name": pack.name, "version": pack.version, "digest": pack.digest}


def _change(change: Change) -> dict[str, object]:
    return {
        "path": list(change.path),
        "kind": change.kind.value,
        "words": change.words,
        "old": canonical(change.old),
        "new": canonical(change.new),
        "old_at": _place(change.old_at),
        "new_at": _place(change.new_at),
        "decides": change.decides,
        "leaning": change.leaning.value if change.leaning else None,
        "affects": list(change.affects),
    }


def _place(at: Span | None) -> dict[str, object] | None:
    return None if at is None else {"file": at.file, "line": at.line, "column": at.column}
