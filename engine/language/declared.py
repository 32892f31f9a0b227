"""Fields that a pack declares beside the canonical ones, and the columns that hold them."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

from engine.language.fields import Absent, Field, FieldRef, FieldType
from engine.language.model.pack import Pack, Source
from engine.language.walk import fields_read

_LONGEST_SLUG = 24


def declare(key: str, type_: FieldType, absent: Absent) -> Field:
    """Return a declared field; its column's name is safe in SQL and tells `a.b` from `A_b`."""
    slug = re.sub(r"[^a-z0-9]+", "_", key.casefold()).strip("_")[:_LONGEST_SLUG]
    mark = hashlib.sha256(key.encode()).hexdigest()[:8]
    lenient = type_ is FieldType.ANY
    return Field(f"x_{slug}_{mark}", type_, absent, key=key, lenient=lenient)


def number_of(ref: FieldRef) -> FieldRef:
    """Return the numbers in a field of type `any` as a field of their own.

    What is no number is no value there. They are kept in thousandths, as all decimals are.
    """
    field = ref.field
    numbers = replace(field, name=f"{field.name}_n", type=FieldType.DECIMAL, lenient=True)
    return FieldRef(numbers.name, declared=numbers)


def fields_used(pack: Pack, source: Source | None = None) -> tuple[Field, ...]:
    """Return the declared fields that policies look at or a source maps, by column."""
    mapped = {name for name, _ in source.fields} if source else set()
    declared = (field for one in pack.fields for field in one.fields)
    found = {field.name: field for field in declared if field.key in mapped}
    found |= {
        ref.declared.name: ref.declared
        for policy in pack.policies
        for signal in policy.signals
        for ref in fields_read(signal.measure)
        if ref.declared is not None
    }
    return tuple(found[name] for name in sorted(found))
