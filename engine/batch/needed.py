"""Which columns of exchanges judging by a pack needs; the others are checked and not stored."""

from __future__ import annotations

from engine.batch.evaluate import measures_of
from engine.batch.evidence import EXAMPLE_COLUMNS
from engine.campaigns.carriers import shared_columns
from engine.language.model.pack import Pack
from engine.signals.plan import build_plan
from engine.signals.stage import columns_read


def columns_needed(pack: Pack) -> frozenset[str]:
    """Return the columns of `events` that the pack's measures, links and examples look at."""
    plan = build_plan(measures_of(pack))
    linked = {name for links in pack.links for name in shared_columns(links)}
    return columns_read(plan.stage) | linked | EXAMPLE_COLUMNS
