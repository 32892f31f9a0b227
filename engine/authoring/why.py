"""Why a policy holds for a subject, and why not: every branch, its value, its threshold."""

from __future__ import annotations

from collections.abc import Iterator

from engine.activity.ingest import read_activity
from engine.activity.workspace import Workspace
from engine.authoring.trial import isolate
from engine.batch.evaluate import Evaluation, evaluate
from engine.batch.explanation import interval
from engine.batch.outcome_json import condition_text
from engine.batch.run import RunRequest, as_of
from engine.campaigns.find import find_campaigns
from engine.decide.compile import compile_pack
from engine.decide.finding import Outcome
from engine.decide.trace import Tracer, fact_of
from engine.errors import UsageError
from engine.language.model.condition import Compare
from engine.language.model.pack import Pack
from engine.language.model.policy import Policy

_WORD = {True: "yes", False: "no ", None: "?  "}
_VERDICT = {True: "finding", False: "no finding", None: "undecided"}


def explanation(pack: Pack, policy: Policy, request: RunRequest, subject: str) -> str:
    """Return the tree of one policy for one subject of some activity.

    The activity is judged by the code of a run, so the tree cannot disagree with one. Raises
    UsageError when the activity has no such subject.
    """
    alone = isolate(pack, policy)
    with Workspace() as workspace:
        intake = read_activity(
            workspace,
            request.activity,
            source=request.source,
            since_us=request.since_us,
            until_us=request.until_us,
        )
        moment = as_of(request, intake)
        linkage = find_campaigns(workspace, pack.links, as_of_us=moment, since_us=request.since_us)
        evaluation = evaluate(
            workspace,
            alone,
            intake,
            linkage,
            as_of_us=moment,
            since_us=request.since_us,
            strikes=None,
            progress=lambda _: None,
        )
    outcome = _outcome(alone, policy, evaluation, subject, moment)
    head = f"{policy.name} v{policy.version}, {policy.subject.value} {subject}: "
    return "\n".join((head + _VERDICT[outcome.holds], *_tree(outcome)))


def _outcome(
    pack: Pack, policy: Policy, evaluation: Evaluation, subject: str, as_of_us: int
) -> Outcome:
    table = evaluation.tables[policy.subject]
    if subject not in table.subjects:
        message = f"no {policy.subject.value} {subject!r} in this activity"
        raise UsageError(message, hint=f"there are {len(table.subjects)}")
    compiled = next(one for one in compile_pack(pack) if one.kind is policy.subject)
    number = next(n for n, p in enumerate(compiled.policies) if p.name == policy.name)
    row = table.subjects.index(subject)
    return Tracer(compiled, fact_of(table, row), (), as_of_us).policy(number)


def _tree(outcome: Outcome) -> Iterator[str]:
    when, *cleared = outcome.parts
    yield "when"
    yield from _branch(when, 1)
    for negation in cleared:
        yield "unless"
        yield from _branch(negation.parts[0], 1)


def _branch(outcome: Outcome, depth: int) -> Iterator[str]:
    line = f"{'  ' * depth}{_WORD[outcome.holds]} {condition_text(outcome.condition)}"
    if isinstance(outcome.condition, Compare) and outcome.fact is not None:
        value = "nothing is known" if outcome.fact.void else interval(outcome.fact)
        line = f"{line:<52} {value}"
        counts = ", ".join(f"{name} {number}" for name, number in outcome.fact.counts.items())
        line = f"{line:<72} {counts}".rstrip()
    yield line
    for part in outcome.parts:
        yield from _branch(part, depth + 1)
