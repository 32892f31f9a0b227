"""From YAML documents to pySigma's objects; its complaints as diagnostics."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, TypeVar

from sigma.collection import SigmaCollection
from sigma.correlations import SigmaCorrelationRule
from sigma.exceptions import SigmaError
from sigma.filters import SigmaFilter
from sigma.rule import SigmaDetectionItem, SigmaRule

from engine.authoring.sigma import codes
from engine.authoring.sigma.files import SigmaDocument
from engine.language.diagnostic import Diagnostics, printable
from engine.language.span import Span
from engine.language.words import OPERATORS

T = TypeVar("T")
Place = tuple[str | int, ...]
_ACTION = "action"
_QUOTED = re.compile(r"(?:\bb)?'([^']*)'")
"""What pySigma quotes; RE2's reasons come as bytes."""


@dataclass(frozen=True, eq=False)
class ReadRule:
    """A rule, correlation or filter with the document that it was read from."""

    rule: SigmaRule | SigmaCorrelationRule | SigmaFilter
    document: SigmaDocument


def read_rules(documents: Sequence[SigmaDocument], problems: Diagnostics) -> list[ReadRule]:
    """Read documents in order; those that pySigma refuses are reported and left out."""
    found = [
        _read(document, _before(documents, place), problems)
        for place, document in enumerate(documents)
        if document.data.get(_ACTION) not in ("global", "reset")
    ]
    return [read for read in found if read is not None]


def _before(documents: Sequence[SigmaDocument], place: int) -> list[SigmaDocument]:
    """Return the earlier documents of the file that change what this one says.

    `action: global` and `action: repeat` are the only ways in which documents depend on another.
    """
    mine = [other for other in documents[:place] if other.file == documents[place].file]
    acting = any(_ACTION in other.data for other in [*mine, documents[place]])
    return [other for other in mine if _is_plain(other)] if acting else []


def _is_plain(document: SigmaDocument) -> bool:
    return "correlation" not in document.data and "filter" not in document.data


def _read(
    document: SigmaDocument, before: Sequence[SigmaDocument], problems: Diagnostics
) -> ReadRule | None:
    data = [*(other.data for other in before), _understood(document.data)]
    collection = guarded(lambda: _collect(data), document.span(), problems)
    if collection is None:
        return None
    rules = [*collection.filters, *collection.rules]
    errors = rules[-1].errors if rules else collection.errors
    if not rules and not errors:
        message = "the document is no rule, correlation or filter"
        problems.error(codes.NOT_SIGMA, document.span(), message)
    faults = list(_faults_of_items(document))
    for place, error in faults:
        problems.error(codes.NOT_SIGMA, document.span(*place), _words(error))
    for error in errors:
        if not faults or _place(error) != ("detection",):
            problems.error(codes.NOT_SIGMA, document.span(*_place(error)), _words(error))
    return ReadRule(rules[-1], document) if rules and not errors else None


def _collect(data: Sequence[dict[str, Any]]) -> SigmaCollection:
    return SigmaCollection.from_dicts(
        deepcopy(list(data)),  # pySigma merges actions into what it is given
        collect_errors=True,
        collect_filters=True,
        resolve_references=False,
    )


def _understood(data: dict[str, Any]) -> dict[str, Any]:
    """Return a document without what pySigma does not take though Sigma has it.

    That is a range as the condition of a correlation, and a percentile with decimals; both are
    read from the document itself where the measure is made.
    """
    correlation = data.get("correlation")
    condition = correlation.get("condition") if isinstance(correlation, dict) else None
    if not isinstance(correlation, dict) or not isinstance(condition, dict):
        return data
    first = next((operator for operator in OPERATORS if operator in condition), None)
    kept = {key: value for key, value in condition.items() if key == first or key not in OPERATORS}
    if isinstance(kept.get("percentile"), float):
        kept["percentile"] = 0
    return {**data, "correlation": {**correlation, "condition": kept}}


def guarded(make: Callable[[], T], span: Span, problems: Diagnostics) -> T | None:
    """Call pySigma; what it raises becomes a diagnostic at the place, and None comes back."""
    try:
        return make()
    except SigmaError as fault:
        problems.error(codes.NOT_SIGMA, span, _words(fault))
    except RecursionError:
        problems.error(codes.NOT_SIGMA, span, "the document nests too deeply")
    except Exception as fault:  # noqa: BLE001 - values of a wrong type break it in many ways
        reason = printable(f"{type(fault).__name__}: {fault}").rstrip(".")
        message = f"a value has the wrong type; pySigma says {reason}"
        problems.error(codes.NOT_SIGMA, span, message)
    return None


def _words(error: Exception) -> str:
    """Return pySigma's message as a label: it writes sentences."""
    text = printable(str(error.args[0] if error.args else error)).strip().rstrip(".")
    text = _QUOTED.sub(r"`\1`", text.replace("`", "'"))
    return text[:1].lower() + text[1:] if text else "this is not Sigma"


_PLACES: dict[str, Place] = {
    "Logsource": ("logsource",),
    "Detection": ("detection",),
    "Condition": ("detection", "condition"),
    "Modifier": ("detection",),
    "RegularExpression": ("detection",),
    "Value": ("detection",),
    "Type": ("detection",),
    "Identifier": ("id",),
    "Title": ("title",),
    "Level": ("level",),
    "Status": ("status",),
    "Date": ("date",),
    "Modified": ("modified",),
    "Tag": ("tags",),
    "Timespan": ("correlation", "timespan"),
    "CorrelationType": ("correlation", "type"),
    "CorrelationCondition": ("correlation", "condition"),
    "CorrelationRule": ("correlation",),
    "FilterCondition": ("filter", "condition"),
    "FilterRuleReference": ("filter", "rules"),
    "Filter": ("filter",),
}
"""Where an error of a class is likely to stand; pySigma knows the file only."""


def _faults_of_items(document: SigmaDocument) -> Iterator[tuple[Place, SigmaError]]:
    """Yield what is wrong with single tests, of which pySigma tells the first and no place."""
    for section in ("detection", "filter"):
        detections = document.data.get(section)
        if isinstance(detections, dict):
            for name, detection in detections.items():
                yield from _faults_within(detection, (section, name))


def _faults_within(detection: object, place: Place) -> Iterator[tuple[Place, SigmaError]]:
    if isinstance(detection, list):
        for number, part in enumerate(detection):
            yield from _faults_within(part, (*place, number))
    elif isinstance(detection, dict):
        for key, value in detection.items():
            try:
                SigmaDetectionItem.from_mapping(key, value)
            except SigmaError as fault:
                yield (*place, key), fault
            except Exception:  # noqa: BLE001, S112 - reported as a fault of the document
                continue


def _place(error: SigmaError) -> Place:
    return _PLACES.get(type(error).__name__.removeprefix("Sigma").removesuffix("Error"), ())
