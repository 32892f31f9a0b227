"""A recorded finding judged again, from the facts as recorded, by the code that explains a run.

Whether other policies had a finding is taken from the record: a finding of theirs, or how the
condition that asks for it came out. So is how many past actions a condition on strikes counted.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.authoring.explain.explanation import compiled_for
from engine.authoring.explain.tree import Branch, Explained, explained
from engine.authoring.explain.words import WORD, condition_words
from engine.decide.compile import Compiled
from engine.decide.trace import Known, Tracer
from engine.language.model.condition import (
    All,
    Any,
    Condition,
    Found,
    FoundAny,
    Negation,
    Struck,
)
from engine.language.model.pack import Pack
from engine.language.model.policy import Policy
from engine.language.words import SubjectKind
from engine.review.outcome import Node
from engine.signals.facts import Fact

Pair = tuple[Condition, Node]
"""A condition, and what was recorded of it."""


@dataclass(frozen=True, slots=True)
class JudgedAgain:
    """A finding's tree from the recorded facts, and where it is not what was recorded."""

    explained: Explained
    conditions: int
    """How many there are, groups too."""
    deviations: tuple[str, ...]
    """Conditions that came out otherwise than recorded, in words; none where all agree."""


def judged_again(
    pack: Pack,
    kind: SubjectKind,
    policy: str,
    facts: Mapping[str, Fact],
    recorded: Node,
    found: frozenset[str],
) -> JudgedAgain:
    """Judge a policy of a pack from recorded facts, by signal; `found` names recorded findings."""
    compiled = compiled_for(pack, kind)
    numbers = {one.name: number for number, one in enumerate(compiled.policies)}
    number = numbers[policy]
    pairs = list(_pairs(compiled.policies[number], recorded))
    by_key = {key: facts[name] for name, key in compiled.keys[number].items() if name in facts}
    strikes = {leaf: node.strikes for leaf, node in pairs if isinstance(leaf, Struck)}
    tracer = Tracer(
        compiled,
        lambda key: by_key.get(key, _unknown(key)),
        (),
        0,
        _known(compiled, number, frozenset(numbers[name] for name in found & set(numbers)), pairs),
        lambda leaf: _counted(strikes.get(leaf)),
    )
    again = explained(tracer, number)
    branches = [branch for root in again.branches for branch in _flat(root)]
    deviations = _deviations(branches, [node for _, node in pairs])
    return JudgedAgain(again, len(branches), tuple(deviations))


def _unknown(key: str) -> Fact:
    return Fact(key, -math.inf, math.inf, {})


def _counted(strikes: int | None) -> Fact:
    if strikes is None:
        return _unknown("strikes")
    return Fact("strikes", float(strikes), float(strikes), {"strikes": strikes})


def _known(
    compiled: Compiled, number: int, holding: frozenset[int], pairs: Sequence[Pair]
) -> Known:
    """Return who had a finding; those that a condition which failed asks for had certainly none."""
    acting = compiled.policies[number].status.acts
    absent = {
        one
        for leaf, node in pairs
        if isinstance(leaf, Found | FoundAny) and node.holds is False
        for one in compiled.references.asked(leaf, acting=acting).everyone
    }
    return Known(holding, frozenset(range(len(compiled.policies))) - holding - absent)


def _pairs(policy: Policy, recorded: Node) -> Iterator[Pair]:
    """Yield the conditions of `when` and of every `unless`, each with what was recorded of it."""
    for root, node in zip((policy.when, *policy.unless), recorded.parts, strict=False):
        yield from _inner(root, node)


def _inner(condition: Condition, node: Node) -> Iterator[Pair]:
    yield condition, node
    match condition:
        case All(parts) | Any(parts):
            for part, recorded in zip(parts, node.parts, strict=False):
                yield from _inner(part, recorded)
        case Negation(part):
            for recorded in node.parts[:1]:
                yield from _inner(part, recorded)


def _flat(branch: Branch) -> Iterator[Branch]:
    yield branch
    for part in branch.parts:
        yield from _flat(part)


def _deviations(branches: Sequence[Branch], nodes: Sequence[Node]) -> Iterator[str]:
    if len(branches) != len(nodes):
        yield f"{len(branches)} conditions, of which {len(nodes)} are recorded"
        return
    for branch, node in zip(branches, nodes, strict=True):
        if branch.holds is not node.holds:
            came, was = WORD[branch.holds], WORD[node.holds]
            yield f"{condition_words(branch)} comes to {came} and was recorded as {was}"
