"""Run a policy's own tests: its timeline through the code of a real run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.activity.ingest import read_activity
from engine.activity.workspace import Workspace
from engine.authoring.closure import isolate
from engine.authoring.timeline import write_timeline
from engine.authoring.trial_reasons import reasons
from engine.batch.evaluate import Evaluation, evaluate
from engine.campaigns.campaign import Campaign, Linkage, Member
from engine.campaigns.find import find_campaigns
from engine.language.declared import fields_used
from engine.language.model.pack import Pack
from engine.language.model.policy import Policy, PolicyTest

ALL_LINKED = "campaign-of-all"


@dataclass(frozen=True, slots=True)
class TestResult:
    """One policy test: what was expected and what came."""

    policy: Policy
    test: PolicyTest
    came: str
    why: str = ""
    """The tree of the subject that decides it, where something else was expected."""

    @property
    def passed(self) -> bool:
        return self.came == self.test.expect


def run_tests(pack: Pack, names: frozenset[str] = frozenset()) -> Iterator[TestResult]:
    """Yield the result of every test of the named policies, or of all."""
    for policy in pack.policies:
        if names and policy.name not in names:
            continue
        alone = isolate(pack, policy)
        for test in policy.tests:
            yield tried(alone, policy, test)


def tried(pack: Pack, policy: Policy, test: PolicyTest) -> TestResult:
    """Return what came of a test's activity, and why where something else was expected."""
    with Workspace(threads=1) as workspace:
        evaluation = judge(workspace, pack, test)
    came = _came(policy, evaluation)
    why = "" if came == test.expect else reasons(pack, policy, test, evaluation)
    return TestResult(policy, test, came, why)


def outcome(pack: Pack, policy: Policy, test: PolicyTest) -> str:
    """Return `finding`, `no finding` or `indeterminate` for a test's activity."""
    return tried(pack, policy, test).came


def _came(policy: Policy, evaluation: Evaluation) -> str:
    if any(f.policy.name == policy.name for f in evaluation.decisions.findings):
        return "finding"
    undecided = evaluation.decisions.undecided.get(policy.name)
    return "indeterminate" if undecided and undecided.subjects else "no finding"


def judge(workspace: Workspace, pack: Pack, test: PolicyTest) -> Evaluation:
    """Evaluate a test's activity in a workspace."""
    folder = workspace.folder / "timeline"
    folder.mkdir()
    write_timeline(test, folder, {field.key: field for one in pack.fields for field in one.fields})
    intake = read_activity(workspace, str(folder), fields=fields_used(pack))
    return evaluate(
        workspace,
        pack,
        intake,
        _link(workspace, pack, test),
        as_of_us=test.as_of_us,
        since_us=None,
        strikes=None,
        progress=lambda _: None,
    )


def _link(workspace: Workspace, pack: Pack, test: PolicyTest) -> Linkage:
    if test.links == "rules":
        return find_campaigns(workspace, pack.links, as_of_us=test.as_of_us, since_us=None)
    workspace.execute(
        "CREATE OR REPLACE TABLE members AS SELECT ? AS campaign_id, account_id FROM accounts",
        [ALL_LINKED],
    )
    accounts = workspace.rows("SELECT account_id FROM members ORDER BY account_id")
    members = tuple(Member(account, 1.0, ()) for (account,) in accounts)
    return Linkage((Campaign(ALL_LINKED, "all", members),), (), ())
