"""What every key of the language is for, in the words that an editor shows."""

from __future__ import annotations

_FIELDS = """
account_id: the account | event_id: the exchange's own id
ts: when it was asked, UTC, as are its parts
org_id: the organisation; empty: none | api_key_id: the key it was asked with
end_user_id: the customer's own user | session_id: the conversation
model: the model that answered | endpoint: the path that was called
input_tokens: tokens read | output_tokens: tokens written | cached_tokens: tokens read from a cache
system_prompt: the system prompt | prompt: the last user turn
prompt_hash: the prompt as a hash; made where there is text
prompt_shape: the prompt's first ten words, numbers, quotations and code masked; `none` below four
system_shape: the same of the system prompt | prefix_hashes: hashes of the conversation's beginnings
turn: which turn of the conversation | ip: the address it came from
asn: the network's number | network_class: residential, mobile, datacenter, proxy or education
country: the country of the address | user_agent: what the client calls itself
tls_fingerprint: the client's TLS fingerprint | device_id: the device
temperature: as requested | max_tokens: as requested | n: answers asked for
logprobs: whether log probabilities were asked for | top_logprobs: how many were asked for
logit_bias_ids: token ids whose logits were biased | tool_count: how many tools were offered
tools_sig: a fingerprint of the tools | capability: what a classifier says it was for
labels: tags of upstream classifiers | reasoning_sig_issued: the signature given with reasoning
reasoning_sig_redeemed: a signature brought back | status: the HTTP status
blocked_by: the safeguard that stopped it | finish_reason: why the answer ended
latency_ms: how long it took | retry_of: the exchange it repeats
created_at: when the account was opened | plan: what it pays for
signup_channel: how it signed up | email_domain: the domain of its e-mail
email_class: such as disposable | payment_id: a fingerprint of what pays
payment_type: such as a virtual card | billing_country: where the bill goes
signup_ip: the address it signed up from | signup_asn: the network it signed up from
phone_country: the country of its phone | verification: how far it has been verified
approvals: what it has been allowed in writing | released_at: when it was released
"""

_OPERATORS = """
gt: more than | gte: at least | lt: less than | lte: at most | eq: exactly | neq: anything but
"""

_MEASURE = """
count: how many exchanges of a selection | share: their share of all, or of those of `of`
sum: the total of a numeric field | mean: its mean | min: its smallest value
max: its largest value | distinct: how many different values a field has
top_share: the share of the commonest value
entropy: how evenly the values are spread, 0 to 1
same_shape: the share of the commonest template of a prompt
busiest: the most exchanges in any interval of length `span`
gap_cv: how irregular the gaps between exchanges are; a machine's are near 0
windows: how many intervals hold what `with` asks of them
together: how often all steps happen within one interval
sequence: how often the steps happen in this order
members: how many accounts the campaign has | payers: how many different payers
organisations: how many independent parties
portion: the part of its campaign that a slice is; 1 for a campaign
accounts: how many members have enough of their exchanges in a selection
partition_index: near 1 the members divide the prompts among them; at 0.5 they repeat each other
shared: the share of members that have a value in common with another
tenants: the share of members with at least so many different values of a field
approval: 1 when every account holds the approval, else 0
cohort: where a signal stands among its peers
active_hours: in how many of the 168 hours of the week there was anything
hour_flatness: how evenly the day is filled: 1 evenly, 0 all in one hour
novel: values in the window that the history before it has not
spike: how far the window's number is from the subject's own past
release_shift: how much of its traffic a subject moves to a model on the model's first day
id_coverage: different token ids, or the longest run of neighbouring ones
history: how long before the window is looked for the values
min_history: below so many earlier exchanges nothing can be said
baseline: how long before the window its own past goes | min_windows: fewer say nothing
kinds: how many of the selections occur in the interval
steps: how many of the selections occur, in this order
window: only exchanges of this long up to the moment judged from; or after a release or a sign-up
timespan: Sigma's word for the time, `window` or `span`
where: only exchanges of this selection | of: what it is a share of; default: all exchanges
min_of: below so many exchanges nothing can be said
min_events: so many exchanges, or nothing can be said
quantile: the value that a share `q` of the values is not above
q: the share, 0 to 1 | method: nearest: a value that occurs; linear: between two
at_least_share: the share of an account's exchanges that is enough
at_least: so many different values
span: the length of the interval, both ends inclusive | within: in this time, both ends inclusive
with: what must hold in an interval | ordered: whether the order counts
by: fields of accounts that peers have in common | as: which number of it is meant
min_peers: below so many peers nothing can be said | among: compare each member with accounts
"""

_ACTION = """
log: record the finding and do nothing | warn: write to the account holder
require_verification: ask who it is | hold_quota: grant no more quota | throttle: slow it down
restrict: take a feature away | suspend: stop the account for a time
terminate: close the account; the only irreversible action
for: how long it lasts: 7d, 2w | feature: what is taken away
"""

_PLACES = {
    "pack": """
pack: the name of the pack | version: as text | owners: who answers for it
guardrails: limits over everything a run or a day may do | reads: content, or metadata alone
""",
    "guardrails": "per_run: limits of one run | per_day: limits of all runs of one day",
    "cap": "accounts: so many accounts | share: such a share of the active accounts, 0 to 1",
    "terms": "terms: the document's name | title: as counsel calls it | versions: each as in force",
    "addendum": """
addendum: its name | title: as counsel calls it | amends: the name of the terms it changes
organisations: whom it binds | until: its last day; default: none | versions: each as in force
""",
    "version": """
version: as counsel calls it | effective: the day it takes effect | clauses: what it says
waives: ids of clauses that do not hold
""",
    "clause": """
id: what policies cite | section: where it stands | summary: what it says, in short
url: where to read it
""",
    "policy": """
policy: its name, by which others refer to it | title: one line for a reviewer
version: a whole number; raise it with every change of meaning
status: draft, then shadow, review, enforce; retired is kept for replay
owner: who answers for it | behaviour: the kind of prohibited conduct
axis: the kind of evidence, content, rhythm, coordination or access; no single kind acts
severity: how bad a finding is, from info to critical
clauses: what is broken: `<terms>/<clause id>` | references: catalogues, such as atlas:AML.T0024
subject: what is judged: account, organisation or campaign
reads: metadata promises to look at no text
select: named selections of exchanges | signals: what is measured, each under a name
when: what must hold | unless: what clears the subject, each by itself
explain: a sentence for the reviewer with `{signal}` and `{signal:percent}`
promotion: what must be seen before the next status | tests: activity, and what must come of it
""",
    "promotion": "shadow: before it leaves shadow | review: before it leaves review",
    "criteria": """
for: how long it must have been in the status | hits: how many findings there must be
reviewed: how many of them a person must have decided | confidence: of the bound on wrong hits
wrong_at_most: the upper bound on the share of wrong hits
""",
    "test": """
name: what it shows | as_of: the moment judged from | accounts: groups of accounts alike
exchanges: series that every account sends | models: when models were released
links: all: one campaign of all accounts; groups: one of each group; rules: the pack's own links
expect: finding, no finding or indeterminate; or what is expected of each group, by its name
values: what signals come to, of every subject that comes out as expected
actions: what the pack does about it, or none; log is only looked for where it is written
strikes: what was done before | twin: true for the benign look-alike
""",
    "expectation": """
verdict: finding, no finding or indeterminate
values: what signals come to | actions: what the pack does about it, or none
campaign: the groups whose accounts, and nobody else, are one campaign; none: they are in none
""",
    "strike": "at: when | action: what was done | accounts: the group it was done to; default: all",
    "group-of-accounts": "count: how many | name: for whatever refers to the group",
    "exchanges": """
per_account: how many each account sends | every: one so often | start: the first one
at: the moments of an account's exchanges, instead of so many so often
burst: so many exchanges at each moment instead of one
duplicates: how many times more each exchange is recorded, with the same id
accounts: the group that sends them; default: all
""",
    "burst": """
count: how many | within: in this time up to the moment; with `start` or `at` from it on
""",
    "model": "model: its name | released_at: when",
    "response": """
response: its name | title: one line | subject: what it answers for
when: findings and numbers that must hold | ladder: steps; the last that fits is taken
cap: over it every action is held, never the first few
exculpate: members that do not take part, to be decided about apart
""",
    "step": """
do: one action or several | if: when the step is taken; default: always
approval: how many people must approve: none, one, two
""",
    "links": """
links: its name | connect: what two accounts may share | weight: rare things say more
strength: what a pair needs to be linked | members: how large a campaign may be
bridge: pools that only so many accounts hold together are campaigns of their own; 0: one campaign
slices: parts of a mixed campaign, such as a reseller's, that are judged apart; default: none
""",
    "connector": """
shared: the field whose value is shared | min_accounts: fewer link nobody
max_accounts: more link nobody: a campus is no conspiracy
min_events: an account carries a value from so many exchanges on
at_most: what all values of this kind together may add | times: how much more one says
""",
    "synchronous-connector": """
synchronous: the field of which accounts have the same value at the same times, again and again
bucket: how long a time is: 10m | jaccard: the part that must be in common of all that either has
min_buckets: so many values and times in common | min_days: on so many different days
max_accounts: a value and time of more accounts, such as a launch, is nothing in common
adds: what it adds to the strength of two accounts
""",
    "sign-up-connector": """
signed_up_within: opened so close together; says nothing of accounts that share nothing else
adds: what it adds to the strength of two accounts
""",
    "slices": """
by: what is alike in one customer's work: a template, an instruction, a set of tools
min_events: exchanges with one value | min_accounts: members that have it
per_account: each so often; who has it less often is not in it
""",
    "list": """
list: its name, used as `list:<name>` | owner: who answers for it | source: where it comes from
reviewed: the day of the last review | values: each once
""",
    "exemption": """
exemption: its name | reason: why | owner: who answers for it | approved_by: who allowed it
until: its last day | accounts: whom it is for | organisations: whom it is for
approvals: for accounts that hold one of these | policies: only findings of these; default: all
behaviours: only findings of these; default: all
""",
    "source": """
source: its name, for `--source` | title: one line | kind: what a record is
fields: a JMESPath expression for each field, with a converter after `~`
where: only records for which this is true | zone: of times without one
""",
    "condition": """
all: every part holds | any: at least one part holds | not: the part does not hold
finding: another policy has a finding for the subject | findings: a finding that fits
strikes: past actions on the subject's accounts | approval: every account holds it
""",
    "findings": "behaviour: of one of these | axis: of one of these | severity: at least so bad",
    "strikes": "within: in the time before | actions: only these; default: all above log",
    "selection": """
all: every part holds | any: one part holds | not: the part does not hold
condition: names joined by and, or, not; `1 of x_*`
keywords: one of these occurs in a text of the exchange | keywords|all: all of them occur
declared: a field that the pack declares
""",
    "fields": """
fields: the name of the document | of: what has the fields: exchanges
declare: names with their types
""",
    "declaration": "type: the field's type | absent: what an empty value means: none, or unknown",
    "anchored-window": """
after: what the exchanges come soon after | for: how soon | of: whose it is
last: only exchanges of this long up to the moment judged from
""",
    "action": _ACTION,
    "guardrail": _ACTION,
    "measure": _MEASURE,
}


def _read(text: str) -> dict[str, str]:
    entries = (part.strip().partition(": ") for part in text.replace("\n", " | ").split(" | "))
    return {key: meaning for key, _, meaning in entries if key}


KEYS = {place: _read(text) for place, text in _PLACES.items()}
"""The descriptions by kind of mapping and key; fields and comparisons are the same everywhere."""

_EVERYWHERE = _read(_FIELDS) | _read(_OPERATORS)
_ARTICLES = ("a ", "an ", "the ")


def place(what: str) -> str:
    """Return the short name of a kind of mapping: `a group of accounts`, `group-of-accounts`."""
    bare = what.strip("`")
    article = next((one for one in _ARTICLES if bare.startswith(one)), "")
    return bare.removeprefix(article).replace(" ", "-")


def of(where: str, key: str) -> str:
    """Return what a key is for in a kind of mapping; empty for one that nobody described."""
    own = KEYS.get(where.partition(" ")[0], {})
    return own[key] if key in own else _EVERYWHERE.get(key.removeprefix("account."), "")
