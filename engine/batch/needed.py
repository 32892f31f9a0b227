"""Which columns of exchanges judging by a pack needs; the others are checked and not stored."""

from __future__ import annotations

from engine.batch.evaluate import measures_of
from engine.batch.examples import EXAMPLE_COLUMNS
from engine.campaigns.carriers import shared_columns
from engine.campaigns.conduct import FIELDS
from engine.language.model.pack import Pack
from engine.language.words import SubjectKind
from engine.signals.plan import build_plan
from engine.signals.stage import columns_read


def columns_needed(pack: Pack) -> frozenset[str]:
    """Return the columns of `events` that the pack's measures, links and examples look at.

    Also those by which a campaign is recognised again, where something may be done about campaigns.
    """
    stage = build_plan(measures_of(pack)).whole_stage
    linked = {name for links in pack.links for name in shared_columns(links)}
    stopped = any(response.subject is SubjectKind.CAMPAIGN for response in pack.responses)
    sliced = {
        name
        for links in pack.links
        if links.slices is not None
        for name in (*links.slices.by, "end_user_id")
    }
    kept = frozenset(FIELDS if stopped or sliced else ())
    return columns_read(stage) | linked | sliced | EXAMPLE_COLUMNS | kept
