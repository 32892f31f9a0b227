"""What a correlation must be for a policy to say it: rules, keys, and a subject to group by."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from sigma.correlations import SigmaCorrelationRule

from engine.authoring.sigma import codes
from engine.authoring.sigma.correlations import KEYS
from engine.authoring.sigma.reading import ReadRule
from engine.authoring.sigma.refusal import RefusalError
from engine.authoring.sigma.settings import IDENTITIES
from engine.language.diagnostic import quote
from engine.language.read.mapping import suggestion
from engine.language.span import Span
from engine.language.words import SubjectKind

Fault = tuple[Span, RefusalError]


def faults_of(
    read: ReadRule,
    rule: SigmaCorrelationRule,
    parts: Mapping[str, ReadRule],
    subject: SubjectKind,
    name_of: Callable[[str], str],
) -> Iterator[Fault]:
    """Yield what keeps a correlation from being a measure of a subject's events."""
    document = read.document
    seen: list[ReadRule] = []
    for place, part in enumerate(parts.values()):
        span = document.span("correlation", "rules", place)
        if isinstance(part.rule, SigmaCorrelationRule):
            message = f"{quote(part.rule.title)} is a correlation itself"
            hint = "make the correlation rest on rules"
            yield span, RefusalError(codes.CHAIN, message, hint=hint)
        if part in seen:
            message = f"{quote(part.rule.title)} is there twice"
            yield span, RefusalError(codes.BAD_MEASURE, message, hint="name each rule once")
        seen.append(part)
    for key in document.data["correlation"]:
        if key not in KEYS:
            message = f"correlations have no key {quote(key)}"
            refusal = RefusalError(codes.UNKNOWN_KEY, message, hint=suggestion(key, KEYS))
            yield document.span("correlation", key), refusal
    group = _group_fault(rule, parts, subject, name_of)
    if group is not None:
        yield document.span("correlation", "group-by"), group


def _group_fault(
    rule: SigmaCorrelationRule,
    parts: Mapping[str, ReadRule],
    subject: SubjectKind,
    name_of: Callable[[str], str],
) -> RefusalError | None:
    """Return what is wrong with a `group-by` that does not identify the subject."""
    group = rule.group_by or []
    word = subject.value
    meant = [name for field in group[:1] for name in fields_meant(rule, parts, field)]
    wrong = [name for name in meant if name_of(name) not in IDENTITIES[subject]]
    if not group:
        message = "without `group-by`, the correlation counts over the events of everybody"
    elif len(group) > 1:
        message = f"the correlation groups by {len(group)} fields: {', '.join(map(quote, group))}"
    elif wrong:
        message = f"{quote(wrong[0])} does not identify the {word}"
    else:
        return None
    hint = f"a policy counts for each {word}; say which field it is with --group-by NAME"
    return RefusalError(codes.NO_SUBJECT, message, hint=hint)


def one_field(rule: SigmaCorrelationRule, parts: Mapping[str, ReadRule], name: str) -> str:
    """Return the one Sigma field that a name means in all rules of a correlation."""
    meant = fields_meant(rule, parts, name)
    if len(meant) == 1:
        return meant[0]
    message = f"{quote(name)} is another field in each rule: {', '.join(map(quote, meant))}"
    hint = "a measure is about one field"
    raise RefusalError(codes.BAD_MEASURE, message, hint=hint)


def fields_meant(rule: SigmaCorrelationRule, parts: Mapping[str, ReadRule], name: str) -> list[str]:
    """Return the fields that a name means in the rules of a correlation, through its aliases."""
    meant = [
        _meant(rule, {reference, part.rule.name, str(part.rule.id)}, name)
        for reference, part in parts.items()
    ]
    return list(dict.fromkeys(meant))


def _meant(rule: SigmaCorrelationRule, called: set[str | None], name: str) -> str:
    alias = rule.aliases.aliases.get(name)
    targets = alias.mapping if alias else {}
    found = (field for target, field in targets.items() if target.reference in called)
    return next(found, name)
