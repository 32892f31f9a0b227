"""Campaigns a batch at a time, for passes that hold a row for nearly every event while they count.

A table of groups that does not fit in memory is spilled, but not every query over two of them gets
through. What is counted for one campaign has nothing to do with another, so batches change nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.activity.workspace import Workspace
from engine.signals.passes.scan import Batch

_ROW_BYTES = 70
"""Of memory for each row: 30 million rows of texts were counted within 1.4 GB, 60 were not."""


def batches(workspace: Workspace, most: int | None = None) -> Sequence[Batch | None]:
    """Return batches of the staged campaigns in order of their numbers; None stands for all.

    No batch has more events than `most`, by default as many as fit in memory, but for a campaign
    that has more by itself.
    """
    most = most or max(1, workspace.limit_bytes // _ROW_BYTES)
    if workspace.value("SELECT count(*) FROM measured") <= most:
        return (None,)
    return _filled(workspace.rows(_SIZES), most) or (None,)


def _filled(sizes: Iterable[tuple[int, int]], most: int) -> Sequence[Batch]:
    found: list[Batch] = []
    filled = 0
    for campaign, own in sizes:
        if found and filled + own <= most:
            found[-1] = Batch(found[-1].first, campaign)
            filled += own
        else:
            found.append(Batch(campaign, campaign))
            filled = own
    return found


_SIZES = """
SELECT c.campaign, count(*) FROM measured AS e JOIN measured_members AS c ON c.account = e.account
GROUP BY c.campaign ORDER BY c.campaign
"""
