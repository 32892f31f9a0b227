"""What a promotion changes from the next run on."""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.model.condition import Found, FoundAny
from engine.language.model.pack import Pack
from engine.language.model.policy import Policy
from engine.language.model.response import Response
from engine.language.stages import describes
from engine.language.walk import walk_condition
from engine.language.words import Approval, Status


def effects(pack: Pack, policy: Policy, to: Status) -> tuple[str, ...]:
    """Return what changes, a sentence each; `policy` stands at its old status."""
    match to:
        case Status.SHADOW:
            return ("it is judged and its findings are recorded; nothing follows from them",)
        case Status.REVIEW:
            return tuple(_in_review(pack, policy))
        case _:
            return tuple(_in_enforce(pack, policy))


def _in_review(pack: Pack, policy: Policy) -> Iterator[str]:
    yield "its findings open cases; everything they propose waits for a reviewer"
    responses = _asking(pack, policy)
    for response in responses:
        yield f"response {response.name} takes them up: {_steps(response)}"
    if not responses:
        yield "no response takes them up"


def _in_enforce(pack: Pack, policy: Policy) -> Iterator[str]:
    responses = _asking(pack, policy)
    for response in responses:
        free = [step for step in response.ladder if step.approval is Approval.NONE]
        what = f"of response {response.name} goes out without a reviewer"
        if free:
            kinds = dict.fromkeys(spec.kind.value for step in free for spec in step.do)
            yield f"{', '.join(kinds)} {what}, within floor and caps"
        else:
            yield f"nothing {what}: each of its steps asks for approval"
    if not responses:
        yield "no response takes its findings up"


def _asking(pack: Pack, policy: Policy) -> list[Response]:
    return [
        response
        for response in pack.responses
        if response.subject is policy.subject and _asks(response, policy)
    ]


def _asks(response: Response, policy: Policy) -> bool:
    guards = (step.guard for step in response.ladder if step.guard is not None)
    return any(
        (isinstance(part, Found) and part.policy == policy.name)
        or (isinstance(part, FoundAny) and describes(part, policy))
        for condition in (response.when, *guards)
        for part in walk_condition(condition)
    )


def _steps(response: Response) -> str:
    kinds = dict.fromkeys(spec.kind.value for step in response.ladder for spec in step.do)
    return ", ".join(kinds)
