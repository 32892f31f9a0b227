"""Which policies are judged, and in which order: a policy comes after those it refers to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from engine.errors import ExciseError
from engine.language.model.condition import All, Any, Condition, Found, FoundAny, Negation
from engine.language.model.policy import Policy
from engine.language.words import SubjectKind


class ReferenceCycleError(ExciseError):
    """Policies refer to one another's findings in a circle, so none can be judged first."""


def judged(policies: Iterable[Policy], kind: SubjectKind) -> tuple[Policy, ...]:
    """Return the policies evaluated for a kind of subject, by name."""
    fitting = (policy for policy in policies if policy.status.evaluated and policy.subject is kind)
    return tuple(sorted(fitting, key=lambda policy: policy.name))


def leaves(condition: Condition) -> Iterator[Condition]:
    """Yield the conditions that have no parts, in the order written."""
    match condition:
        case All(parts) | Any(parts):
            for part in parts:
                yield from leaves(part)
        case Negation(part):
            yield from leaves(part)
        case _:
            yield condition


def fits(leaf: Found | FoundAny, policy: Policy) -> bool:
    """Whether a finding of the policy is what a leaf asks for."""
    if isinstance(leaf, Found):
        return policy.name == leaf.policy
    return (
        (not leaf.behaviours or policy.behaviour in leaf.behaviours)
        and (not leaf.axes or policy.axis in leaf.axes)
        and policy.severity.rank >= leaf.minimum_severity.rank
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose findings a leaf asks about, by position: it holds when one of them has a finding.

    For whoever acts, a finding in shadow is no more than possible: it leaves the leaf undecided,
    so that it can neither bring an action about nor, under a negation, take an objection away.
    """

    telling: tuple[int, ...]
    """Policies whose findings are taken as they are."""
    shadowed: tuple[int, ...] = ()
    """Policies in shadow, asked by a response or by a policy that acts."""
    deniable: bool = True
    """Whether the leaf can be false. It cannot for the name of a policy that is not judged; nor,
    for whoever acts, where a policy in shadow fails by what others in shadow found."""

    @property
    def everyone(self) -> tuple[int, ...]:
        """All positions, in order."""
        return tuple(sorted((*self.telling, *self.shadowed)))


class References:
    """Which findings a leaf asks about, by the positions of the policies in an order of theirs."""

    def __init__(self, policies: Sequence[Policy]) -> None:
        """Take all policies judged for one kind of subject."""
        self._policies = policies
        self._asked: dict[tuple[Found | FoundAny, bool], Asked] = {}

    def asked(self, leaf: Found | FoundAny, *, acting: bool) -> Asked:
        """Return the positions; `acting` for a response, and for a policy that is not in shadow."""
        if (leaf, acting) not in self._asked:
            self._asked[leaf, acting] = self._look_up(leaf, acting=acting)
        return self._asked[leaf, acting]

    def named(self, *conditions: Condition | None) -> frozenset[str]:
        """Return the policies whose findings tell whoever acts on some conditions, by name."""
        return frozenset(
            self._policies[number].name
            for condition in conditions
            if condition is not None
            for leaf in leaves(condition)
            if isinstance(leaf, (Found, FoundAny))
            for number in self.asked(leaf, acting=True).telling
        )

    def _look_up(self, leaf: Found | FoundAny, *, acting: bool) -> Asked:
        fitting = [number for number, policy in enumerate(self._policies) if fits(leaf, policy)]
        named = bool(fitting) or isinstance(leaf, FoundAny)
        if not acting:
            return Asked(tuple(fitting), deniable=named)
        telling = tuple(n for n in fitting if self._policies[n].status.acts)
        shadowed = tuple(n for n in fitting if n not in telling)
        deep = any(self._asks_shadow(self._policies[n]) for n in shadowed)
        return Asked(telling, shadowed, deniable=named and not deep)

    def _asks_shadow(self, policy: Policy) -> bool:
        return any(
            not other.status.acts and fits(leaf, other)
            for leaf in leaves(policy.condition)
            if isinstance(leaf, (Found, FoundAny))
            for other in self._policies
        )


def staged(policies: Sequence[Policy]) -> tuple[tuple[Policy, ...], ...]:
    """Return the policies in stages: each refers only to earlier stages.

    Raises `ReferenceCycleError`, naming the loop. `policies` are of one kind of subject.
    """
    needs = {policy.name: _needs(policy, policies) for policy in policies}
    stages: list[tuple[Policy, ...]] = []
    done: set[str] = set()
    while len(done) < len(policies):
        ready = tuple(p for p in policies if p.name not in done and needs[p.name] <= done)
        if not ready:
            loop = " -> ".join(f"`{name}`" for name in _loop(needs, done))
            message = f"findings refer to one another in a circle: {loop}"
            raise ReferenceCycleError(message)
        stages.append(ready)
        done.update(policy.name for policy in ready)
    return tuple(stages)


def _needs(policy: Policy, policies: Sequence[Policy]) -> frozenset[str]:
    return frozenset(
        other.name
        for leaf in leaves(policy.condition)
        if isinstance(leaf, (Found, FoundAny))
        for other in policies
        if fits(leaf, other)
    )


def _loop(needs: dict[str, frozenset[str]], done: set[str]) -> list[str]:
    """Follow needs that are not met until a policy comes up again."""
    path = [min(name for name in needs if name not in done)]
    while True:
        following = min(name for name in needs[path[-1]] if name not in done)
        if following in path:
            return [*path[path.index(following) :], following]
        path.append(following)
