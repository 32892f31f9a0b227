"""The codes of diagnostics about Sigma files; the policy language has its own."""

from __future__ import annotations

from engine.language.codes import Code

# 10x: reading.
NOT_SIGMA = Code(
    "SG101",
    "a document that is no Sigma rule",
    "The document is neither a rule, a correlation nor a filter as the Sigma specification has "
    "them, or something in it has the wrong type. Nothing is written for it.",
)
UNKNOWN_KEY = Code(
    "SG102",
    "a key that correlations do not have",
    "A key that is not understood could change what the correlation means, so it is not ignored. "
    "Keys: type, rules, group-by, timespan, condition, aliases, generate.",
)
UNRESOLVED = Code(
    "SG103",
    "a reference to a rule that is not there",
    "A correlation names a rule, by its name or id, that none of the files holds, or that could "
    "not be read. Name the file that holds it, too.",
)
AMBIGUOUS = Code(
    "SG104",
    "two rules of one name",
    "A correlation names a rule by a name or an id that several of the rules have. Other tools "
    "take the last one read; which one is meant cannot be known.",
)
IDLE_FILTER = Code(
    "SG105",
    "a filter that applies to no rule",
    "A filter applies to rules with its log source, and among them to those it names. None of the "
    "rules that were read is one. Name the file that holds them, too.",
)
NO_FILE = Code(
    "SG106",
    "nothing to read",
    "The path does not exist, or the folder holds no .yml or .yaml file.",
)

# 20x: selections.
NO_WORD = Code(
    "SG201",
    "a test that policies have no word for",
    "The language compares a field with values. It does not compare two fields of one event "
    "(`fieldref`), nor parts of a time (`minute`, `hour`, `day`, `week`, `month`, `year`).",
)
MISFIT = Code(
    "SG202",
    "a value that does not fit the field",
    "The field is one that Excise knows and has a type, or the value holds characters that no "
    "policy may hold. A comparison that could never hold, or not as Sigma means it, is refused.",
)
PLACEHOLDER = Code(
    "SG203",
    "a placeholder that nothing fills in",
    "`%name%` under `expand` stands for values that the reader of the rule supplies. Give the pack "
    "a list document of that name; the placeholder must be the whole value.",
)
BAD_FIELD = Code(
    "SG204",
    "a field that cannot be named",
    "The name of the field is a word of the language, or has characters that the name of a field "
    "cannot have. Map it to a field with `--map NAME=FIELD`.",
)

# 30x: correlations.
NO_SUBJECT = Code(
    "SG301",
    "a group that is no subject",
    "A policy judges an account or an organisation, so a correlation groups by the one field that "
    "identifies it, in every rule. A correlation without `group-by` counts over everybody's "
    "events, one over several fields over parts of a subject's. Say which field identifies the "
    "subject with `--group-by NAME`.",
)
CHAIN = Code(
    "SG302",
    "a correlation of correlations",
    "The measures of the language work on events; what another correlation found is not an event.",
)
BAD_MEASURE = Code(
    "SG303",
    "a correlation that is no measure",
    "The correlation asks for something that the measures of the language do not compute, or that "
    "has no agreed meaning: values of several fields, a percentile that is not there.",
)
BAD_CONDITION = Code(
    "SG304",
    "a condition of a correlation that cannot be written",
    "The condition can never hold, always holds, has more than 32 alternatives, or is not made of "
    "numbers.",
)

# 40x: what came of it.
REFUSED = Code(
    "SG401",
    "a policy that the check refuses",
    "The rule was translated, but `excise policy check` would refuse the policy, for the reason "
    "given; often a name that the pack has already, or a selection that is too large.",
)
ALREADY_THERE = Code(
    "SG402",
    "a rule that the pack has already",
    "A policy of the pack refers to the rule by its id, so it was imported before. Nothing is "
    "written, because an author may have changed that policy since.",
)

CATALOGUE: dict[str, Code] = {
    code.id: code for code in list(globals().values()) if isinstance(code, Code)
}
"""The codes by id."""
