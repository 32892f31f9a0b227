"""Which findings the conditions of responses can be met by."""

from __future__ import annotations

from collections.abc import Sequence

from engine.language.draft import Draft, sound
from engine.language.model.condition import All, Any, Condition, Found, FoundAny
from engine.language.model.policy import Policy
from engine.language.stages import describes


def counted(draft: Draft) -> list[Policy]:
    """Return the policies whose findings responses look at."""
    return [read.model for _, read in sound(draft.policies) if read.model.status.acts]


def meets(condition: Condition, policy: Policy) -> bool:
    """Whether a finding of the policy is what a condition asks for."""
    match condition:
        case Found(name):
            return name == policy.name
        case FoundAny():
            return describes(condition, policy)
    return False


def possible(condition: Condition, policies: Sequence[Policy]) -> bool:
    """Whether a condition could hold, given who can have findings; what is not certain could."""
    match condition:
        case Found() | FoundAny():
            return any(meets(condition, policy) for policy in policies)
        case All(parts):
            return all(possible(part, policies) for part in parts)
        case Any(parts):
            return any(possible(part, policies) for part in parts)
    return True
