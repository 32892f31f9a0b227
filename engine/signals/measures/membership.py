"""Who the members are: accounts, payers, organisations, approvals."""

from __future__ import annotations

import numpy as np

from engine.language.model import measure as m
from engine.signals.arithmetic import interval
from engine.signals.facts import Column
from engine.signals.measures.computation import Computation, Counts, Family, Names, outputs
from engine.signals.nodes import Belonging, Holding, Quantity, Roll


def _members_needs(_: m.Members, __: Names) -> dict[str, Quantity]:
    return outputs(Roll(), members="members")


def _payers_needs(_: m.Payers, __: Names) -> dict[str, Quantity]:
    return outputs(Roll(), payers="payers", missing="payers_missing")


def _organisations_needs(_: m.Organisations, __: Names) -> dict[str, Quantity]:
    return outputs(Belonging(), organisations="organisations", missing="missing")


def _portion_needs(_: m.Portion, __: Names) -> dict[str, Quantity]:
    return {}


def _approved_needs(measure: m.Approved, names: Names) -> dict[str, Quantity]:
    source = Holding(names.approval(measure.approval))
    return outputs(source, accounts="accounts", holding="holding", lacking="lacking")


def _members_column(_: m.Members, parts: Counts, _size: int) -> Column:
    return interval(parts["members"], parts["members"], members=parts["members"])


def _payers_column(_: m.Payers, parts: Counts, _size: int) -> Column:
    return _different("payers", parts)


def _organisations_column(_: m.Organisations, parts: Counts, _size: int) -> Column:
    return _different("organisations", parts)


def _portion_column(_: m.Portion, __: Counts, size: int) -> Column:
    """A campaign is all of itself; slices get their own (see `engine.signals.slices`)."""
    whole = np.ones(size, dtype=np.int64)
    return interval(whole, whole)


def _different(name: str, parts: Counts) -> Column:
    found, missing = parts[name], parts["missing"]
    return interval(found, found + missing, unknown=missing, **{name: found})


def _approved_column(_: m.Approved, parts: Counts, _size: int) -> Column:
    accounts, holding, lacking = parts["accounts"], parts["holding"], parts["lacking"]
    low, high = (accounts == holding) & (accounts > 0), lacking == 0
    unknown = accounts - holding - lacking
    return interval(low, high, accounts=accounts, holding=holding, unknown=unknown)


FAMILY: Family = {
    m.Members: Computation(_members_needs, _members_column),
    m.Payers: Computation(_payers_needs, _payers_column),
    m.Organisations: Computation(_organisations_needs, _organisations_column),
    m.Portion: Computation(_portion_needs, _portion_column),
    m.Approved: Computation(_approved_needs, _approved_column),
}
