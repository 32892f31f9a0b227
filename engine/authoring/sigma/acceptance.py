"""The check of what was translated, with the pack it is for, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.authoring.sigma import codes
from engine.authoring.sigma.documents import SigmaDocument
from engine.authoring.sigma.settings import Settings
from engine.authoring.sigma.writing import Data, document
from engine.language.diagnostic import Diagnostic, Diagnostics
from engine.language.load import load_texts

_LABEL = "imported"
"""A folder of its own, so that no file of the pack is replaced."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A policy document that a rule was translated to."""

    path: str
    text: str
    origin: SigmaDocument
    fields: tuple[str, ...]
    """Fields that it uses and that have to be declared."""


def accepted(
    candidates: Sequence[Candidate],
    settings: Settings,
    texts: Mapping[str, str],
    problems: Diagnostics,
) -> dict[str, str]:
    """Return the documents that pass, by path, with the one that declares their fields.

    What the check refuses is reported at the rule. One document that fails may hide what is wrong
    with another, so they are checked until none fails.
    """
    sound = list(candidates)
    while True:
        documents = {each.path: each.text for each in sound}
        documents |= _declarations(sound, settings)
        faults = _faults(documents, texts)
        refused = [each for each in sound if each.path in faults]
        if not refused:
            return documents
        for each in refused:
            _report(each, faults[each.path], problems)
        sound = [each for each in sound if each not in refused]


def _faults(documents: Mapping[str, str], texts: Mapping[str, str]) -> dict[str, Diagnostic]:
    """Return the first error in each document."""
    ours = {f"{_LABEL}/{path}": text.encode() for path, text in documents.items()}
    loaded = load_texts({name: text.encode() for name, text in texts.items()} | ours)
    faults: dict[str, Diagnostic] = {}
    for found in loaded.diagnostics:
        if found.is_error:
            faults.setdefault(found.span.file.removeprefix(f"{_LABEL}/"), found)
    return faults


def _report(candidate: Candidate, fault: Diagnostic, problems: Diagnostics) -> None:
    message = f"the policy would be refused ({fault.code}): {fault.message}"
    hint = fault.hint or f"`excise explain-code {fault.code}` tells more"
    problems.error(codes.REFUSED, candidate.origin.span("title"), message, hint=hint)


def _declarations(candidates: Sequence[Candidate], settings: Settings) -> dict[str, str]:
    """Return the document that declares the fields of the policies, if there are any."""
    fields = sorted({field for each in candidates for field in each.fields})
    if not fields:
        return {}
    data: dict[str, Data] = {
        "fields": settings.declared_in,
        "of": "exchanges",
        "declare": dict.fromkeys(fields, "any"),
    }
    comment = "Fields of events that imported Sigma rules ask for."
    return {f"fields/{settings.declared_in}.yaml": document(data, [comment])}
