"""What was written, read by the language at once: a misfit is reported where it comes from."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from engine.authoring.sigma import codes
from engine.authoring.sigma.fields import Target
from engine.authoring.sigma.refusal import RefusalError
from engine.authoring.sigma.writing import Data, document
from engine.language.declared import declare
from engine.language.diagnostic import Diagnostics
from engine.language.fields import Absent, FieldRef, FieldType
from engine.language.read.field_test import Vocabulary
from engine.language.read.mapping import attempt
from engine.language.read.selection import Selections
from engine.language.yaml_reading import decode, documents


def check_test(
    test: Mapping[str, Data], target: Target, lists: Collection[str], *others: Target
) -> None:
    """Read a selection as a policy's; RefusalError with the first thing that is wrong with it."""
    problems = Diagnostics()
    source = decode("test", document(test).encode(), problems)
    fields = {one.name: _declared(one) for one in (target, *others)}
    selections = Selections(Vocabulary(dict.fromkeys(lists), fields))
    for found in documents(source, problems) if source else ():
        attempt(selections.read, found.root, problems)
    for fault in problems.sorted():
        raise RefusalError(codes.MISFIT, fault.message, hint=fault.hint)


def _declared(target: Target) -> FieldRef:
    field = declare(target.name, target.type or FieldType.ANY, Absent.NONE)
    return FieldRef(field.name, declared=field)
