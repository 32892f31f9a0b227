"""Whether a subject holds an approval."""

from __future__ import annotations

from engine.language.model import measure as m
from engine.language.read.measures.parameters import Parameters, Readers
from engine.language.read.scalars import name


def _approval(p: Parameters) -> m.Measure:
    approval = p.keys.required("approval", name)
    p.keys.finish()
    return m.Approved(approval=approval.value)


READERS: Readers[m.Measure] = {
    "approval": _approval,
}
