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
from sigma.policy import SigmaPolicy
from sigma.policy.regex_engine import RE2RegexEngine, RegexPattern
from sigma.rule import SigmaDetectionItem, SigmaRule

from engine.authoring.sigma import codes
from engine.authoring.sigma.advice import advice_on, place_of
from engine.authoring.sigma.documents import SigmaDocument
from engine.authoring.sigma.shape import Place, faults_of_shape
from engine.language.diagnostic import Diagnostics, printable
from engine.language.regexes import fault_of
from engine.language.span import Span
from engine.language.words import OPERATORS

T = TypeVar("T")
_ACTION = "action"
_TESTED = ("detection", "filter")
"""The keys of a document under which fields are tested."""
_QUOTED = re.compile(r"(?:\bb)?'([^']*)'")
"""What pySigma quotes; RE2's reasons come as bytes."""


@dataclass(frozen=True, eq=False)
class ReadRule:
    """A rule, correlation or filter with the document that it was read from."""

    rule: SigmaRule | SigmaCorrelationRule | SigmaFilter
    document: SigmaDocument


class _QuietRE2(RE2RegexEngine):
    """RE2 as pySigma uses it, except that it writes nothing to stderr by itself."""

    def compile(self, pattern: str, flags: int = 0) -> RegexPattern:
        """Compile a pattern; `error` for one that RE2 does not take."""
        reason = fault_of(pattern)
        if reason is not None:
            raise self.error(reason)
        return super().compile(pattern, flags)

    def __deepcopy__(self, memo: dict[int, Any]) -> _QuietRE2:
        """Return itself: filters are copied with what they were read by, and RE2 is a module."""
        return self


_POLICY = SigmaPolicy(regex_engine=_QuietRE2())


def read_rules(documents: Sequence[SigmaDocument], problems: Diagnostics) -> list[ReadRule]:
    """Read documents in order; those that are not sound are reported and left out."""
    misshapen = [one for one in documents if not _is_shaped(one, problems)]
    found = [
        _read(document, _before(documents, place), misshapen, problems)
        for place, document in enumerate(documents)
        if document not in misshapen and not is_only_action(document)
    ]
    return [read for read in found if read is not None]


def is_only_action(document: SigmaDocument) -> bool:
    """Whether a document says something about others and is no rule itself."""
    return document.data.get(_ACTION) in ("global", "reset")


def _is_shaped(document: SigmaDocument, problems: Diagnostics) -> bool:
    faults = list(faults_of_shape(document.data))
    for fault in faults:
        span = document.span(*fault.place)
        problems.error(codes.NOT_SIGMA, span, fault.message, hint=fault.hint)
    return not faults


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
    document: SigmaDocument,
    before: Sequence[SigmaDocument],
    misshapen: Sequence[SigmaDocument],
    problems: Diagnostics,
) -> ReadRule | None:
    for other in before:
        if other in misshapen:
            message = (
                f"the document builds on the one in line {other.span().line}, which is refused"
            )
            problems.error(codes.NOT_SIGMA, document.span(), message, hint="mend that one first")
            return None
    data = [*(other.data for other in before), _understood(document.data)]
    collection = guarded(lambda: _collect(data), document.span(), problems)
    if collection is None:
        return None
    rules = [*collection.filters, *collection.rules]
    errors = rules[-1].errors if rules else collection.errors
    if not rules and not errors:
        message = "the document is no rule, correlation or filter"
        hint = "a rule has `detection`, a correlation `correlation`, a filter `filter`"
        problems.error(codes.NOT_SIGMA, document.span(), message, hint=hint)
    faults = list(_faults_of_items(document))
    places = [(fault, place) for place, fault in faults]
    places += [
        (error, place_of(error))
        for error in errors
        if not faults or place_of(error) != ("detection",)
    ]
    for error, place in places:
        span = document.span(*place)
        problems.error(codes.NOT_SIGMA, span, _words(error), hint=advice_on(error))
    return ReadRule(rules[-1], document) if rules and not places else None


def _collect(data: Sequence[dict[str, Any]]) -> SigmaCollection:
    return SigmaCollection.from_dicts(
        deepcopy(list(data)),  # pySigma merges actions into what it is given
        collect_errors=True,
        collect_filters=True,
        resolve_references=False,
        policy=_POLICY,
    )


def _understood(data: dict[str, Any]) -> dict[str, Any]:
    """Return a document without what pySigma does not take though Sigma has it.

    That is a range as the condition of a correlation, and a percentile with decimals, which are
    read from the document itself where the measure is made; and another name of a modifier.
    """
    data = {key: _renamed(value) if key in _TESTED else value for key, value in data.items()}
    correlation = data.get("correlation")
    condition = correlation.get("condition") if isinstance(correlation, dict) else None
    if not isinstance(correlation, dict) or not isinstance(condition, dict):
        return data
    first = next((operator for operator in OPERATORS if operator in condition), None)
    kept = {key: value for key, value in condition.items() if key == first or key not in OPERATORS}
    if isinstance(kept.get("percentile"), float):
        kept["percentile"] = 0
    return {**data, "correlation": {**correlation, "condition": kept}}


def _renamed(detection: Any) -> Any:  # noqa: ANN401 - whatever stands in a document
    """Return detections with `wide` for its other name, `utf16le`."""
    if isinstance(detection, list):
        return [_renamed(each) for each in detection]
    if not isinstance(detection, dict):
        return detection
    return {_with_wide(key): _renamed(value) for key, value in detection.items()}


def _with_wide(key: str) -> str:
    field, *modifiers = key.split("|")
    return "|".join([field, *("wide" if one == "utf16le" else one for one in modifiers)])


def guarded(make: Callable[[], T], span: Span, problems: Diagnostics) -> T | None:
    """Call pySigma; what it raises becomes a diagnostic at the place, and None comes back."""
    try:
        return make()
    except SigmaError as fault:
        problems.error(codes.NOT_SIGMA, span, _words(fault), hint=advice_on(fault))
    except RecursionError:
        hint = "say it with fewer parentheses and negations"
        problems.error(codes.NOT_SIGMA, span, "it nests too deeply", hint=hint)
    except Exception as fault:  # noqa: BLE001 - what it takes on trust breaks it in many ways
        reason = printable(f"{type(fault).__name__}: {fault}").rstrip(".")
        message = f"pySigma cannot read the document: {reason}"
        problems.error(codes.NOT_SIGMA, span, message, hint="leave parts out to find which it is")
    return None


def _words(error: Exception) -> str:
    """Return pySigma's message as a label: it writes sentences."""
    text = printable(str(error.args[0] if error.args else error)).strip().rstrip(".")
    text = _QUOTED.sub(r"`\1`", text.replace("`", "'"))
    return text[:1].lower() + text[1:] if text else "this is not Sigma"


def _faults_of_items(document: SigmaDocument) -> Iterator[tuple[Place, SigmaError]]:
    """Yield what is wrong with single tests, of which pySigma tells the first and no place."""
    for section in _TESTED:
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
                SigmaDetectionItem.from_mapping(_with_wide(key), value, policy=_POLICY)
            except SigmaError as fault:
                yield (*place, key), fault
            except Exception:  # noqa: BLE001, S112 - reported as a fault of the document
                continue
