"""The order in which policies are decided: a policy comes after those whose findings it uses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.errors import ExciseError
from engine.language.model.condition import Found, FoundAny
from engine.language.model.policy import Policy
from engine.language.span import Span
from engine.language.walk import walk_condition


@dataclass(frozen=True, slots=True)
class Reference:
    """A policy's use of another one's findings, and where it is written."""

    policy: str
    target: str
    span: Span


def describes(description: FoundAny, policy: Policy) -> bool:
    """Whether findings of a policy fit a description."""
    return (
        (not description.behaviours or policy.behaviour in description.behaviours)
        and (not description.axes or policy.axis in description.axes)
        and policy.severity.rank >= description.minimum_severity.rank
    )


def references(policy: Policy, policies: Sequence[Policy]) -> Iterator[Reference]:
    """Yield the findings that a policy's condition uses; `findings:` uses all that it describes.

    Findings are of the same subject, so a policy on another kind of subject is never described.
    """
    for part in walk_condition(policy.condition):
        match part:
            case Found(target, span):
                yield Reference(policy.name, target, span)
            case FoundAny(span=span):
                for other in policies:
                    if other.subject is policy.subject and describes(part, other):
                        yield Reference(policy.name, other.name, span)


def _graph(policies: Sequence[Policy]) -> dict[str, dict[str, Reference]]:
    """Return for each policy the policies it uses, each with the first place that says so."""
    names = {policy.name for policy in policies}
    graph: dict[str, dict[str, Reference]] = {name: {} for name in sorted(names)}
    for policy in policies:
        for reference in references(policy, policies):
            if reference.target in names:
                graph[policy.name].setdefault(reference.target, reference)
    return graph


def _peel(graph: dict[str, dict[str, Reference]]) -> tuple[list[list[str]], set[str]]:
    """Take away, layer by layer, the policies that use none of the rest."""
    left = set(graph)
    layers = []
    while ready := sorted(name for name in left if not left & graph[name].keys()):
        layers.append(ready)
        left -= set(ready)
    return layers, left


def stages(policies: Sequence[Policy]) -> tuple[tuple[Policy, ...], ...]:
    """Return the policies in stages; each uses findings of earlier stages only.

    Within a stage they are in order of their names. ExciseError for a loop, which `load_pack`
    never lets through.
    """
    layers, loop = _peel(_graph(policies))
    if loop:
        message = f"policies use each other's findings in a loop: {', '.join(sorted(loop))}"
        raise ExciseError(message)
    by_name = {policy.name: policy for policy in policies}
    return tuple(tuple(by_name[name] for name in layer) for layer in layers)


def loops(policies: Sequence[Policy]) -> list[tuple[Reference, ...]]:
    """Return loops of references, one for each policy that is in a loop not returned yet."""
    graph = _graph(policies)
    _, left = _peel(graph)
    found: list[tuple[Reference, ...]] = []
    seen: set[str] = set()
    for name in sorted(left):
        loop = () if name in seen else _shortest_loop(name, graph, left)
        if loop:
            found.append(loop)
            seen.update(reference.policy for reference in loop)
    return found


def _shortest_loop(
    start: str, graph: dict[str, dict[str, Reference]], left: set[str]
) -> tuple[Reference, ...]:
    paths: dict[str, tuple[Reference, ...]] = {start: ()}
    queue = [start]
    for name in queue:
        for target in sorted(graph[name].keys() & left):
            path = (*paths[name], graph[name][target])
            if target == start:
                return path
            if target not in paths:
                paths[target] = path
                queue.append(target)
    return ()
