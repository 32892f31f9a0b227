"""Diagnostics that may only follow from something that could not be read.

One mistake is reported once. Who sees that a file is not UTF-8 need not hear, for each policy, that
the list in that file is unknown: once the file can be read, what is left of that is reported.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from engine.language import codes
from engine.language.checks import (
    campaign_measure,
    no_cap,
    unknown_clause,
    unknown_policy,
    unknown_terms,
    unknown_waiver,
    unreachable_response,
    unreached_policy,
    unused_list,
)
from engine.language.diagnostic import Diagnostic
from engine.language.draft import KINDS, Draft

_OF_FILES = frozenset(
    code.id
    for code in (
        codes.NOT_UTF8,
        codes.CONTROL_CHARACTER,
        codes.TOO_LARGE,
        codes.UNREADABLE,
        codes.UNKNOWN_KIND,
    )
)
"""Of a file or a document of which nothing is known, not even its name."""
_OF_YAML = (codes.SYNTAX.id, codes.TOO_DEEP.id, codes.TAG.id)
"""The same, where nothing at all of a file could be read."""


@dataclass(frozen=True, slots=True)
class _Doubt:
    """What makes a diagnostic doubtful, beside a document of which nothing is known."""

    kinds: tuple[str, ...] = ()
    """Kinds of documents of which one could not be read."""
    codes: tuple[str, ...] = ()
    """Other diagnostics."""


_REACHED = (unknown_policy.ID, campaign_measure.ID)
_DOUBTS = {
    codes.PACK_DOCUMENT.id: _Doubt(),
    codes.UNKNOWN_LIST.id: _Doubt(),
    unknown_policy.ID: _Doubt(),
    unknown_clause.ID: _Doubt(),
    unknown_terms.ID: _Doubt(),
    unknown_waiver.ID: _Doubt(),
    unused_list.ID: _Doubt((), (codes.UNKNOWN_LIST.id, *_OF_YAML)),
    no_cap.ID: _Doubt(("pack",)),
    unreachable_response.ID: _Doubt(("policy",), _REACHED),
    unreached_policy.ID: _Doubt(("policy", "response"), _REACHED),
}


def without_follow_ups(found: Sequence[Diagnostic], draft: Draft) -> tuple[Diagnostic, ...]:
    """Return the diagnostics that would still be there if all could have been read."""
    codes_found = {one.code for one in found}
    failed = set(KINDS) if _lost(found, draft) else set(_failed(draft))
    return tuple(one for one in found if not _doubtful(one.code, failed, codes_found))


def _doubtful(code: str, failed: Collection[str], found: Collection[str]) -> bool:
    doubt = _DOUBTS.get(code)
    if doubt is None:
        return False
    lost = len(failed) == len(KINDS)
    return lost or any(kind in failed for kind in doubt.kinds) or bool({*doubt.codes} & {*found})


def _lost(found: Sequence[Diagnostic], draft: Draft) -> bool:
    """Whether there is a document of which nothing is known."""
    if any(one.code in _OF_FILES for one in found):
        return True
    broken = {one.span.file for one in found if one.code in _OF_YAML}
    return bool(broken) and bool(broken.difference(_files(draft)))


def _files(draft: Draft) -> Iterator[str]:
    for documents in (draft.packs, *draft.kinds.values()):
        for written in documents:
            yield written.start.file


def _failed(draft: Draft) -> Iterator[str]:
    """Yield the kinds of which a document could not be read."""
    for kind, documents in (("pack", draft.packs), *draft.kinds.items()):
        if any(written.reading.failed for written in documents):
            yield kind
