"""Tests in their place: which column holds each, and when its field is known.

Absent.UNKNOWN: known where the column is not NULL. Absent.NONE: known where the row's file
supplied the column, and a NULL then satisfies no comparison. `exists` of an Absent.UNKNOWN field
asks for the record itself and is always known. Fields of an account are unknown where the account
has no row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlglot import exp

from engine.activity.tables import ACCOUNT_SUPPLIED_BIT, SUPPLIED_BIT, column
from engine.language.fields import Absent, FieldRef
from engine.language.model.selection import Test
from engine.language.words import Match
from engine.signals.elements import list_comparison
from engine.signals.predicates import column_operand, comparison, equality
from engine.signals.sql import (
    Condition,
    Sql,
    array,
    as_sql,
    boolean,
    call,
    case,
    coalesce,
    compare,
    every,
    integer,
    is_known,
    name,
    null,
    some,
)
from engine.signals.truth import Knowledge

Coverage = Mapping[str, str]
"""By field as a policy names it: known on `all` or `none` of the events, or on `some`."""


def knowledge(ref: FieldRef, coverage: Coverage) -> Knowledge:
    """Return on which events a field is known; never all for an account's, which may lack a row."""
    if ref.field.always_known:
        return Knowledge.ALL
    told = coverage.get(str(ref))
    if told == Knowledge.NONE.value:
        return Knowledge.NONE
    if not ref.of_account and (ref.field.required or told == Knowledge.ALL.value):
        return Knowledge.ALL
    return Knowledge.SOME


def test_knowledge(test: Test, coverage: Coverage) -> Knowledge:
    """Return on which events a test is decided."""
    if test.match is Match.EXISTS and test.field.field.absent is Absent.UNKNOWN:
        return Knowledge.SOME if test.field.of_account else Knowledge.ALL
    known = [knowledge(ref, coverage) for ref in test.fields]
    weakest = (Knowledge.NONE, Knowledge.SOME, Knowledge.ALL)
    return next(one for one in weakest if one in known)


def supplied(ref: FieldRef) -> Sql:
    """Return whether the row's file supplied an Absent.NONE field; never NULL."""
    if ref.field.always_known:
        return boolean(True)
    bit = (ACCOUNT_SUPPLIED_BIT if ref.of_account else SUPPLIED_BIT)[ref.name]
    masked = compare(exp.BitwiseAnd, coalesce(name("supplied"), integer(0)), integer(1 << bit))
    return compare(exp.NEQ, masked, integer(0))


def recorded(ref: FieldRef) -> Sql:
    """Return whether the field of a row is known; never NULL."""
    if ref.field.absent is Absent.NONE:
        return supplied(ref)
    return is_known(name(column(ref.field)))


@dataclass(frozen=True, slots=True)
class Leaf:
    """A test with the name of its column."""

    name: str
    test: Test
    knowledge: Knowledge

    def column(self, prefilter: Sql | None = None) -> Sql:
        """Return the nullable boolean; where `prefilter` is false, the test fails or is unknown."""
        test, ref = self.test, self.test.field
        if self.knowledge is Knowledge.NONE:
            return null()
        if test.match is Match.EXISTS:
            return _exists(test, self.knowledge)
        if test.other is not None:
            same = coalesce(equality(test, test.other), boolean(False))
            sure = self.knowledge is Knowledge.ALL
            return same if sure else case((as_sql(every(map(recorded, test.fields))), same))
        condition = _compared(test)
        if prefilter is not None and not isinstance(condition, bool):
            condition = case((prefilter, condition), (is_known(prefilter), boolean(False)))
        if ref.field.absent is Absent.NONE:
            # Whatever is compared, a feature that was not used satisfies nothing.
            used = is_known(name(column(ref.field))) if condition is True else condition
            held = coalesce(as_sql(used), boolean(False))
            sure = self.knowledge is Knowledge.ALL
            return held if sure else case((supplied(ref), held))
        if isinstance(condition, bool):
            return case((recorded(ref), boolean(condition)))
        return condition


def _exists(test: Test, known: Knowledge) -> Sql:
    """Return the test on presence."""
    ref = test.field
    present = is_known(name(column(ref.field)))
    if ref.field.type.is_list:
        size = call("len", coalesce(name(column(ref.field)), array([])))
        present = compare(exp.GT, size, integer(0))
    wanted = [present if value else exp.Not(this=exp.Paren(this=present)) for value in test.values]
    condition = as_sql(every(wanted) if test.every else some(wanted))
    if ref.field.absent is Absent.NONE and known is not Knowledge.ALL:
        return case((supplied(ref), condition))
    return condition


def _compared(test: Test) -> Condition:
    own = column(test.field.field)
    if test.field.field.type.is_list:
        return list_comparison(test, own)
    return comparison(test, column_operand(own))
