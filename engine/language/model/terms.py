"""Terms: documents with their versions and clauses, and addenda that amend them for some."""

from __future__ import annotations

from dataclasses import dataclass

from engine.language.span import NOWHERE, Span


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a document."""

    id: str
    section: str
    summary: str
    url: str
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class TermsVersion:
    """A document's text as in force from a day on; `effective_us` is microseconds UTC."""

    version: str
    effective_us: int
    clauses: tuple[Clause, ...]
    span: Span = NOWHERE

    def clause(self, identity: str) -> Clause | None:
        """Return the clause of that id, None when the version has none."""
        return next((clause for clause in self.clauses if clause.id == identity), None)


@dataclass(frozen=True, slots=True)
class Terms:
    """A document of terms: versions in order of their effective date."""

    name: str
    title: str
    versions: tuple[TermsVersion, ...]
    span: Span = NOWHERE

    def in_force(self, at_us: int) -> TermsVersion | None:
        """Return the version in force at a time, None before the first."""
        past = [version for version in self.versions if version.effective_us <= at_us]
        return past[-1] if past else None


@dataclass(frozen=True, slots=True)
class Waiver:
    """A clause of the amended document, by its id, that does not bind."""

    clause: str
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class AddendumVersion:
    """What an addendum says from a day on: clauses in other words or of its own, and waivers."""

    version: str
    effective_us: int
    clauses: tuple[Clause, ...]
    """Each replaces the document's clause of the same id, or is added to the document."""
    waives: tuple[Waiver, ...]
    span: Span = NOWHERE

    def waiver(self, identity: str) -> Waiver | None:
        """Return its waiver of a clause, None when it does not waive it."""
        return next((waiver for waiver in self.waives if waiver.clause == identity), None)

    def clause(self, identity: str) -> Clause | None:
        """Return its own wording of a clause, None when it has none."""
        return next((clause for clause in self.clauses if clause.id == identity), None)


@dataclass(frozen=True, slots=True)
class Addendum:
    """A contract that changes a document of terms for some organisations."""

    name: str
    title: str
    amends: str
    """The name of the document."""
    organisations: frozenset[str]
    versions: tuple[AddendumVersion, ...]
    """In order of their effective date."""
    until_us: int | None = None
    """The last microsecond in which it is in force; None without an end."""
    span: Span = NOWHERE

    def in_force(self, at_us: int) -> AddendumVersion | None:
        """Return the version in force at a time, None before the first and after the end."""
        if self.until_us is not None and at_us > self.until_us:
            return None
        past = [version for version in self.versions if version.effective_us <= at_us]
        return past[-1] if past else None
