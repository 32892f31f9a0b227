"""What else would come of a threshold elsewhere: findings of other policies, and responses.

Each place is a whole judgement of the pack by the rules engine, over facts that are measured once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.decide.decide import Decisions
from engine.language.model.response import Step
from engine.language.subject import Subject


@dataclass(frozen=True, slots=True)
class Change:
    """Subjects that a policy or a response comes to have, or has no more."""

    gained: int
    lost: int
    otherwise: int = 0
    """Subjects to whom a response answers by another step than before."""


@dataclass(frozen=True, slots=True)
class Effects:
    """What changes beside the policy itself; what stays as it was is left out."""

    policies: Mapping[str, Change]
    responses: Mapping[str, Change]


def effects(policy: str, now: Decisions, there: Decisions) -> Effects:
    """Return what else comes of moving a policy's thresholds from where they stand."""
    return Effects(
        _changes(_found(now, policy), _found(there, policy)),
        _changes(_answered(now), _answered(there)),
    )


def _found(decisions: Decisions, policy: str) -> dict[str, dict[Subject, Step | None]]:
    found: dict[str, dict[Subject, Step | None]] = {}
    for one in decisions.findings:
        if one.policy.name != policy:
            found.setdefault(one.policy.name, {})[one.subject] = None
    return found


def _answered(decisions: Decisions) -> dict[str, dict[Subject, Step | None]]:
    found: dict[str, dict[Subject, Step | None]] = {}
    for one in decisions.answers:
        found.setdefault(one.response.name, {})[one.subject] = one.step
    return found


def _changes(
    now: Mapping[str, Mapping[Subject, Step | None]],
    there: Mapping[str, Mapping[Subject, Step | None]],
) -> dict[str, Change]:
    changed = {}
    for name in sorted(now.keys() | there.keys()):
        before, after = now.get(name, {}), there.get(name, {})
        change = Change(
            len(after.keys() - before.keys()),
            len(before.keys() - after.keys()),
            sum(before[subject] != after[subject] for subject in before.keys() & after.keys()),
        )
        if change != Change(0, 0):
            changed[name] = change
    return changed
