"""Run a policy's own tests: its timeline through the code of a real run."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from fnmatch import fnmatchcase

from engine.activity.ingest import read_activity
from engine.activity.intake import Intake
from engine.activity.room import Room
from engine.activity.workspace import Workspace
from engine.authoring.answers import Answers
from engine.authoring.bench.facts import Facts
from engine.authoring.came import Came
from engine.authoring.closure import acting, isolate
from engine.authoring.expected import Fault, faults
from engine.authoring.judging import Judged
from engine.authoring.timeline import accounts_by_group, write_timeline
from engine.batch.evaluate import decided, measured, measures_of
from engine.batch.past import strikes_over
from engine.batch.roll import call_roll
from engine.campaigns.campaign import Campaign, Linkage, Member
from engine.campaigns.find import find_campaigns, leave_members
from engine.decide.crew import Crew
from engine.decide.lane import Orders
from engine.language.declared import fields_used
from engine.language.model.pack import Pack
from engine.language.model.policy import Policy, PolicyTest
from engine.language.span import Span
from engine.language.words import SubjectKind
from engine.signals.engines.engine import Engine
from engine.signals.engines.in_duckdb import IN_DUCKDB
from engine.signals.facts import FactTable

ALL_LINKED = "campaign-of-all"
_OF_GROUP = "campaign-of-"


@dataclass(frozen=True, slots=True)
class TestResult:
    """One policy test: what came of all its accounts, and which expectations were not met."""

    policy: Policy
    test: PolicyTest
    came: str
    faults: tuple[Fault, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.faults


def run_tests(
    pack: Pack,
    names: Collection[str] = (),
    *,
    like: str = "*",
    crew: Crew | None = None,
    engine: Engine = IN_DUCKDB,
) -> Iterator[TestResult]:
    """Yield the result of every test of the named policies, or of all.

    `like` is a pattern for the name of the policy or of the test. One worker judges them all: the
    crew's, or one that ends with the tests.
    """
    with ExitStack() as stack:
        house = stack.enter_context(Workspace(threads=1, small=True))
        for policy, test in tests_of(pack, names, like):
            crew = crew or stack.enter_context(Crew(Orders(pack.name)))
            with Room(house) as room:
                yield Trial(room, pack, test, engine).result(pack, policy, test, crew)


def tests_of(pack: Pack, names: Collection[str], like: str) -> Iterator[tuple[Policy, PolicyTest]]:
    """Yield the tests that `run_tests` runs."""
    for policy in pack.policies:
        if not names or policy.name in names:
            yield from ((policy, test) for test in policy.tests if _fits(policy, test, like))


def _fits(policy: Policy, test: PolicyTest, like: str) -> bool:
    names = (policy.name, test.name)
    return any(fnmatchcase(name.casefold(), like.casefold()) for name in names)


def try_out(
    pack: Pack,
    policy: Policy,
    test: PolicyTest,
    crew: Crew | None = None,
    engine: Engine = IN_DUCKDB,
) -> TestResult:
    """Run one test of a policy of the pack."""
    with Workspace(threads=1, small=True) as workspace:
        return Trial(workspace, pack, test, engine).result(pack, policy, test, crew)


class Trial:
    """The activity of a test in a workspace, to be judged by one pack or several.

    No signal is measured twice, whichever pack asks for it.
    """

    def __init__(
        self, workspace: Workspace, pack: Pack, test: PolicyTest, engine: Engine = IN_DUCKDB
    ) -> None:
        """Read the activity; `pack` says which fields there are, and how accounts are linked."""
        self._workspace, self._engine = workspace, engine
        self._as_of_us = test.as_of_us
        self._facts = Facts()
        folder = workspace.folder / "timeline"
        folder.mkdir()
        declared = {field.key: field for one in pack.fields for field in one.fields}
        write_timeline(test, folder, declared)
        self._intake: Intake = read_activity(workspace, str(folder), fields=fields_used(pack))
        self._linkage = _link(workspace, pack, test)
        call_roll(workspace, test.as_of_us)
        self._strikes = strikes_over(_past(test), workspace, self._linkage)

    def result(
        self, pack: Pack, policy: Policy, test: PolicyTest, crew: Crew | None = None
    ) -> TestResult:
        """Hold what comes of the activity against what a test of it expects."""
        came = Came(self.judged(isolate(pack, policy), crew), policy, test)
        found = faults(came, lambda: Answers(self.judged(acting(pack, policy), crew)))
        return TestResult(policy, test, came.verdict, (*self._set_aside(test.span), *found))

    def judged(self, pack: Pack, crew: Crew | None = None) -> Judged:
        """Judge the activity by a pack with the fields and links that it was read with."""
        evaluation = decided(
            pack,
            self._linkage,
            self._tables(pack),
            strikes=self._strikes,
            as_of_us=self._as_of_us,
            crew=crew,
        )
        return Judged(
            pack, self._workspace, self._intake, evaluation, self._strikes, self._as_of_us, None
        )

    def _tables(self, pack: Pack) -> dict[SubjectKind, FactTable]:
        wanted = {kind: measures for kind, measures in measures_of(pack).items() if measures}
        missing = {kind: self._facts.missing((kind, ""), wanted[kind]) for kind in wanted}
        if any(missing.values()):
            tables = measured(
                self._workspace,
                missing,
                self._intake,
                as_of_us=self._as_of_us,
                since_us=None,
                engine=self._engine,
            )
            for kind, table in tables.items():
                self._facts.add((kind, ""), table)
        return {kind: self._facts.table((kind, ""), wanted[kind]) for kind in wanted}

    def _set_aside(self, span: Span) -> Iterator[Fault]:
        """Yield what the activity holds that no activity can: it was read as if it were not there.

        Such a test would say of other activity than its author wrote how it comes out.
        """
        with self._intake.quarantine_path.open(encoding="utf-8") as lines:
            entries = [json.loads(line) for line in lines]
        counts = Counter((entry["field"] or "a record", entry["reason"]) for entry in entries)
        for (field, reason), number in sorted(counts.items()):
            yield Fault(span, f"{number:,} records cannot be read: {field} {reason}")


def _past(test: PolicyTest) -> dict[str, list[tuple[int, str]]]:
    """Return what was done before to each account."""
    groups = accounts_by_group(test)
    past: dict[str, list[tuple[int, str]]] = {}
    for strike in test.strikes:
        for name in groups if strike.group is None else (strike.group,):
            for account in groups[name]:
                past.setdefault(account, []).append((strike.at_us, strike.action.value))
    return past


def _link(workspace: Workspace, pack: Pack, test: PolicyTest) -> Linkage:
    if test.links == "rules":
        return find_campaigns(workspace, pack.links, as_of_us=test.as_of_us, since_us=None)
    groups = accounts_by_group(test)
    campaigns = {
        account: f"{_OF_GROUP}{name}" if test.links == "groups" else ALL_LINKED
        for name, accounts in groups.items()
        for account in accounts
    }
    members: dict[str, list[Member]] = {}
    for account, campaign in sorted(campaigns.items()):
        members.setdefault(campaign, []).append(Member(account, 1.0, ()))
    found = tuple(Campaign(id_, test.links, tuple(mine)) for id_, mine in sorted(members.items()))
    leave_members(workspace, found)
    return Linkage(found, (), ())
