"""What remains of an answer for an account on which some of its findings may not act.

Such a finding is to the response what one in shadow is: possible at most. So a part that rests on
it alone is undecided, and so is its negation; what is left is never more than there was.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from engine.decide.finding import Answer, Finding, Outcome
from engine.decide.references import fits, leaves
from engine.language.model.condition import All, Any, Condition, Found, FoundAny, Negation


def without(answer: Answer, policies: Collection[str]) -> Answer | None:
    """Return the answer that the other findings give, None when they give none.

    `policies` names those whose findings may not act. The rung may be a lower one.
    """
    climb = answer.climb
    if climb is None:
        return None
    rest = tuple(f for f in climb.findings if f.policy.name not in policies)
    if _holds(climb.when, rest) is not True:
        return None
    rungs = [
        rung
        for rung, guard in enumerate(climb.guards)
        if guard is None or _holds(guard, rest) is True
    ]
    if not rungs:
        return None
    step = answer.response.ladder[rungs[-1]]
    conditions = [answer.response.when, *([] if step.guard is None else [step.guard])]
    behind = tuple(finding for finding in rest if _asked(finding, conditions))
    # What rests on no finding, only on size, has nothing to answer to.
    return replace(answer, step=step, findings=behind) if behind else None


def _asked(finding: Finding, conditions: Sequence[Condition]) -> bool:
    return any(
        fits(leaf, finding.policy)
        for condition in conditions
        for leaf in leaves(condition)
        if isinstance(leaf, Found | FoundAny)
    )


def _holds(outcome: Outcome, rest: Sequence[Finding]) -> bool | None:
    """Return how a condition comes out again over the findings that are left."""
    match outcome.condition:
        case Found() | FoundAny() as leaf:
            lost = outcome.holds and not any(fits(leaf, finding.policy) for finding in rest)
            return None if lost else outcome.holds
        case All():
            results = [_holds(part, rest) for part in outcome.parts]
            return False if False in results else None if None in results else True
        case Any():
            results = [_holds(part, rest) for part in outcome.parts]
            return True if True in results else None if None in results else False
        case Negation():
            result = _holds(outcome.parts[0], rest)
            return None if result is None else not result
    return outcome.holds
