"""What Sigma does not say and a policy must."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.language.fields import FieldType
from engine.language.words import Axis, Behaviour, Severity, SubjectKind

IDENTITIES = {
    SubjectKind.ACCOUNT: ("account_id", "account.account_id"),
    SubjectKind.ORGANISATION: ("org_id", "account.org_id"),
}
"""The fields that identify a subject, which correlations group by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The same for all rules of one import."""

    clauses: tuple[str, ...]
    owner: str
    behaviour: Behaviour = Behaviour.ACCOUNT_FRAUD
    axis: Axis = Axis.ACCESS
    severity: Severity = Severity.MEDIUM
    """For rules without a level."""
    subject: SubjectKind = SubjectKind.ACCOUNT
    mapped: Mapping[str, str]
    """Fields of policies by the Sigma fields that mean them."""
    known: Mapping[str, FieldType] = field(default_factory=dict)
    """Fields that the pack declares already."""
    declared_in: str = "sigma"
    """The name of the document that declares the other fields."""
