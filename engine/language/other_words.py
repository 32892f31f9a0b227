"""Words that other languages, and habit, have for what the policy language calls otherwise.

A misspelling is found by its letters; these are not near the word that is meant, or, as `and` is to
`any`, nearer to a wrong one.
"""

from __future__ import annotations

_PLACES = {
    "exchanges": "count: per_account | from: start | interval: every",
    "policy": """
id: policy | name: policy | description: explain | level: severity | detection: select
condition: when | falsepositives: unless | author: owner | filter: unless | group-by: subject
""",
    "test": "title: name | expected: expect | events: exchanges | now: as_of",
    "step": "when: if | action: do | actions: do | then: do",
    "response": "actions: ladder | steps: ladder | if: when | name: response",
    "condition": "and: all | or: any | none: not | unless: not",
    "selection": "and: all | or: any | none: not | selection: condition",
    "comparison": """
>=: gte | ≥: gte | ge: gte | min: gte | minimum: gte | at_least: gte | from: gte
<=: lte | ≤: lte | le: lte | max: lte | maximum: lte | at_most: lte | to: lte
>: gt | more_than: gt | above: gt | over: gt | <: lt | less_than: lt | below: lt | under: lt
=: eq | ==: eq | is: eq | equals: eq | !=: neq | <>: neq | ne: neq | not: neq
""",
    "measure": """
event_count: count | events: count | number: count | total: sum | value_sum: sum
value_count: distinct | count_distinct: distinct | distinct_count: distinct | unique: distinct
cardinality: distinct | nunique: distinct | avg: mean | average: mean | value_avg: mean
median: quantile | percentile: quantile | value_percentile: quantile | value_median: quantile
p50: quantile | p95: quantile | p99: quantile | ratio: share | rate: share | percent: share
percentage: share | fraction: share | proportion: share | temporal: together
temporal_ordered: sequence | zscore: cohort | robust_z: cohort | rank: cohort | peers: cohort
burst: busiest | peak: busiest | new: novel | first_seen: novel | size: members
""",
    "modifier": """
regex: re | regexp: re | match: re | matches: re | starts_with: startswith | prefix: startswith
ends_with: endswith | suffix: endswith | includes: contains | like: contains | icontains: contains
has: contains | ge: gte | min: gte | le: lte | max: lte | all_of: all | hasall: all | eq: in
equals: in | is: in | any: in | oneof: in | case: cased | exist: exists | present: exists
isnull: exists | ref: fieldref | network: cidr | subnet: cidr
""",
    "type": """
string: text | str: text | keyword: text | int: integer | number: decimal | long: integer
float: decimal | double: decimal | bool: boolean | date: timestamp | datetime: timestamp
time: timestamp | ip: address | list: texts | array: texts | strings: texts | id: identifier
""",
    "subject": """
org: organisation | organization: organisation | customer: organisation | tenant: organisation
user: account | cluster: campaign | group: campaign | pool: campaign
""",
}


def _read(text: str) -> dict[str, str]:
    entries = (part.strip().partition(": ") for part in text.replace("\n", " | ").split(" | "))
    return {word: meant for word, _, meant in entries if word}


_MEANT = {place: _read(text) for place, text in _PLACES.items()}


def meant(where: str, word: str) -> str | None:
    """Return what a kind of place calls by its own word, None for a word that nobody has."""
    return _MEANT.get(where, {}).get(word.casefold())
