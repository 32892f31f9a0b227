"""What the passes read of the shared tables, and no more.

Columns that no pass reads are left out. Campaigns hold few of all accounts, and the dearest
columns, those made from text, are often looked at only for them: what nothing else needs is made
only for their members' exchanges.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from engine.activity.tables import column
from engine.language.words import SubjectKind
from engine.signals.guards import known_name
from engine.signals.layers import columns_of_test
from engine.signals.nodes import Pass, Totals
from engine.signals.plain import tests
from engine.signals.reading import columns_of
from engine.signals.stage import Stage

_ALWAYS = frozenset({"account_id", "ts_us", "supplied", "model"})
"""What tells whose an exchange is, when it was, and what is known of it."""


def lean(stage: Stage, nodes: Sequence[Totals | Pass]) -> Stage:
    """Return the stage as these queries need it."""
    others = frozenset(one for node in nodes if not _of_campaigns(node) for one in columns_of(node))
    read = others | {one for node in nodes if _of_campaigns(node) for one in columns_of(node)}
    made = {name for field in stage.fields for name in (field.name, known_name(field.name))}
    chosen = tuple(one for one in stage.chosen if one.name in read)
    tested = {test for one in chosen for test in tests(one.selection)}
    leaves = (one for one in stage.leaves if one.test.field.of_account or one.test in tested)
    left = replace(stage, chosen=chosen, leaves=tuple(leaves), unread=frozenset(made - read))
    if not stage.campaigns:
        return left
    looked_at = frozenset(_looked_at(left, read)) | ({"org_id"} if stage.organisations else set())
    needed = frozenset(_looked_at(left, others)) | _ALWAYS
    if any(node.kind is SubjectKind.ORGANISATION for node in nodes):
        needed |= {"org_id"}
    members_only = all(map(_of_campaigns, nodes))
    return replace(left, of_members=looked_at - needed, members_only=members_only)


def _of_campaigns(node: Totals | Pass) -> bool:
    return node.kind is SubjectKind.CAMPAIGN


def _looked_at(stage: Stage, read: frozenset[str]) -> Iterator[str]:
    """Yield the columns of exchanges from which columns of the table are made."""
    for one in stage.chosen:
        if one.name in read:
            for test in tests(one.selection):
                yield from () if test.field.of_account else columns_of_test(test)
    for field in stage.fields:
        if field.name in read or known_name(field.name) in read:
            yield from () if field.ref.of_account else (column(field.ref.field),)
