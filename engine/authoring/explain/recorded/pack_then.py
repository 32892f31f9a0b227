"""A pack as a run had it: what of the pack at hand still means what it meant to that run.

A run keeps the digest of its pack, and for every policy the digest of what it meant and its status.
With these the pack at hand is put back to the statuses of then, and told apart from it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from engine.batch.report import PolicyLine, Report
from engine.language.meaning import meanings
from engine.language.model.pack import Pack
from engine.language.words import Status
from engine.ledger.database import DamagedError
from engine.ledger.records import RunRecord


@dataclass(frozen=True, slots=True)
class PackThen:
    """The pack at hand beside the one that a run was judged with."""

    pack: Pack
    """The pack at hand without policies that the run did not have, at the statuses of then."""
    given: str
    """The digest of the pack at hand."""
    same: bool
    """Whether it is the run's."""
    lines: Mapping[str, PolicyLine]
    """What the run reports of each of its policies."""
    differences: Mapping[str, str]
    """Of policies that are not what they were: in which way, in words."""
    moved: Mapping[str, str]
    """Of policies whose status alone was another: which."""

    def alike(self, policy: str) -> bool:
        """Return whether a policy means what it meant to the run."""
        return policy in self.lines and policy not in self.differences


def pack_then(pack: Pack, run: RunRecord) -> PackThen:
    """Hold a pack against the one that a run was judged with."""
    lines = {line.policy: line for line in _report(run).policies}
    kept = tuple(
        replace(policy, status=Status(lines[policy.name].status))
        for policy in pack.policies
        if policy.name in lines
    )
    then = replace(pack, policies=kept)
    same = pack.digest == run.pack_digest
    return PackThen(
        then,
        pack.digest,
        same,
        lines,
        {} if same else dict(_differences(pack, then, lines)),
        {} if same else dict(_moved(pack, lines)),
    )


def _report(run: RunRecord) -> Report:
    try:
        return Report.from_json(json.loads(run.report))
    except (ValueError, TypeError, KeyError) as error:
        message = f"{run.run_id}: its report cannot be read"
        raise DamagedError(message, hint="excise audit verify") from error


def _differences(
    pack: Pack, then: Pack, lines: Mapping[str, PolicyLine]
) -> Iterator[tuple[str, str]]:
    given, now = {policy.name for policy in pack.policies}, meanings(then)
    for name in sorted(given | lines.keys()):
        if name not in given:
            yield name, "is not in the pack given"
        elif name not in lines:
            yield name, "was not in the pack of the run"
        elif not lines[name].meaning:
            yield name, "the run did not record what it meant"
        elif lines[name].meaning != now[name]:
            yield name, "means something else than it did"


def _moved(pack: Pack, lines: Mapping[str, PolicyLine]) -> Iterator[tuple[str, str]]:
    for policy in sorted(pack.policies, key=lambda one: one.name):
        line = lines.get(policy.name)
        if line is not None and line.status != policy.status.value:
            yield policy.name, f"stood at {line.status} and stands at {policy.status.value}"
