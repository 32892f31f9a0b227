"""What only a campaign has: members, and what they have in common."""

from __future__ import annotations

from collections.abc import Callable

from engine.language.model import measure as m
from engine.language.read.measures.parameters import MOST, Parameters, Readers
from engine.language.read.scalars import decimal, integer


def _size(
    kind: type[m.Members | m.Payers | m.Organisations | m.Portion],
) -> Callable[[Parameters], m.Measure]:
    def read(p: Parameters) -> m.Measure:
        p.nothing()
        p.keys.finish()
        return kind()

    return read


def _carriers(p: Parameters) -> m.Measure:
    where, of, window = p.own(), p.selection("of"), p.window()
    share = p.keys.optional("at_least_share", decimal(0, 1), 0.0)
    p.keys.finish()
    return m.Carriers(where=where.value, of=of.value, at_least_share=share.value, **window.value)


def _partition_index(p: Parameters) -> m.Measure:
    field, where, window = p.field(), p.selection("where"), p.window()
    p.keys.finish()
    return m.PartitionIndex(field=field.value, where=where.value, **window.value)


def _shared(p: Parameters) -> m.Measure:
    field = p.field()
    if not field.failed and field.value.of_account:
        p.keys.finish()
        return m.Shared(field=field.value)
    where, window = p.selection("where"), p.window()
    share = p.keys.optional("at_least_share", decimal(0, 1), 0.0)
    p.keys.finish()
    return m.Shared(
        field=field.value, where=where.value, at_least_share=share.value, **window.value
    )


def _tenants(p: Parameters) -> m.Measure:
    field, where, window = p.field(), p.selection("where"), p.window()
    least = p.keys.required("at_least", integer(2, MOST))
    p.keys.finish()
    ref = field.value
    if ref.name == "account_id" or (ref.of_account and not ref.field.type.is_list):
        raise p.misfit(f"every account has one `{ref}`; `tenants` needs a field of exchanges")
    return m.Tenants(field=field.value, at_least=least.value, where=where.value, **window.value)


READERS: Readers[m.Measure] = {
    "members": _size(m.Members),
    "payers": _size(m.Payers),
    "organisations": _size(m.Organisations),
    "portion": _size(m.Portion),
    "accounts": _carriers,
    "partition_index": _partition_index,
    "shared": _shared,
    "tenants": _tenants,
}
