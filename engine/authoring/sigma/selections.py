"""Sigma's detections as selections: what a map, a list of maps and a list of values stand for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeAlias

from sigma.conditions import ConditionAND
from sigma.rule import SigmaDetection, SigmaDetectionItem
from sigma.types import SigmaExpansion, SigmaFieldReference, SigmaNull, SigmaType

from engine.authoring.sigma import codes
from engine.authoring.sigma.fields import Fields, Target
from engine.authoring.sigma.reading_back import check_test
from engine.authoring.sigma.refusal import RefusalError
from engine.authoring.sigma.values import Spelled, spell
from engine.authoring.sigma.writing import Data
from engine.language.fields import FieldType
from engine.language.words import Match

Part: TypeAlias = Mapping[str, Data]
"""A selection as a mapping of tests that must all hold."""

KEYWORDS = Target("keywords", FieldType.TEXTS)
"""Values without a field. They are spelled as elements of lists are, with wildcards alone."""
_SINGLE = frozenset({"exists", "gt", "gte", "lt", "lte"})
"""Modifiers of one value."""
_JOINED = frozenset({Match.CONTAINS.value, Match.RE.value})
"""Modifiers that `all` goes with."""


class Selections:
    """Writes the detections of one rule."""

    def __init__(self, fields: Fields, lists: Collection[str]) -> None:
        self._fields = fields
        self._lists = lists
        self.refused: list[tuple[tuple[int, ...], RefusalError]] = []
        """What could not be written, each with its place: the number of the item, and so on."""

    def written(self, detection: SigmaDetection, *place: int) -> Data:
        """Return a detection as the value of an entry of `select`."""
        parts = [
            self._part(item, *place, number)
            for number, item in enumerate(detection.detection_items)
        ]
        if detection.item_linking is ConditionAND:
            return all_of(parts)
        return parts[0] if len(parts) == 1 else parts

    def _part(self, item: SigmaDetectionItem | SigmaDetection, *place: int) -> Part:
        if isinstance(item, SigmaDetectionItem):
            try:
                test = self._test(item)
            except RefusalError as refusal:
                self.refused.append((place, refusal))
                return {}
            return {"not": test} if item.negated else test
        inner = self.written(item, *place)
        return inner if isinstance(inner, Mapping) else {"any": inner}

    def _test(self, item: SigmaDetectionItem) -> Part:
        target = KEYWORDS if item.field is None else self._fields.target(item.field)
        values: Sequence[SigmaType] = item.value or [SigmaNull()]
        references = [value for value in values if isinstance(value, SigmaFieldReference)]
        if references:
            return self._references(target, references, every=item.value_linking is ConditionAND)
        if item.value_linking is ConditionAND and len(values) > 1:
            test = self._every(target, values)
        else:
            test = self._any(target, values)
        if target is KEYWORDS:
            _check_keywords(test)
        else:
            check_test(test, target, self._lists)
        return test

    def _references(
        self, target: Target, references: Sequence[SigmaFieldReference], *, every: bool
    ) -> Part:
        """Return the test that a field equals others of its event, one of them or each."""
        if target is KEYWORDS:
            raise RefusalError(codes.NO_WORD, "keywords have no `fieldref`", hint="name the field")
        tests: list[Part] = []
        for reference in references:
            if reference.starts_with or reference.ends_with:
                message = "`fieldref` asks whether two fields are equal, not for parts of them"
                raise RefusalError(codes.NO_WORD, message)
            other = self._fields.target(reference.field)
            test: Part = {f"{target.name}|{Match.FIELDREF.value}": other.name}
            check_test(test, target, self._lists, other)
            tests.append(test)
        return all_of(tests) if every else any_of(tests)

    def _any(self, target: Target, values: Iterable[SigmaType]) -> Part:
        """Return the test that one of the values matches, those of expansions included."""
        return any_of(_tests(target, spell(list(_expanded(values)), target, self._lists)))

    def _every(self, target: Target, values: Sequence[SigmaType]) -> Part:
        """Return the test that all of the values match; of an expansion, one of its own."""
        if not any(isinstance(value, SigmaExpansion) for value in values):
            spelled = spell(values, target, self._lists)
            modifiers = {each.modifiers for each in spelled}
            joined = target is KEYWORDS or _JOINED & set(spelled[0].modifiers)
            if len(modifiers) == 1 and joined:
                key = "|".join([target.name, *spelled[0].modifiers, "all"])
                return {key: [each.value for each in spelled]}
        return all_of([self._any(target, [value]) for value in values])


def _check_keywords(test: Part) -> None:
    """Refuse keywords with modifiers, for which there is no word."""
    for key, value in test.items():
        modifiers = set(key.split("|")[1:]) - {"all"}
        for modifier in sorted(modifiers):
            message = f"keywords have no modifier `{modifier}`"
            if "list:" in str(value):  # which becomes a pattern, or it would name a list
                message = "a keyword cannot begin with `list:`"
            raise RefusalError(codes.NO_WORD, message, hint="name the field")
        if value is None or (isinstance(value, list) and None in value):
            raise RefusalError(codes.NO_WORD, "null is no keyword", hint="leave it out")


def _expanded(values: Iterable[SigmaType]) -> Iterable[SigmaType]:
    for value in values:
        if isinstance(value, SigmaExpansion):
            yield from _expanded(value.values)
        else:
            yield value


def _tests(target: Target, spelled: Sequence[Spelled]) -> list[Part]:
    """Return a test for each way of comparing, with all of its values."""
    groups: dict[tuple[str, ...], list[Data]] = {}
    seen: set[tuple[tuple[str, ...], type, Data]] = set()
    for each in spelled:
        known = (each.modifiers, type(each.value), each.value)
        if known not in seen:
            groups.setdefault(each.modifiers, []).append(each.value)
            seen.add(known)
    return [
        {"|".join([target.name, *modifiers]): values}
        for modifiers, group in groups.items()
        for values in (group if _SINGLE & set(modifiers) or len(group) == 1 else [group])
    ]


def any_of(parts: Sequence[Part]) -> Part:
    """Return the selection that one of the parts holds."""
    return parts[0] if len(parts) == 1 else {"any": list(parts)}


def all_of(parts: Sequence[Part]) -> Part:
    """Return the selection that all of the parts hold: one mapping where no key is there twice."""
    keys = [key for part in parts for key in part]
    if len(keys) == len(set(keys)):
        return {key: value for part in parts for key, value in part.items()}
    return {"all": list(parts)}
