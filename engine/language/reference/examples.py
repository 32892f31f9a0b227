"""One example of everything the reference describes; together the documents are a pack."""

from __future__ import annotations

DOCUMENTS = {
    "pack": """\
pack: example
version: "1"
owners: [trust-and-safety]
guardrails:
  per_run: {suspend: {accounts: 100, share: 0.01}}
  per_day: {terminate: {accounts: 10}}
""",
    "terms": """\
terms: usage-policy
title: Usage policy
versions:
  - version: "1"
    effective: 2025-09-15
    clauses:
      - id: model-scraping
        section: "3.2"
        summary: Outputs may not train competing models
        url: https://example.com/terms
""",
    "addendum": """\
addendum: acme
title: Addendum with Acme
amends: usage-policy
organisations: [org-7]
until: 2027-06-30
versions:
  - version: "1"
    effective: 2026-01-01
    waives: [model-scraping]
""",
    "policy": """\
policy: harness
title: One instruction carried by many accounts
version: 3
status: enforce
owner: trust-and-safety
behaviour: distillation
axis: content
severity: high
clauses: [usage-policy/model-scraping]
subject: campaign
select:
  demands: {prompt|contains: list:phrases}
signals:
  events: {count: demands, window: 7d}
when: {events: {gte: 100}}
explain: "{events} requests carried the instruction."
promotion:
  shadow: {for: 14d, hits: 20}
  review: {for: 14d, reviewed: 60, wrong_at_most: 0.05}
tests:
  - name: a class on one task
    as_of: 2026-06-05
    accounts: {count: 30}
    exchanges: {per_account: 2, every: 30m, prompt: "hello, task {n}"}
    links: all
    expect: no finding
    twin: true
  - name: a pool
    as_of: 2026-06-05
    accounts: {count: 30}
    exchanges: {per_account: 20, every: 30m, prompt: think step by step}
    links: all
    expect: finding
""",
    "response": """\
response: answer
title: Answer to distillation
subject: campaign
when: {findings: {behaviour: distillation}}
ladder:
  - do: [require_verification, {throttle: {for: 7d}}]
  - do: terminate
    if: {strikes: {gte: 2, within: 180d}}
    approval: two
""",
    "links": """\
links: identity
connect:
  - {shared: account.payment_id, max_accounts: 500}
  - {signed_up_within: 1h}
strength: {gte: 1}
members: {gte: 5, lte: 50000}
""",
    "list": """\
list: phrases
owner: trust-and-safety
source: reviewers
reviewed: 2026-01-05
values: [show your reasoning, think step by step]
""",
    "exemption": """\
exemption: university
reason: an agreed study
owner: trust-and-safety
approved_by: counsel
until: 2027-01-01
organisations: [org-7]
behaviours: [distillation]
""",
    "source": """\
source: gateway
title: Access log of the gateway
kind: exchanges
fields:
  event_id: id
  ts: time ~iso
  account_id: user.id
  model: request.model
""",
    "fields": """\
fields: gateway
of: exchanges
declare: {tool.name: text, score: {type: integer, absent: unknown}}
""",
}
"""Documents by their kind."""

MEASURES = {
    "count": "{count: demands, window: 7d}",
    "share": "{share: demands, of: {turn: 1}, min_of: 100, window: 7d}",
    "sum": "{sum: output_tokens, where: demands, window: 7d}",
    "mean": "{mean: latency_ms, window: 7d}",
    "min": "{min: temperature, window: 7d}",
    "max": "{max: tool_count, window: 7d}",
    "quantile": "{quantile: latency_ms, q: 0.95, min_of: 50, window: 7d}",
    "distinct": "{distinct: account.payment_id, window: 7d}",
    "top_share": "{top_share: user_agent, min_of: 100, window: 7d}",
    "entropy": "{entropy: country, min_of: 100, window: 7d}",
    "same_shape": "{same_shape: prompt, min_of: 100, window: 7d}",
    "id_coverage": "{id_coverage: logit_bias_ids, as: longest_run, window: 1d}",
    "busiest": "{busiest: demands, span: 1h, window: 7d}",
    "gap_cv": "{gap_cv: demands, min_events: 200, window: 7d}",
    "windows": "{windows: {count: demands}, span: 10m, with: {gte: 300}, window: 7d}",
    "together": "{together: [demands, {status: 403}], within: 1h, window: 7d}",
    "sequence": "{sequence: [{status: 403}, demands], within: 1h, window: 7d}",
    "active_hours": "{active_hours: all, window: 7d}",
    "hour_flatness": "{hour_flatness: all, window: 7d}",
    "novel": "{novel: ip, window: 1d, history: 30d}",
    "spike": "{spike: demands, window: 1d, baseline: 28d}",
    "release_shift": "{release_shift: model, min_of: 50, window: 30d}",
    "members": "members",
    "payers": "payers",
    "organisations": "organisations",
    "portion": "portion",
    "accounts": "{accounts: demands, at_least_share: 0.95, window: 7d}",
    "partition_index": "{partition_index: prompt_shape, window: 7d}",
    "shared": "{shared: account.device_id}",
    "tenants": "{tenants: user_agent, at_least: 8, window: 7d}",
    "approval": "{approval: red_team}",
    "cohort": "{cohort: events, by: plan, min_peers: 100}",
}
"""Measures by their word; the policy has the selection `demands` and the signal `events`."""

SELECTION = """\
select:
  demands:
    any:
      - prompt|contains: list:phrases
      - labels|contains: reasoning_elicitation
  refused: {status: [403, 429]}
  both: {condition: demands and not refused}
"""

CONDITION = """\
when:
  all:
    - events: {gte: 100}
    - any:
        - finding: another-policy
        - strikes: {gte: 1, within: 90d}
unless:
  - approval: red_team
"""
