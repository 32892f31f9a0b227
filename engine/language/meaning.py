"""What a policy means: all that decides whom it finds, and what may follow from it.

Its status, its version, its words, its tests and its criteria do not count: editing them leaves
what it has shown so far standing. A change of its condition, of a list or of a policy that it asks
about makes it another policy, which has shown nothing yet.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.language.canonical import digest
from engine.language.model.pack import Pack
from engine.language.model.policy import Policy
from engine.language.stages import references
from engine.language.words import SubjectKind


def meanings(pack: Pack) -> Mapping[str, str]:
    """Return the digest (SHA-256, hex) of what each policy means, by name."""
    by_name = {policy.name: policy for policy in pack.policies}
    asked = {name: _asked(policy, by_name) for name, policy in by_name.items()}
    own = {name: _own(policy, asked[name], pack) for name, policy in by_name.items()}

    def reached(name: str) -> list[str]:
        found = [name]
        for each in found:
            found += [other for other in asked[each] if other not in found]
        return sorted(found)

    return {name: digest([name, [own[each] for each in reached(name)]]) for name in by_name}


def _asked(policy: Policy, by_name: Mapping[str, Policy]) -> dict[str, bool]:
    """Return the policies whose findings one asks about, and whether it is told of them.

    To a policy that acts, a finding in shadow is possible at most.
    """
    names = {each.target for each in references(policy, tuple(by_name.values()))}
    found = (by_name[name].status for name in sorted(names & by_name.keys()))
    told = (status.acts if policy.status.acts else status.evaluated for status in found)
    return dict(zip(sorted(names & by_name.keys()), told, strict=True))


def _own(policy: Policy, asked: Mapping[str, bool], pack: Pack) -> str:
    links = pack.links if policy.subject is SubjectKind.CAMPAIGN else ()
    judged = (policy.subject, policy.signals, policy.when, policy.unless, links, asked)
    classed = (policy.name, policy.behaviour, policy.axis, policy.severity)
    return digest([*judged, *classed])
