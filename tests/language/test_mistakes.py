"""Mistakes that authors make: each is told once, where it stands, with what to write instead."""

from __future__ import annotations

import pytest
from small_pack import ADDENDUM, DOCUMENTS, EXEMPTION

from engine.language.diagnostic import Diagnostic
from engine.language.load import Loaded, load_texts

_FIELDS = """\
fields: gateway
of: exchanges
declare: {EventID: any}
"""
_TEXTS = DOCUMENTS | {"exemption": EXEMPTION, "addendum": ADDENDUM, "fields": _FIELDS}
_COUNTED, _DEMANDS = "{count: demands, window: 7d}", "{prompt|contains: list:phrases}"
_WHEN, _FOUND = "when: {events: {gte: 100}}", "{findings: {behaviour: distillation}}"
_VALUES = "values: [show your reasoning, think step by step]"
_NUMBER = "a number alone, such as 100 or 0.3"

_MISTAKES = {
    "policy": [
        ("window: 7d", "window: 7 d", ("EX126", "7 d", "write `7d`")),
        ("window: 7d", "window: 7 days", ("EX126", "7 days", "write `7d`")),
        ("window: 7d", "window: 1.5h", ("EX126", "1.5h", "write `90m`")),
        ("window: 7d", "window: 1y", ("EX126", "1y", "write `365d`")),
        ("window: 7d", "window: 7d12h", ("EX126", "7d12h", "write `180h`")),
        ("window: 7d", "window: P7D", ("EX126", "P7D", "write `7d`")),
        ("window: 7d", "window: {7d}", ("EX123", "{7d}", "without braces: `7d`")),
        ("gte: 100", "gte: 30 %", ("EX123", "30 %", "write 0.3")),
        ("gte: 100", "gte: 1_000", ("EX123", "1_000", "write 1000")),
        ("gte: 100", "gte: 1,000", ("EX110", "000", "a comma parts entries: write 1000")),
        ("gte: 100", "gte: 100 requests", ("EX123", "100 requests", "write 100")),
        (
            "gte: 100",
            "gte: 0144",
            ("EX115", "0144", "write 144, or quote it if it is meant as text"),
        ),
        ("gte: 100", "gte: yes", ("EX123", "yes", _NUMBER)),
        ("gte: 100", "gte: [100]", ("EX123", "[100]", _NUMBER)),
        (_WHEN, "when: {events >= 100}", ("EX230", "events >= 100", "write `events: {gte: 100}`")),
        (_WHEN, "when: events >= 100", ("EX123", "events >= 100", "write `events: {gte: 100}`")),
        (_WHEN, "when: {or: [{events: {gte: 1}}]}", ("EX230", "or", "write `any`")),
        (
            _WHEN,
            "when: {events: {at_least: 1}}",
            ("EX121", "at_least", "that is `gte` here: at least"),
        ),
        (
            _WHEN,
            "when: {demands: {gte: 1}}",
            (
                "EX230",
                "demands",
                "that is a selection; count it under `signals`: `demands: {count: demands}`",
            ),
        ),
        (
            _WHEN,
            "when: {count: demands, gte: 100}",
            ("EX230", "count", "declare it under `signals`: `count: count`"),
            ("EX230", "gte", "a comparison stands in the braces of a signal: `signal: {gte: 1}`"),
        ),
        (
            _WHEN,
            "when: {events: {gte: 100, neq: 7, eq: 7}}",
            ("EX312", "eq", "mend a number, or use `any`"),
        ),
        (
            _WHEN,
            "when: {finding: [a, b]}",
            ("EX123", "[a, b]", "one condition a policy: `any: [{finding: a}, {finding: b}]`"),
        ),
        (_WHEN, "when: {strikes: 2}", ("EX123", "2", "such as `strikes: {gte: 1, within: 90d}`")),
        (_WHEN, "when: {events: {eq: 99.5}}", ("EX311", "events", "use `gte` or `lte`")),
        (
            _WHEN,
            "when: {findings: {behavior: resale}}",
            ("EX121", "behavior", "did you mean `behaviour`?"),
        ),
        (_WHEN, "when:{events: {gte: 100}}", ("EX104", "", "a blank follows the colon")),
        (
            _WHEN,
            "when: {events: {gte: 100}}}",
            ("EX104", "", "there is a closing bracket too many"),
        ),
        (
            _DEMANDS,
            "{prompt|contains: list:phrase}",
            ("EX210", "list:phrase", "did you mean `phrases`?"),
        ),
        (
            _DEMANDS,
            "{prompt|contains: list: phrases}",
            ("EX104", "", "write `list:phrases`, without a blank"),
        ),
        (
            _DEMANDS,
            "{prompt.contains: list:phrases}",
            ("EX201", "prompt.contains", "did you mean `prompt|contains`?"),
        ),
        (_DEMANDS, "{prompt|regex: 'a b'}", ("EX202", "regex", "write `re`")),
        (
            _DEMANDS,
            "{prompt|windash: a}",
            (
                "EX202",
                "windash",
                "one of Sigma's: `excise policy import-sigma` writes out what it stands for",
            ),
        ),
        (
            _DEMANDS,
            "{accounts.plan: free}",
            ("EX201", "accounts.plan", "did you mean `account.plan`?"),
        ),
        (_DEMANDS, "{and: [{turn: 1}]}", ("EX201", "and", "write `all`")),
        (
            _DEMANDS,
            "{status: 4xx}",
            ("EX204", "4xx", "write `status|gte: 400` and `status|lt: 500`"),
        ),
        (_DEMANDS, "{logprobs: yes}", ("EX204", "yes", "write true")),
        (
            _DEMANDS,
            "{ts|weekday: 1}",
            ("EX202", "weekday", "a time has no day of the week here; `day` is that of the month"),
        ),
        (_DEMANDS, "{ts|hour|gt: 23}", ("EX125", "23", "several: a list, or `gte` and `lte`")),
        (
            _DEMANDS,
            "{keywords: list:phrases}",
            (
                "EX204",
                "list:phrases",
                "keywords are written out; a field refers to a list, `prompt|contains: list:…`",
            ),
        ),
        (_DEMANDS, "{temperature|gt: 30%}", ("EX204", "30%", "write 0.3")),
        (_COUNTED, "{count: demands, windows: 7d}", ("EX131", "windows", "did you mean `window`?")),
        (
            _COUNTED,
            "{percentile: latency_ms, window: 7d}",
            ("EX220", "percentile", "that is `quantile` here"),
        ),
        (
            _COUNTED,
            "{sequence: [demands, not {turn: 1}], within: 1h, window: 7d}",
            ("EX104", "", "a selection that is not to happen is written `{not: {…}}`"),
        ),
        (
            _COUNTED,
            "demands",
            ("EX220", "demands", "that is a selection: write `{count: demands, window: 7d}`"),
        ),
        (
            _COUNTED,
            "{busiest: demands, window: 7d}",
            ("EX122", "busiest", "`span`: the length of the interval, both ends inclusive"),
        ),
        ("clauses:", "clause:", ("EX121", "clause", "did you mean `clauses`?")),
        ("twin: true", "twin: yes", ("EX123", "yes", "write true")),
        (
            "expect: finding",
            "expect: false",
            ("EX123", "false", "one of: finding, no finding, indeterminate"),
        ),
        ("version: 3", "version: v3", ("EX123", "v3", "a number alone, such as 1")),
        (
            "policy: harness",
            "policy: h\u0430rness",
            ("EX128", "h\u0430rness", "`\u0430` is U+0430; names have the letters A to Z"),
        ),
        ("tests:", "test:", ("EX121", "test", "did you mean `tests`?")),
        (
            "severity: high",
            "severity high",
            ("EX104", "", "write `key: value`, with a colon and a blank"),
        ),
        (
            "title: One instruction",
            "title: 'it's one'\nowner: One instruction",
            (
                "EX104",
                "",
                "in single quotes write '' for a quote, or put double quotes around the whole",
            ),
        ),
    ],
    "list": [
        (_VALUES, "values: [no, null]", ("EX123", "null", "put it in quotes if the word is meant")),
    ],
    "response": [
        (
            "{throttle: {for: 7d}}",
            "{throttle: 7d}",
            ("EX123", "7d", "such as `throttle: {for: 7d}`"),
        ),
        ("{throttle: {for: 7d}}", "suspend", ("EX240", "suspend", "such as `suspend: {for: 30d}`")),
        (_FOUND, "{finding: harnes}", ("EX302", "harnes", "did you mean `harness`?")),
        ("approval: two", "approval: 2", ("EX123", "2", "one of: none, one, two")),
    ],
    "links": [
        ("strength: {gte: 1}", "strength: 1", ("EX123", "1", "such as `{gte: 1}`")),
        (
            "{shared: account.payment_id}",
            "account.payment_id",
            ("EX123", "account.payment_id", "such as `{shared: account.payment_id}`"),
        ),
    ],
    "exemption": [
        (
            "organisations: [org-7]",
            "organisations: org-7, org-8",
            (
                "EX115",
                "org-7, org-8",
                "several go in brackets: `[org-7, org-8]`; one goes in quotes",
            ),
        ),
        (
            "organisations: [org-7]",
            "organisations: ['*']",
            ("EX128", "'*'", "an exemption names those whom it shields, one by one"),
        ),
    ],
    "addendum": [
        (
            "waives: [scraping]",
            "waives: usage-policy/scraping",
            (
                "EX128",
                "usage-policy/scraping",
                "the id alone, `scraping`: `amends` names the document",
            ),
        ),
    ],
    "fields": [
        ("EventID: any", "EventID: string", ("EX124", "string", "write `text`")),
        (
            "EventID: any",
            "keywords: any",
            ("EX222", "keywords", "map the record's field onto another name in a source"),
        ),
    ],
    "pack": [
        (
            "owners: [trust-and-safety]",
            "owner: [trust-and-safety]",
            ("EX121", "owner", "did you mean `owners`?"),
        ),
    ],
    "terms": [
        (
            "effective: 2025-09-15",
            "effective: 15/09/2025",
            (
                "EX127",
                "15/09/2025",
                "a date, 2026-06-05, or a date and time, 2026-06-05T14:30:00Z; from 1970 on",
            ),
        ),
    ],
}
"""By the kind of document: what is replaced, by what, and code, marked text and hint of each
diagnostic."""


@pytest.mark.parametrize(
    ("kind", "old", "new", "told"),
    [(kind, old, new, told) for kind, all_ in _MISTAKES.items() for old, new, *told in all_],
)
def test_a_mistake_is_told_once_where_it_stands(
    kind: str, old: str, new: str, told: list[tuple[str, str, str]]
) -> None:
    assert old in _TEXTS[kind]
    loaded = _load(_TEXTS | {kind: _TEXTS[kind].replace(old, new, 1)})
    found = [
        (one.code, _marked(one, loaded), one.hint)
        for one in loaded.diagnostics
        if one.code != "EX406" or "list:" in new  # what is replaced may be the list's only use
    ]
    assert found == told


def test_the_pack_without_a_mistake_is_sound() -> None:
    assert _load(_TEXTS).diagnostics == ()


@pytest.mark.parametrize("kind", ["pack", "terms", "list", "policy"])
@pytest.mark.parametrize("broken", [b"\xff\xfe", b"\ttitle: x", b"titel: x", b"a\rb"])
def test_what_rests_on_a_file_that_cannot_be_read_is_not_reported_too(
    kind: str, broken: bytes
) -> None:
    files = {f"rules/{name}.yaml": text.encode() for name, text in _TEXTS.items()}
    loaded = load_texts({**files, f"rules/{kind}.yaml": broken})
    assert {one.span.file for one in loaded.diagnostics} == {f"rules/{kind}.yaml"}


def test_what_a_comment_cuts_off_is_no_matter_where_the_value_is_in_quotes() -> None:
    sound = {
        "title: One instruction carried by many accounts": "title: 'Issue #7'  #one",
        "window: 7d": "window: 7d  # a week",
    }
    policy = _TEXTS["policy"]
    for old, new in sound.items():
        policy = policy.replace(old, new, 1)
    policy = policy.replace("window: 7d  # a week}", "window: 7d}  # a week")
    assert _load(_TEXTS | {"policy": policy}).diagnostics == ()


@pytest.mark.parametrize(
    ("old", "new", "reported"),
    [
        ("severity: high", "severity: high #for now", False),
        ("title: One instruction carried by many accounts", "title: Made in C #sharp", True),
        ("title: One instruction carried by many accounts", "title: Issue #7", True),
    ],
)
def test_a_comment_behind_one_word_is_a_comment(old: str, new: str, *, reported: bool) -> None:
    policy = _TEXTS["policy"]
    assert old in policy
    loaded = _load(_TEXTS | {"policy": policy.replace(old, new, 1)})
    assert [one.code for one in loaded.diagnostics] == ["EX115"] * reported


def _load(texts: dict[str, str]) -> Loaded:
    return load_texts({f"rules/{kind}.yaml": text.encode() for kind, text in texts.items()})


def _marked(found: Diagnostic, loaded: Loaded) -> str:
    """Return the text above the caret."""
    span = found.span
    line = loaded.sources[span.file].split("\n")[span.line - 1]
    return line[span.column - 1 : span.end_column - 1 if span.line == span.end_line else None]
