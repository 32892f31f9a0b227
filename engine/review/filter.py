"""The filter language of the queue.

    query := and ("or" and)* ;  and := term+ ;  term := ["-" | "!"] (field ":" value | word)
    value := [">=" | "<=" | ">" | "<"] scalar | scalar ".." scalar | scalar ("," scalar)*

A scalar may stand in double quotes, and then matches exactly. Text compares without case; `*` and
`?` are wildcards; without one, the text may stand anywhere in the field. A bare word looks at the
case, the subject, the campaign, the response, the behaviour and the title. Parsing never raises:
a query that cannot be read comes back as a mistake with its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import translate

from engine.ledger.records import CaseRecord
from engine.review.queue import severity_rank

FIELDS: Mapping[str, str] = {
    "sev": "severity: info, low, medium, high, critical; also sev:>=high",
    "status": "open, awaiting_second",
    "needs": "needs:second, one of two reviewers has approved",
    "policy": "a policy among the case's findings",
    "response": "the response that opened the case",
    "behaviour": "the prohibited behaviour",
    "account": "the subject, when it is an account",
    "org": "the subject, when it is an organisation",
    "campaign": "the campaign",
    "accounts": "how many accounts: accounts:>=20, accounts:5..50",
    "case": "the case's id",
    "run": "the run that opened it",
}
"""Every field, with what it looks at."""

_SEVERITIES = {"info": 0, "low": 1, "med": 2, "medium": 2, "high": 3, "crit": 4, "critical": 4}
_DIGITS = 18
"""Digits of the longest number that is read; longer ones are a mistake."""
_WORD = re.compile(r'\s*(?P<word>(?:"[^"]*"?|[^\s"])+)')
_PART = re.compile(r'"([^"]*)"|([^,]*)')
_ORDER: Mapping[str, Callable[[int, int], bool]] = {
    ">=": lambda value, bound: value >= bound,
    "<=": lambda value, bound: value <= bound,
    ">": lambda value, bound: value > bound,
    "<": lambda value, bound: value < bound,
}


@dataclass(frozen=True, slots=True)
class Searched:
    """What a filter sees of a case."""

    case: CaseRecord
    policies: tuple[str, ...] = ()


Test = Callable[[Searched], bool]


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a query: columns count from 0, the end is exclusive."""

    test: Test
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mistake:
    """What cannot be read, and where."""

    message: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Filter:
    """A query: any of the groups, in each of which every term holds. No groups: everything."""

    groups: tuple[tuple[Term, ...], ...] = ()
    needs_policies: bool = False
    """Whether some term looks at `Searched.policies`, which cost a question each."""

    def matches(self, searched: Searched) -> bool:
        """Return whether the case belongs to what was asked for."""
        if not self.groups:
            return True
        return any(all(term.test(searched) for term in group) for group in self.groups)


def parse_filter(text: str) -> Filter | Mistake:
    """Return the filter that `text` asks for, or its first mistake."""
    groups: list[list[Term]] = [[]]
    last = None
    for found in _WORD.finditer(text):
        word, last = found.group("word"), found
        if word.lower() == "or":
            if not groups[-1]:
                return Mistake("`or` needs something on its left", *found.span("word"))
            groups.append([])
            continue
        test = _term(word)
        if isinstance(test, str):
            return Mistake(test, *found.span("word"))
        groups[-1].append(Term(test, *found.span("word")))
    if last is not None and not groups[-1]:
        return Mistake("`or` needs something on its right", *last.span("word"))
    looks_at = (text[term.start : term.end].lstrip("-!").lower() for g in groups for term in g)
    policies = any(word.startswith("policy:") for word in looks_at)
    return Filter(tuple(map(tuple, groups)) if groups[0] else (), policies)


def _term(word: str) -> Test | str:
    if word[0] in "-!":
        inner = _term(word[1:]) if word[1:] else f"`{word}` has nothing to leave out"
        return inner if isinstance(inner, str) else _not(inner)
    name, colon, value = word.partition(":")
    if not colon or '"' in name:
        return _anywhere(word)
    name = name.lower()
    if name not in FIELDS:
        return f"no field `{name}`; there is {', '.join(FIELDS)}"
    if not value:
        return f"`{name}:` needs a value"
    if name in _NUMBERS:
        return _numeric(name, value)
    fits = _text(value)
    read = _TEXTS[name]
    return lambda searched: any(map(fits, read(searched)))


def _not(test: Test) -> Test:
    return lambda searched: not test(searched)


def _anywhere(word: str) -> Test:
    fits = _text(word)
    return lambda searched: (
        any(
            fits(text)
            for name in ("case", "account", "org", "campaign", "response", "behaviour")
            for text in _TEXTS[name](searched)
        )
        or any(map(fits, (searched.case.title, searched.case.subject_id)))
    )


def _text(value: str) -> Callable[[str], bool]:
    patterns = []
    for found in _PART.finditer(value):
        exact, loose = found.groups()
        if exact is not None:
            patterns.append(re.escape(exact.lower()) + r"\Z")
        elif loose:
            # Lists of wildcards, not regular expressions: nothing here can take long.
            wild = loose.lower() if set(loose) & set("*?") else f"*{loose.lower()}*"
            patterns.append(translate(wild.replace("[", "[[]")))
    match = re.compile("|".join(patterns) or "(?!)").match
    return lambda text: match(text.lower()) is not None


def _numeric(name: str, value: str) -> Test | str:
    read, scalar, wanted = _NUMBERS[name]
    sign = next((sign for sign in _ORDER if value.startswith(sign)), None)
    low, dots, high = value.partition("..")
    parts = [value[len(sign) :]] if sign else [low, high] if dots else value.split(",")
    numbers: list[int] = []
    for part in parts:
        number = scalar(part.strip('"').lower())
        if number is None:
            return f"`{name}:` takes {wanted}, not `{part}`"
        numbers.append(number)
    if sign:
        compare = _ORDER[sign]
        return lambda searched: compare(read(searched.case), numbers[0])
    if dots:
        return lambda searched: numbers[0] <= read(searched.case) <= numbers[1]
    return lambda searched: read(searched.case) in numbers


def _whole_number(text: str) -> int | None:
    plain = text.replace("_", "").replace(",", "")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= _DIGITS else None


def _subject(kind: str) -> Callable[[Searched], tuple[str, ...]]:
    return lambda searched: (
        (searched.case.subject_id,) if searched.case.subject_kind == kind else ()
    )


def _campaign(searched: Searched) -> tuple[str, ...]:
    case = searched.case
    own = (case.subject_id,) if case.subject_kind == "campaign" else ()
    return (*own, case.campaign_id) if case.campaign_id else own


_NUMBERS: Mapping[str, tuple[Callable[[CaseRecord], int], Callable[[str], int | None], str]] = {
    "sev": (lambda case: severity_rank(case.severity), _SEVERITIES.get, "a severity"),
    "accounts": (lambda case: case.accounts, _whole_number, "a number"),
}
_TEXTS: Mapping[str, Callable[[Searched], tuple[str, ...]]] = {
    "status": lambda searched: (searched.case.status,),
    "needs": lambda searched: (searched.case.status.removeprefix("awaiting_"),),
    "policy": lambda searched: searched.policies,
    "response": lambda searched: (searched.case.response,),
    "behaviour": lambda searched: (searched.case.behaviour,),
    "account": _subject("account"),
    "org": _subject("organisation"),
    "campaign": _campaign,
    "case": lambda searched: (searched.case.case_id,),
    "run": lambda searched: (searched.case.run_id,),
}
