"""The campaign in the news, looked for day by day: when it is found, and how much of it.

45 days, 26 requests a day an account, in as much ordinary traffic. The default size is a hundredth:
the same days and the same rate of 250 accounts among 6,000. What must hold are the targets for
campaigns that are low and slow: found within 72 hours, four fifths of its accounts and nobody else.
Found is what has half of it in one finding. The whole of it is when its first day ends: 15,011 of
25,000 accounts, and 2,185 in smaller findings.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from costs import cost

from engine.language.moments import format_instant
from engine.language.words import Behaviour
from engine.ledger.store import Ledger
from fixtures.generate import generate
from fixtures.long_campaign import NAME, PER_ACCOUNT
from fixtures.populations import LONG
from fixtures.scale import DAY_US, IN_THE_NEWS, Scale
from fixtures.truth import Truth

pytestmark = pytest.mark.performance

AT_LENGTH = pytest.mark.skipif(
    "EXCISE_TEST_AT_LENGTH" not in os.environ,
    reason="takes an hour and 40 GB of disk; EXCISE_TEST_AT_LENGTH=1 runs it",
)
A_HUNDREDTH = Scale(IN_THE_NEWS.exchanges // 100, IN_THE_NEWS.accounts // 100, IN_THE_NEWS.days)
_RUN = """
import sys
from engine.cli.main import main
from engine.errors import ExitCode
sys.exit(main(sys.argv[1:]) not in (ExitCode.OK, ExitCode.HELD))
"""
PATIENCE = 3
"""Days within which a campaign must be found that is low and slow."""


@dataclass
class Watch:
    """A folder of activity that grows by a day at a time, and the ledger of the runs over it."""

    world: Path
    folder: Path
    scale: Scale
    truth: Truth
    gigabytes: float = 0.0
    """The most that a run has taken."""

    def come_and_judge(self, days: int) -> None:
        """Let the next days come, and judge from the end of the last of them."""
        to = self.folder / "activity" / "exchanges"
        for one in sorted((self.world / "exchanges").iterdir())[:days]:
            one.rename(to / one.name)
        as_of = format_instant(self.scale.start_us + len(list(to.iterdir())) * DAY_US)
        run = ["run", "--activity", "activity", "--as-of", as_of, "--state", "state"]
        command = [sys.executable, "-c", _RUN, *run, "--db", "sqlite:///ledger.db"]
        took = cost(command, self.folder)
        self.gigabytes = max(self.gigabytes, took.gigabytes)

    def pools(self) -> dict[str, set[str]]:
        """Return by campaign the accounts on which more than a note is proposed, for extraction."""
        found: dict[str, set[str]] = {}
        with Ledger.open(str(self.folder / "ledger.db"), create=False) as ledger:
            for one in ledger.actions():
                if one.behaviour == Behaviour.DISTILLATION.value and one.action != "log":
                    found.setdefault(one.subject_id, set()).add(one.account_id)
        return found


@pytest.mark.parametrize(
    ("scale", "most_gigabytes"),
    [
        pytest.param(A_HUNDREDTH, 1.2, id="a hundredth"),
        pytest.param(IN_THE_NEWS, 4.0, id="all of it", marks=AT_LENGTH),
    ],
)
def test_the_day_on_which_it_is_found(scale: Scale, most_gigabytes: float, tmp_path: Path) -> None:
    world, folder = tmp_path / "world", tmp_path / "watch"
    watch = Watch(world, folder, scale, generate(scale, 1, world, LONG, daily=True))
    (folder / "activity" / "exchanges").mkdir(parents=True)
    for table in ("accounts.parquet", "models.parquet"):
        (world / table).rename(folder / "activity" / table)
    campaign = watch.truth.accounts(NAME)
    assert scale.exchanges // 2 == len(campaign) * PER_ACCOUNT
    day, largest = 0, 0.0
    while largest < 0.5 and day < PATIENCE:
        watch.come_and_judge(1)
        day += 1
        largest = max((len(pool & campaign) for pool in watch.pools().values()), default=0)
        largest /= len(campaign)
        sys.stdout.write(f"\nday {day}: {largest:.0%} of the campaign in one finding")
    assert largest >= 0.5
    watch.come_and_judge(scale.days - day)
    pools = watch.pools()
    touched = set[str]().union(*pools.values())
    sys.stdout.write(
        f"\nfirst found on day {day} of {scale.days}; in the end {len(touched & campaign):,} of "
        f"{len(campaign):,} accounts and {len(touched - campaign):,} others, in {len(pools)} "
        f"campaigns; {watch.gigabytes:.2f} GB\n"
    )
    assert len(touched & campaign) >= 0.8 * len(campaign)
    assert len(touched - campaign) <= 0.01 * len(touched)
    assert max(len(pool & campaign) for pool in pools.values()) >= 0.8 * len(campaign)
    assert watch.gigabytes <= most_gigabytes
