"""Why a policy's test came out as it did: the tree of the subject that decides it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.authoring.explain.explanation import VERDICT, compiled_for, tracer_of
from engine.authoring.explain.nearness import near
from engine.authoring.explain.text import policy_lines
from engine.authoring.explain.tree import Explained, policies
from engine.batch.evaluate import Evaluation
from engine.language.model.pack import Pack
from engine.language.model.policy import Policy, PolicyTest
from engine.language.words import SubjectKind
from engine.signals.facts import FactTable

_LOOKED_AT = 500
"""Subjects of a test among which the nearest to a finding is looked for."""


def reasons(pack: Pack, policy: Policy, test: PolicyTest, evaluation: Evaluation) -> str:
    """Return the tree of the first subject with a finding, else of the one nearest to it."""
    table = evaluation.tables.get(policy.subject)
    if table is None or not table.subjects:
        return _nobody(policy, test)
    mine = (one for one in evaluation.decisions.findings if one.policy.name == policy.name)
    found = next((one.subject.id for one in mine), None)
    subjects = table.subjects[:_LOOKED_AT] if found is None else (found,)
    told = _explained(pack, policy, test, table, subjects)
    id_, one = max(told, key=lambda pair: (pair[1].holds is None, near(pair[1]).nearness))
    return "\n".join([f"{policy.subject.value} {id_}: {VERDICT[one.holds]}", *policy_lines(one)])


def _nobody(policy: Policy, test: PolicyTest) -> str:
    told = f"there was no {policy.subject.value} to judge"
    if policy.subject is SubjectKind.CAMPAIGN and test.links == "rules":
        return f"{told}: the pack's links make none of these accounts; `links: all` makes one"
    if policy.subject is SubjectKind.ORGANISATION:
        return f"{told}: the accounts, or their exchanges, need an `org_id`"
    return f"{told}: nobody had asked anything by `as_of`"


def _explained(
    pack: Pack, policy: Policy, test: PolicyTest, table: FactTable, subjects: tuple[str, ...]
) -> Iterator[tuple[str, Explained]]:
    compiled = compiled_for(pack, policy.subject)
    for id_ in subjects:
        tracer = tracer_of(compiled, table, id_, strikes=None, as_of_us=test.as_of_us)
        yield id_, policies(tracer, policy.name)[0]
