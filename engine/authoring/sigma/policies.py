"""A policy document around what a rule or a correlation measures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sigma.correlations import SigmaCorrelationRule
from sigma.filters import SigmaFilter
from sigma.rule import SigmaRule, SigmaRuleTag

from engine.authoring.sigma.naming import policy_name
from engine.authoring.sigma.reading import ReadRule
from engine.authoring.sigma.settings import Settings
from engine.authoring.sigma.writing import Data, Inline, Prose
from engine.language.words import Severity

_LEVELS = {
    "informational": Severity.INFO,
    "low": Severity.LOW,
    "medium": Severity.MEDIUM,
    "high": Severity.HIGH,
    "critical": Severity.CRITICAL,
}
_TECHNIQUE = re.compile(r"t[0-9]{4}(\.[0-9]{3})?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Measuring:
    """The part of a policy that a rule was translated to."""

    select: dict[str, Data]
    signals: dict[str, Data]
    """Any of them at least 1 is what the rule calls a match."""
    explain: str
    fields: tuple[str, ...]
    """Fields that have to be declared."""


def policy_data(
    rule: SigmaRule | SigmaCorrelationRule, measuring: Measuring, settings: Settings
) -> dict[str, Data]:
    """Return the document's keys in the order in which the shipped policies have them."""
    level = rule.level.name.lower() if rule.level else ""
    holds: list[Data] = [Inline({name: Inline(gte=1)}) for name in measuring.signals]
    data: dict[str, Data] = {
        "policy": policy_name(rule.title),
        "title": shown_title(rule),
        "version": 1,
        "status": "draft",
        "owner": settings.owner,
        "behaviour": settings.behaviour.value,
        "axis": settings.axis.value,
        "severity": _LEVELS.get(level, settings.severity).value,
        "clauses": list(settings.clauses),
        "references": list(_references(rule)),
        "subject": settings.subject.value,
        "select": measuring.select,
        "signals": measuring.signals,
        "when": holds[0] if len(holds) == 1 else {"any": holds},
        "explain": Prose(measuring.explain),
    }
    return {key: value for key, value in data.items() if value != []}


def shown_title(rule: SigmaRule | SigmaCorrelationRule) -> str:
    """Return the title on one line."""
    return " ".join(rule.title.split())


def in_explanation(rule: SigmaRule | SigmaCorrelationRule) -> str:
    """Return the title in quotation marks; braces would stand for a signal."""
    return "“" + shown_title(rule).replace("{", "(").replace("}", ")") + "”"


def _references(rule: SigmaRule | SigmaCorrelationRule) -> Iterator[str]:
    if rule.id is not None:
        yield f"sigma:{rule.id}"
    for tag in rule.tags:
        if _technique(tag):
            yield f"attack:{tag.name.upper()}"
    yield from dict.fromkeys(str(each).strip() for each in rule.references if str(each).strip())


def _technique(tag: SigmaRuleTag) -> bool:
    return tag.namespace == "attack" and _TECHNIQUE.fullmatch(tag.name) is not None


def comments_on(read: ReadRule) -> list[str]:
    """Return what an author should know who reads the policy: where it comes from, and for what."""
    rule, span = read.rule, read.document.span()
    log = {
        key: getattr(getattr(rule, "logsource", None), key, None)
        for key in ("category", "product", "service")
    }
    source = ", ".join(f"{key} {value}" for key, value in log.items() if value)
    origin = f"Imported from {span.file}:{span.line}."
    if source:
        origin += f" Log source: {source}; a policy looks at every request."
    by = [f"Author: {rule.author}." if rule.author else "", _licence(rule.license)]
    about = f"False positives: {'; '.join(map(str, rule.falsepositives))}."
    found = [
        origin,
        " ".join(part for part in by if part),
        " ".join((rule.description or "").split()),
        " ".join(about.split()) if rule.falsepositives else "",
        _standing(rule),
    ]
    return [comment for comment in found if comment]


def _standing(rule: SigmaRule | SigmaCorrelationRule | SigmaFilter) -> str:
    """Return what Sigma says and a policy has no place for: the rule's status, and other tags."""
    status = f"Status in Sigma: {rule.status.name.lower()}." if rule.status else ""
    others = [str(tag) for tag in rule.tags if not _technique(tag)]
    tags = f"Tags: {', '.join(others)}." if others else ""
    return f"{status} {tags}".strip()


def _licence(licence: str | None) -> str:
    return f"Licence: {licence}." if licence else ""
