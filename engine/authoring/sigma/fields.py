"""What Sigma's field names are called here: canonical fields, mapped ones, and those to declare."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from engine.authoring.sigma import codes
from engine.authoring.sigma.refusal import RefusalError
from engine.language.diagnostic import quote
from engine.language.fields import FieldType
from engine.language.read.field_key import ALL_FIELDS

_NAME = re.compile(r"[A-Za-z@_][A-Za-z0-9@_. -]{0,99}")
_WORDS = frozenset({"all", "any", "not", "condition", "keywords"})
"""Keys of selections that are no fields."""


@dataclass(frozen=True, slots=True)
class Target:
    """The field of a policy that a Sigma field stands for."""

    name: str
    type: FieldType | None
    """None for a field that events may carry in any type."""


class Fields:
    """The fields of one import: mapped by the author, known to the engine, or declared anew."""

    def __init__(self, mapped: Mapping[str, str], known: Mapping[str, FieldType]) -> None:
        self._mapped = mapped
        self._known = known
        self.declared: dict[str, None] = {}
        """Fields to declare, in the order in which rules ask for them."""

    def name_of(self, sigma: str) -> str:
        """Return the name of a Sigma field in policies."""
        return self._mapped.get(sigma, sigma)

    def target(self, sigma: str) -> Target:
        """Return the field that a Sigma field stands for; RefusalError when it has no name here."""
        name = self.name_of(sigma)
        if name in ALL_FIELDS:
            return Target(name, ALL_FIELDS[name].field.type)
        if name in self._known:
            type_ = self._known[name]
            return Target(name, None if type_ is FieldType.ANY else type_)
        if name in _WORDS or not _NAME.fullmatch(name):
            message = f"{quote(name)} cannot be the name of a field"
            hint = "map it to a field that Excise knows: --map NAME=FIELD"
            raise RefusalError(codes.BAD_FIELD, message, hint=hint)
        self.declared[name] = None
        return Target(name, None)
