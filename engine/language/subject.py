"""Who is judged."""

from __future__ import annotations

from dataclasses import dataclass

from engine.language.words import SubjectKind


@dataclass(frozen=True, slots=True)
class Subject:
    """An account, an organisation or a campaign, by its id."""

    kind: SubjectKind
    id: str

    def __str__(self) -> str:
        return f"{self.kind.value} {self.id}"
