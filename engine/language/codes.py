"""The codes of diagnostics that reading gives; each check in `checks/` brings its own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of diagnostic: its id, a title, and what an author should know about it."""

    id: str
    title: str
    explanation: str


# 10x, 11x: the file and its YAML.
NOT_UTF8 = Code(
    "EX101",
    "a file that is not UTF-8",
    "Policies are read by people and by digests, so one encoding is accepted. Save it as UTF-8.",
)
CONTROL_CHARACTER = Code(
    "EX102",
    "a control character",
    "Characters that cannot be seen, or that reorder the text around them, are refused: a reviewer "
    "must read what the engine reads. In double quotes, \\n and \\t may be written as escapes.",
)
TOO_LARGE = Code(
    "EX103",
    "a file that is too large",
    "A policy file holds at most 1 MiB. Split it; long lists of values may fill several documents.",
)
SYNTAX = Code(
    "EX104",
    "text that is not YAML",
    "The text cannot be parsed. Common causes: a tab in the indentation, a missing quote, a colon "
    "followed by a space inside an unquoted value.",
)
TOO_DEEP = Code(
    "EX105",
    "nesting that is too deep",
    "Documents nest at most 64 levels, selections and conditions at most 32.",
)
ALIAS = Code(
    "EX106",
    "an anchor or an alias",
    "YAML anchors and aliases make a text mean something elsewhere. Use a named selection or a "
    "list document instead.",
)
TAG = Code(
    "EX107",
    "a tag or a directive",
    "The language decides what a value is; `!tag`, `%YAML` and `%TAG` have no place in it.",
)
MERGE_KEY = Code(
    "EX108",
    "a merge key",
    "`<<` copies keys from elsewhere, so the text does not say what is evaluated. Write them out.",
)
DUPLICATE_KEY = Code(
    "EX109",
    "a key written twice",
    "Other YAML readers silently keep the last one. Remove one of the two.",
)
KEY_NOT_TEXT = Code(
    "EX110",
    "a key that is not text",
    "Keys are words. Quote a key that YAML reads as a number, as true or false, or as null.",
)
BAD_NUMBER = Code(
    "EX111",
    "a number that is not finite",
    "Infinity, not-a-number, and whole numbers beyond 64 bits cannot be compared exactly.",
)
UNREADABLE = Code(
    "EX112",
    "a file that cannot be read",
    "The file exists but could not be opened, or is not a regular file.",
)
NO_RULES = Code(
    "EX113",
    "no rules",
    "The folder does not exist, or holds no .yaml or .yml file.",
)
PACK_DOCUMENT = Code(
    "EX114",
    "not exactly one pack document",
    "One document, usually pack.yaml, starts with `pack:` and names the pack, its version, its "
    "owners and its guardrails.",
)

MISLEADING = Code(
    "EX115",
    "a value that is not what it looks like",
    "`title: issue #1` ends before the `#`, `“so”` holds its quotation marks, `a, b` is one text, "
    "and a number that begins with 0 is octal to some readers of YAML. Put it in quotes, or write "
    "it without what is doubtful.",
)

# 12x: the shape of documents.
UNKNOWN_KIND = Code(
    "EX120",
    "an unknown kind of document",
    "A document declares its kind by its first key: pack, terms, addendum, policy, response, "
    "links, list, exemption, source or fields.",
)
UNKNOWN_KEY = Code(
    "EX121",
    "an unknown key",
    "The language refuses what it does not know: a misspelt key would otherwise change nothing.",
)
MISSING_KEY = Code("EX122", "a missing key", "The document or entry needs this key.")
WRONG_TYPE = Code(
    "EX123",
    "a value of the wrong type",
    "YAML 1.2 decides: `no` and `on` are text, `5` is a number, and a quoted value is always text.",
)
UNKNOWN_WORD = Code(
    "EX124", "an unknown word", "The key takes one of a closed set of words; the hint lists them."
)
OUT_OF_RANGE = Code("EX125", "a number out of range", "The hint says which numbers make sense.")
BAD_DURATION = Code(
    "EX126",
    "a malformed duration",
    "A duration is a whole number and a unit: 90s, 30m, 1h, 7d or 2w; at most ten years.",
)
BAD_TIME = Code(
    "EX127",
    "a malformed time",
    "A time is a date, 2026-06-05, or a date and time, 2026-06-05T14:30:00Z. Without a zone it is "
    "UTC. A date stands for its first moment; as an end, under `until`, for the whole day.",
)
BAD_NAME = Code(
    "EX128",
    "a malformed name",
    "A name starts with a letter and goes on with letters, digits, `-` and `_`.",
)
EMPTY = Code("EX129", "an empty value", "The key needs at least one entry, or some text.")
REPEATED = Code("EX130", "a value listed twice", "The second one has no effect; remove it.")
EXCLUSIVE = Code("EX131", "keys that exclude each other", "Two keys say the same thing; keep one.")

# 20x: selections.
UNKNOWN_FIELD = Code(
    "EX201",
    "an unknown field",
    "Fields are those of `exchanges`, those of `accounts` as `account.<field>`, and those that a "
    "`fields` document declares.",
)
UNKNOWN_MODIFIER = Code(
    "EX202",
    "an unknown modifier",
    "Modifiers follow the field: contains, startswith, endswith, re (with i, m, s), cidr, exists, "
    "fieldref, "
    "gt, gte, lt, lte, in, cased, all; of times minute, hour, day, week, month, year.",
)
MODIFIER_MISFIT = Code(
    "EX203",
    "a modifier that does not fit",
    "The modifier does not go with the type of the field, or not with another modifier.",
)
VALUE_MISFIT = Code(
    "EX204",
    "a value that does not fit its field",
    "The comparison could never be true: the value is not of the field's type.",
)
BAD_REGEX = Code(
    "EX205",
    "a malformed regular expression",
    "Regular expressions are RE2's: linear in the text, hence without backreferences and "
    "look-around, because the text they run on is written by an attacker.",
)
BAD_ADDRESS = Code(
    "EX206", "a malformed address", "An address is IPv4 or IPv6; a network is 192.0.2.0/24."
)
UNKNOWN_SELECTION = Code(
    "EX207", "an unknown selection", "The name is not an entry of the policy's `select`."
)
SELECTION_CYCLE = Code(
    "EX208",
    "a selection that contains itself",
    "Selections may refer to each other, not in a loop.",
)
BAD_EXPRESSION = Code(
    "EX209",
    "a malformed selection condition",
    "Write names joined by and, or, not and parentheses; `1 of x_*`; `all of x_*`; `1 of them`.",
)
UNKNOWN_LIST = Code("EX210", "an unknown list", "No `list` document of the pack has this name.")
TOO_MANY_TESTS = Code(
    "EX211",
    "a selection that is too large",
    "Named selections are expanded where they are used; this one grows beyond what can be run.",
)

FIELD_TWICE = Code(
    "EX212",
    "a field declared twice",
    "A declared field has a name that no canonical field has, and one type in the whole pack.",
)

# 22x: signals.
UNKNOWN_MEASURE = Code(
    "EX220",
    "an unknown measure",
    "A signal is one measure and its parameters; the hint lists them.",
)
MEASURE_MISFIT = Code(
    "EX221", "a measure that does not fit its field", "Totals and means need a field of numbers."
)
RESERVED_NAME = Code(
    "EX222",
    "a reserved name",
    "The name is a word of the language there, so it could not be referred to.",
)
BAD_STEPS = Code(
    "EX225",
    "steps that make no sequence",
    "A sequence begins with something that happens, and says what is absent either between two "
    "steps or after the last one. `together` asks for no order.",
)

SIGNAL_CYCLE = Code(
    "EX223",
    "a signal that is compared with itself",
    "A `cohort` compares another signal of the policy; such references may not form a loop.",
)

# 23x: conditions and explanations.
UNKNOWN_SIGNAL = Code(
    "EX230",
    "an unknown signal",
    "Conditions and cohorts compare the policy's own `signals`; a response compares members, "
    "payers and organisations.",
)
BAD_CONDITION = Code(
    "EX231",
    "a malformed condition",
    "A condition is `signal: {gte: 1}`, all, any, not, finding, findings, strikes or approval.",
)
BAD_PLACEHOLDER = Code(
    "EX232",
    "a malformed placeholder",
    "An explanation may hold `{signal}` and `{signal:percent}`.",
)

# 24x: responses, links, sources, tests.
BAD_ACTION = Code(
    "EX240",
    "parameters that do not fit the action",
    "`suspend` needs `for`; `restrict` needs `feature`; `throttle`, `hold_quota`, `restrict` and "
    "`require_verification` may have `for`.",
)
BAD_CONNECTOR = Code(
    "EX241",
    "something accounts cannot be linked by",
    "Accounts are linked by identifiers: `account.payment_id`, `device_id`, `prompt_shape`, or a "
    "network, `ip/24`.",
)
BAD_JMESPATH = Code(
    "EX242", "a malformed JMESPath expression", "Sources map records with JMESPath expressions."
)
UNKNOWN_GROUP = Code(
    "EX243", "an unknown group of accounts", "No entry of the test's `accounts` has this name."
)
BAD_CRITERIA = Code(
    "EX250",
    "criteria for promotion that make no sense",
    "In shadow: `for`, days with a run, and `hits`, subjects found. In review: `reviewed`, cases "
    "decided, `wrong_at_most`, which the upper confidence bound of the rejected share must not "
    "exceed, `confidence` (0.95 unless stated) and `for`. The exact bound is never 0 and at full "
    "confidence always 1.",
)
UNKNOWN_ZONE = Code(
    "EX244", "an unknown time zone", "A zone is UTC or an IANA name such as Asia/Singapore."
)
