"""Where a subject stands among its peers."""

from __future__ import annotations

from typing import get_args

from engine.language import codes
from engine.language.diagnostic import Diagnostics, quote
from engine.language.fields import ACCOUNT_FIELDS, FieldRef, FieldType
from engine.language.model import measure as m
from engine.language.read.field_key import ALL_FIELDS, field_named
from engine.language.read.mapping import InvalidError
from engine.language.read.measures.parameters import MOST, Parameters, Readers
from engine.language.read.scalars import distinct, integer, list_of, one_of, text, word
from engine.language.walk import walk_measure
from engine.language.words import CohortScale
from engine.language.yaml_nodes import Node

FEWEST_PEERS = 30
"""Below it order statistics say little; a threshold far out in the tail needs more."""

_UNFIT = frozenset(kind for kind in FieldType if kind.is_list) | {FieldType.TIMESTAMP}


def _cohort(p: Parameters) -> m.Measure:
    value, by = p.signal(), p.keys.optional("by", distinct(list_of(_trait, single=True)), ())
    scale = p.keys.optional("as", word(CohortScale), CohortScale.PERCENTILE)
    # Three is the fewest of which one can be the middle and another lie apart.
    least = p.keys.optional("min_peers", integer(3, MOST), FEWEST_PEERS)
    among = p.keys.optional("among", one_of(("accounts",), "group of peers"), None)
    p.keys.finish()
    cohort = m.Cohort(value=value.value, by=by.value, scale=scale.value, min_peers=least.value)
    if among.value is None:
        return cohort
    if any(isinstance(one, get_args(m.CampaignMeasure)) for one in walk_measure(value.value)):
        raise p.misfit("`among: accounts` needs a signal that accounts have, not campaigns alone")
    return m.MemberCohort(cohort=cohort)


def _trait(node: Node, problems: Diagnostics) -> FieldRef:
    """Read a field of accounts, with or without `account.` before it."""
    name = text(node, problems)
    foreign = name in ALL_FIELDS and name not in ACCOUNT_FIELDS
    ref = field_named(name if foreign else f"account.{name}", {}, node.span, problems)
    if ref.of_account and ref.field.type not in _UNFIT:
        return ref
    what = f"is {ref.field.type.value}" if ref.of_account else "is a field of exchanges"
    message = f"peers have a field of their accounts in common; {quote(str(ref))} {what}"
    problems.error(codes.MEASURE_MISFIT, node.span, message)
    raise InvalidError


READERS: Readers[m.Measure] = {
    "cohort": _cohort,
}
