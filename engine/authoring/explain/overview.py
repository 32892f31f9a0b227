"""Every policy for one subject in brief, the nearest to a finding first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.authoring.explain.explanation import compiled_for, tracer_of
from engine.authoring.explain.nearness import Near, near
from engine.authoring.explain.subjects import holds
from engine.authoring.explain.tree import Explained, policies
from engine.authoring.judging import Judged
from engine.language.subject import Subject
from engine.language.words import SubjectKind

_ORDER: dict[bool | None, int] = {True: 0, None: 1, False: 2}


@dataclass(frozen=True, slots=True)
class Brief:
    """One policy for a subject."""

    subject: Subject
    explained: Explained
    near: Near


def overview(judged: Judged, id_: str) -> tuple[Brief, ...]:
    """Return how every policy came out for all subjects of that id: findings, then undecided."""
    found = [brief for subject in subjects(judged, id_) for brief in _of(judged, subject)]
    return tuple(
        sorted(
            found,
            key=lambda one: (
                _ORDER[one.explained.holds],
                -one.near.nearness,
                one.explained.policy.name,
            ),
        )
    )


def subjects(judged: Judged, id_: str) -> tuple[Subject, ...]:
    """Return the subjects of that id, of whatever kind some policy judges."""
    tables = judged.evaluation.tables
    return tuple(
        Subject(k, id_) for k in SubjectKind if k in tables and holds(tables[k].subjects, id_)
    )


def _of(judged: Judged, subject: Subject) -> Iterator[Brief]:
    compiled = compiled_for(judged.pack, subject.kind)
    tracer = tracer_of(
        compiled,
        judged.evaluation.tables[subject.kind],
        subject.id,
        strikes=judged.strikes,
        as_of_us=judged.as_of_us,
    )
    for policy in compiled.policies:
        explained = policies(tracer, policy.name)[0]
        yield Brief(subject, explained, near(explained))
