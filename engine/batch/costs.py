"""What each policy of a pack cost a run, from what the steps of its plan took.

A step's seconds are shared out equally to the policies that it serves, so that the shares add up
to what measuring took. What a run without a policy would save is less: only the steps that serve it
alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.batch.evaluate import MEASURING, measures_of, names_of
from engine.batch.profile import Profile
from engine.language.model.pack import Pack
from engine.language.words import SubjectKind
from engine.signals.execute import facts_step
from engine.signals.plan import Plan, build_plan
from engine.signals.printed import Naming
from engine.signals.slices import SLICES
from engine.signals.steps import SignalId, steps_of

_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Cost:
    """A policy's part in what was measured."""

    policy: str
    steps: int
    """How many serve it."""
    seconds: float
    """Its equal share of each of them."""
    alone: float
    """The seconds of those that serve no other policy."""


def plan_of(pack: Pack, profile: Profile) -> Plan:
    """Return the plan that a profiled run of the pack carried out."""
    return build_plan(measures_of(pack), coverage=profile.coverage)


def served(pack: Pack, profile: Profile) -> Mapping[str, tuple[str, ...]]:
    """Return the policies that each step of measuring serves, by name, in the order of steps."""
    plan, naming = plan_of(pack, profile), names_of(pack)
    steps = {step.name: step.serves for step in steps_of(plan)}
    everything = frozenset(signal for serves in steps.values() for signal in serves)
    for kind in plan.kinds:
        steps[facts_step(kind)] = frozenset(one for one in everything if one[0] is kind)
    campaigns = (one for one in everything if one[0] is SubjectKind.CAMPAIGN)
    steps[SLICES] = frozenset(campaigns)
    return {name: _policies(serves, naming) for name, serves in steps.items()}


def _policies(signals: frozenset[SignalId], naming: Naming) -> tuple[str, ...]:
    return tuple(sorted({policy for signal in signals for policy, _ in naming(signal)}))


def costs(pack: Pack, profile: Profile) -> tuple[Cost, ...]:
    """Return what each policy cost, dearest first; nothing where the run measured nothing."""
    serves = {one: by for one, by in served(pack, profile).items() if one in profile.measuring}
    found = {
        policy: Cost(
            policy,
            sum(policy in by for by in serves.values()),
            sum(profile.measuring[one] / len(by) for one, by in serves.items() if policy in by),
            sum(profile.measuring[one] for one, by in serves.items() if by == (policy,)),
        )
        for policy in {policy for by in serves.values() for policy in by}
    }
    return tuple(sorted(found.values(), key=lambda cost: (-cost.seconds, cost.policy)))


def profile_record(pack: Pack, profile: Profile) -> dict[str, object]:
    """Return a profile as its file has it, with whom each step served and what each policy cost."""
    serves = served(pack, profile)
    steps = [
        {
            "step": one,
            "seconds": seconds,
            "policies": list(serves.get(one.removeprefix(MEASURING), ())),
        }
        for one, seconds in profile.seconds.items()
    ]
    policies = [
        {
            "policy": cost.policy,
            "steps": cost.steps,
            "seconds": round(cost.seconds, _DIGITS),
            "alone": round(cost.alone, _DIGITS),
        }
        for cost in costs(pack, profile)
    ]
    return {**profile.to_json(), "steps": steps, "policies": policies}
