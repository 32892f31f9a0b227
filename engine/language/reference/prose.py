"""What the reference says in whole sentences."""

from __future__ import annotations

from engine.language.model.response import MEMBER_NUMBERS

OPENING = """\
# The policy language

Everything that the files under `rules/` may hold. `excise policy schema --markdown` writes this
page from the readers themselves, so it cannot say anything else than they do. What holds exactly
at the edges of windows, orders, minimums and thresholds stands in
[BOUNDARIES.md](BOUNDARIES.md).

A file holds one YAML document or several, parted by `---`; the first key of a document says what
kind it is. Unknown keys, aliases, anchors, tags and duplicate keys are refused. **Bold** keys
must be there.

| value | how it is written |
|---|---|
| duration | a whole number and a unit: `90s`, `30m`, `12h`, `7d`, `2w`; at most ten years |
| time | `2026-06-05` (its first moment, UTC) or `2026-06-05T14:30:00Z`; from 1970 on |
| name | letters, digits, `-` and `_`, at most 100, the first one a letter |
| number | without quotes; a share is written `0.3`, never `30%` |
"""
SELECTIONS = """\
A selection says which exchanges a measure looks at. It is the name of one of the policy's
selections, `all`, a mapping whose entries must all hold, or a list of such mappings of which one
must. An entry is `field|modifiers: value`; the value may be a list, of which any value may
match, or `list:<name>`. Where a field is missing, the selection is neither true nor false."""
MODIFIERS = """\
Without a modifier a value is compared as a whole, and in text `*` and `?` are wildcards. Text
compares without regard to case unless `cased` says otherwise; identifiers always compare
exactly. Regular expressions are those of RE2."""
MEASURES = """\
A signal is a measure of a subject's exchanges. `window: 7d` is the closed interval from 7 days
before the moment judged from up to it; without one, the whole period of the run counts.
`timespan` is Sigma's word for it and may stand instead. Where something is missing, a value is
an interval of what it could be; where too little is there, it is indeterminate."""
CONDITIONS = """\
A condition is a mapping or a list, all of whose entries must hold. A signal is compared as
`signal: {gte: 100}`; several comparisons of one signal must all hold. A comparison that what is
missing leaves open is undecided, and so is a policy that rests on it.

`exculpate` of a response compares numbers of a member of the campaign, and nothing else: """
CONDITIONS += "; ".join(f"`{name}`, {words}" for name, words in MEMBER_NUMBERS.items()) + "."
ACTIONS = """\
An action is its word, or the word with its parameters: `suspend: {for: 30d}`. All but
`terminate` can be undone."""
FIELDS = """\
Selections name a field of an exchange by its name and one of its account as `account.<field>`.
All but those in bold may be missing. *None*: where the column is supplied, an empty value means
that there was nothing; *unknown*: that nobody recorded it."""
KINDS = {
    "pack": "What the pack is called, who answers for it, and limits over all of it. There is one.",
    "terms": "A document that policies cite, in all of its versions.",
    "addendum": "A contract that says something else to some organisations.",
    "policy": "Prohibited behaviour: what is measured, what must hold, what clears it.",
    "response": "What is done when findings accumulate: the ladder.",
    "links": "What ties accounts into a campaign.",
    "list": "Named values or phrases, for selections to refer to as `list:<name>`.",
    "exemption": "A narrow, owned reason not to act, with an end.",
    "source": "How a record of a foreign log becomes an exchange or an account.",
    "fields": "Fields that records have beside the canonical ones.",
}
"""What documents are for, by their kind, in the order of the reference."""
