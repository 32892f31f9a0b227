"""The codes of diagnostics about Sigma files; the policy language has its own.

Each is explained with an example that is accepted and one that is refused. They show the keys that
matter: a rule without `logsource` or `detection` has those of any other rule.
"""

from __future__ import annotations

import textwrap

from engine.language.codes import Code
from engine.language.diagnostic import Level


def _code(number: str, title: str, explanation: str) -> Code:
    return Code(number, title, textwrap.dedent(explanation).strip())


# 10x: reading.
NOT_SIGMA = _code(
    "SG101",
    "a document that is no Sigma rule",
    """
    The document is neither a rule, a correlation nor a filter as the Sigma specification has them,
    or something in it has the wrong type. Nothing is written for it; the documents around it are
    read all the same, except those that build on it through `action`.

    Accepted:

        title: Refused requests
        detection: {selection: {status: 403}, condition: selection}

    Refused:

        title: Refused requests
        detection: {selection: {status: 403}, condition: other}
    """,
)
UNKNOWN_KEY = _code(
    "SG102",
    "a key that correlations do not have",
    """
    A key that is not understood could change what the correlation means, so it is not ignored.
    Keys: type, rules, group-by, timespan, condition, aliases, generate.

    Accepted:

        title: Many requests
        correlation: {type: event_count, rules: [one], group-by: [account_id], timespan: 1h,
          condition: {gte: 5}}

    Refused:

        title: Many requests
        correlation: {type: event_count, rules: [one], group_by: [account_id], timespan: 1h,
          condition: {gte: 5}}
    """,
)
UNRESOLVED = _code(
    "SG103",
    "a reference to a rule that is not there",
    """
    A correlation names a rule, by its name or id, that none of the files holds, or that could not
    be read or translated. Name the file that holds it, too, or mend the rule.

    Accepted:

        title: Many requests
        correlation: {type: event_count, rules: [one], group-by: [account_id], timespan: 1h,
          condition: {gte: 5}}

    Refused:

        title: Many requests
        correlation: {type: event_count, rules: [two], group-by: [account_id], timespan: 1h,
          condition: {gte: 5}}
    """,
)
AMBIGUOUS = _code(
    "SG104",
    "two rules of one name",
    """
    A correlation names a rule by a name or an id that several of the rules have. Other tools take
    the last one read; which one is meant cannot be known. An id refers to one of them.

    Accepted:

        title: Many requests
        correlation: {type: event_count, rules: [one], group-by: [account_id], timespan: 1h,
          condition: {gte: 5}}
        ---
        title: Another rule
        name: another

    Refused:

        title: Many requests
        correlation: {type: event_count, rules: [one], group-by: [account_id], timespan: 1h,
          condition: {gte: 5}}
        ---
        title: Another rule
        name: one
    """,
)
IDLE_FILTER = _code(
    "SG105",
    "a filter that applies to no rule",
    """
    A filter applies to rules with its log source, and among them to those it names. None of the
    rules that were read is one. Name the file that holds them, too.

    Accepted:

        title: Not our own
        filter: {rules: [one], own: {country: SE}, condition: not own}

    Refused:

        title: Not our own
        filter: {rules: [two], own: {country: SE}, condition: not own}
    """,
)
NO_FILE = _code(
    "SG106",
    "nothing to read",
    """
    The path does not exist, the folder holds no .yml or .yaml file, or the file no document.

    Accepted:

        title: Refused requests
        detection: {selection: {status: 403}, condition: selection}

    Refused:

        # to be written
    """,
)

# 20x: selections.
NO_WORD = _code(
    "SG201",
    "a test that policies have no word for",
    """
    The language compares a field with values, or with another field of its record. It has no
    keywords with modifiers: which of an event's texts is meant should be said.

    Accepted:

        title: Extraction
        detection: {selection: {prompt|cased|contains: COT}, condition: selection}

    Refused:

        title: Extraction
        detection: {selection: {'|cased|contains': COT}, condition: selection}
    """,
)
MISFIT = _code(
    "SG202",
    "a value that does not fit the field",
    """
    The field is one that Excise knows and has a type, or the value holds characters that no policy
    may hold. A comparison that could never hold, or not as Sigma means it, is refused.

    Accepted:

        title: Refused requests
        detection: {selection: {status: '403'}, condition: selection}

    Refused:

        title: Refused requests
        detection: {selection: {status: forbidden}, condition: selection}
    """,
)
PLACEHOLDER = _code(
    "SG203",
    "a placeholder that nothing fills in",
    """
    `%name%` under `expand` stands for values that the reader of the rule supplies. Give the pack a
    list document of that name; the placeholder must be the whole value. The pack of the example has
    the list `hosts`.

    Accepted:

        title: Unknown hosts
        detection: {selection: {host|expand: '%hosts%'}, condition: selection}

    Refused:

        title: Unknown hosts
        detection: {selection: {host|expand: '%servers%'}, condition: selection}
    """,
)
BAD_FIELD = _code(
    "SG204",
    "a field that cannot be named",
    """
    The name of the field is a word of the language, or has characters that the name of a field
    cannot have. Map it to a field with `--map NAME=FIELD`.

    Accepted:

        title: Every one
        detection: {selection: {every: 1}, condition: selection}

    Refused:

        title: Every one
        detection: {selection: {all: 1}, condition: selection}
    """,
)

# 30x: correlations.
NO_SUBJECT = _code(
    "SG301",
    "a group that is no subject",
    """
    A policy judges an account or an organisation, so a correlation groups by the one field that
    identifies it, in every rule. A correlation without `group-by` counts over everybody's events,
    one over several fields over parts of a subject's; neither is about a subject. Say which field
    identifies the subject with `--group-by NAME`.

    Accepted:

        title: Many requests
        correlation: {type: event_count, rules: [one], group-by: [account_id], timespan: 1h,
          condition: {gte: 5}}

    Refused:

        title: Many requests
        correlation: {type: event_count, rules: [one], group-by: [ip], timespan: 1h,
          condition: {gte: 5}}
    """,
)
CHAIN = _code(
    "SG302",
    "a correlation of correlations",
    """
    The measures of the language work on events, and what another correlation found is not one. A
    policy can ask for the finding of another, but not for when it held within a period.

    Accepted:

        title: Many requests
        name: many
        correlation: {type: event_count, rules: [one], group-by: [account_id], timespan: 1h,
          condition: {gte: 5}}

    Refused:

        title: Many requests
        name: many
        correlation: {type: event_count, rules: [one], group-by: [account_id], timespan: 1h,
          condition: {gte: 5}}
        ---
        title: Again and again
        correlation: {type: event_count, rules: [many], group-by: [account_id], timespan: 1d,
          condition: {gte: 3}}
    """,
)
BAD_MEASURE = _code(
    "SG303",
    "a correlation that is no measure",
    """
    The correlation asks for something that the measures of the language do not compute, or that
    has no agreed meaning: values of several fields, a percentile that is not there, one rule twice.

    Accepted:

        title: Many countries
        correlation:
          type: value_count
          rules: [one]
          group-by: [account_id]
          timespan: 1h
          condition: {gte: 5, field: country}

    Refused:

        title: Many countries
        correlation:
          type: value_count
          rules: [one]
          group-by: [account_id]
          timespan: 1h
          condition: {gte: 5, field: [country, asn]}
    """,
)
BAD_CONDITION = _code(
    "SG304",
    "a condition of a correlation that cannot be written",
    """
    The condition can never hold, has more than 32 alternatives, is a range of `temporal_ordered`,
    or is not made of numbers.

    Accepted:

        title: Once
        correlation: {type: temporal, rules: [one], group-by: [account_id], timespan: 1h,
          condition: one}

    Refused:

        title: Once
        correlation: {type: temporal, rules: [one], group-by: [account_id], timespan: 1h,
          condition: one and not one}
    """,
)

# 40x: what came of it.
REFUSED = _code(
    "SG401",
    "a policy that the check refuses",
    """
    The rule was translated, but `excise policy check` would refuse the policy, for the reason
    given; often a name that the pack has already, or a selection that is too large.

    Accepted:

        title: Extraction
        detection: {selection: {prompt|contains: reasoning}, condition: selection}

    Refused:

        title: "Extraction\\x07"
        detection: {selection: {prompt|contains: reasoning}, condition: selection}
    """,
)
ALREADY_THERE = _code(
    "SG402",
    "a rule that the pack has already",
    """
    A policy of the pack refers to the rule by its id, so it was imported before. Nothing is
    written, because an author may have changed that policy since. The pack of the example has the
    rule that ends in 01.

    Accepted:

        title: Refused requests
        id: 7d0e6a52-9c1f-4c5e-8a1b-0a4c9f3e1d02

    Refused:

        title: Refused requests
        id: 7d0e6a52-9c1f-4c5e-8a1b-0a4c9f3e1d01
    """,
)

CATALOGUE: dict[str, Code] = {
    code.id: code for code in list(globals().values()) if isinstance(code, Code)
}
"""The codes by id."""


def level_of(code: str) -> Level:
    """Return how serious a diagnostic of the code is: all but an idle filter are errors."""
    return Level.WARNING if code == IDLE_FILTER.id else Level.ERROR
