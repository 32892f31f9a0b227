"""Where anchored windows begin: at a model's release, at an account's sign-up.

An anchor is a column of the events once accounts (`a`) and, if need be, models (`r`) are joined.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from engine.language.fields import FieldRef
from engine.language.model.selection import After, Selection
from engine.language.walk import walk_selection
from engine.language.words import Anchor
from engine.signals.leaves import Coverage, knowledge
from engine.signals.sql import Sql, compare, integer, name, wrap
from engine.signals.truth import Knowledge

SIGNED_UP = "created_us"
"""The column of an account's sign-up."""

RELEASES = "models"
"""The table of releases, by model."""

_COLUMN = {Anchor.RELEASE: ("released_us", "r"), Anchor.SIGNUP: (SIGNED_UP, "a")}


def anchors(selections: Iterable[Selection]) -> frozenset[Anchor]:
    """Return the anchors that some selections need."""
    parts = (part for selection in selections for part in walk_selection(selection))
    return frozenset(part.anchor for part in parts if isinstance(part, After))


def after_knowledge(after: After, coverage: Coverage) -> Knowledge:
    """Return on which events an anchor is recorded."""
    if after.anchor is Anchor.SIGNUP:
        return knowledge(FieldRef("created_at", of_account=True), coverage)
    return Knowledge.SOME


def is_after(after: After) -> Sql:
    """Return whether an event (`e`) comes that soon after its anchor; NULL without one."""
    anchor = name(*_COLUMN[after.anchor])
    end = compare(exp.Add, anchor.copy(), integer(after.for_us))
    return wrap(exp.Between(this=name("ts_us", "e"), low=anchor, high=end))


def with_releases(query: exp.Select) -> exp.Select:
    """Join the releases of models to events that have a `model`."""
    releases = exp.alias_(exp.to_table(RELEASES), "r", table=True)
    on = compare(exp.EQ, name("model", "r"), name("model", "e"))
    return query.join(releases, on=on, join_type="left", copy=False)
