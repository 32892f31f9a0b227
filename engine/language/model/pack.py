"""A pack: everything under `rules/`, read, resolved and identified by its digest."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.language.fields import Field
from engine.language.model.links import Links
from engine.language.model.policy import Policy
from engine.language.model.response import Cap, Response
from engine.language.model.terms import Addendum, Terms
from engine.language.span import NOWHERE, Span
from engine.language.words import ActionKind, Reads


@dataclass(frozen=True, slots=True)
class FieldSet:
    """Fields of exchanges that are not canonical, with their types."""

    name: str
    fields: tuple[Field, ...]
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class NamedList:
    """Named values or phrases."""

    name: str
    owner: str
    source: str
    reviewed: str
    values: tuple[str | int | float | bool, ...]
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Exemption:
    """A narrow, owned, expiring reason not to act.

    It fits an account that is named, whose organisation is named, or that holds one of
    `approvals`; and a finding whose policy or behaviour is named (no such limit: every finding).
    """

    name: str
    reason: str
    owner: str
    approved_by: str
    until_us: int
    """The last microsecond in which it holds; an end written as a date is that whole day."""
    accounts: frozenset[str] = frozenset()
    organisations: frozenset[str] = frozenset()
    approvals: frozenset[str] = frozenset()
    policies: frozenset[str] = frozenset()
    behaviours: frozenset[str] = frozenset()
    span: Span = NOWHERE

    def expired(self, as_of_us: int) -> bool:
        """Whether it is past its end, up to and including which it holds."""
        return as_of_us > self.until_us


@dataclass(frozen=True, slots=True)
class Source:
    """How a foreign log record becomes an exchange or an account.

    `fields` maps a canonical field to a JMESPath expression with an optional converter after `~`.
    """

    name: str
    title: str
    kind: str  # "exchanges" | "accounts"
    fields: tuple[tuple[str, str], ...]
    where: str | None = None
    """JMESPath expression; records for which it is not true are left out and counted."""
    zone: str = "UTC"
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Guardrails:
    """Limits over everything a run does."""

    per_run: dict[ActionKind, Cap] = field(default_factory=dict)
    per_day: dict[ActionKind, Cap] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pack:
    """A whole pack."""

    name: str
    version: str
    owners: tuple[str, ...]
    guardrails: Guardrails
    terms: tuple[Terms, ...]
    policies: tuple[Policy, ...]
    responses: tuple[Response, ...]
    links: tuple[Links, ...]
    lists: tuple[NamedList, ...]
    exemptions: tuple[Exemption, ...]
    sources: tuple[Source, ...]
    digest: str
    """SHA-256 (hex) of the canonical form: spans, comments and file layout do not count."""
    addenda: tuple[Addendum, ...] = ()
    fields: tuple[FieldSet, ...] = ()
    reads: Reads = Reads.CONTENT
    """What all of its policies may look at."""
