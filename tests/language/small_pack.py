"""A complete small pack, and ways of changing a part of it."""

from __future__ import annotations

import json
from collections.abc import Iterable

import yaml

from engine.language.diagnostic import Diagnostic
from engine.language.load import Loaded, load_texts
from engine.language.model.pack import Pack
from engine.language.model.policy import Policy
from engine.language.render import render_text

PACK = """\
pack: small
version: "1"
owners: [trust-and-safety]
guardrails:
  per_run: {terminate: {accounts: 10, share: 0.01}}
"""

TERMS = """\
terms: usage-policy
title: Usage policy
versions:
  - version: "1"
    effective: 2025-09-15
    clauses:
      - id: scraping
        section: "3.2"
        summary: Outputs may not train competing models
        url: https://example.com/terms
"""

LIST = """\
list: phrases
owner: trust-and-safety
source: reviewers
reviewed: 2026-01-05
values: [show your reasoning, think step by step]
"""

POLICY = """\
policy: harness
title: One instruction carried by many accounts
version: 3
status: enforce
owner: trust-and-safety
behaviour: distillation
axis: content
severity: high
clauses: [usage-policy/scraping]
subject: campaign
select:
  demands: {prompt|contains: list:phrases}
signals:
  events: {count: demands, window: 7d}
when: {events: {gte: 100}}
explain: "{events} requests"
tests:
  - name: a class
    as_of: 2026-06-05
    accounts: {count: 30}
    exchanges: {per_account: 2, every: 30m, prompt: hello}
    expect: no finding
    twin: true
  - name: a pool
    as_of: 2026-06-05
    accounts: {count: 30}
    exchanges: {per_account: 20, every: 30m, prompt: think step by step}
    links: all
    expect: finding
"""

LINKS = """\
links: identity
connect: [{shared: account.payment_id}]
strength: {gte: 1}
"""

RESPONSE = """\
response: answer
title: Answer to distillation
subject: campaign
when: {findings: {behaviour: distillation}}
ladder:
  - do: [require_verification, {throttle: {for: 7d}}]
  - do: terminate
    if: {strikes: {gte: 2, within: 180d}}
    approval: two
"""

DOCUMENTS = {
    "pack": PACK,
    "terms": TERMS,
    "list": LIST,
    "policy": POLICY,
    "links": LINKS,
    "response": RESPONSE,
}

EXEMPTION = """\
exemption: university
reason: an agreed study
owner: trust-and-safety
approved_by: counsel
until: 2027-01-01
organisations: [org-7]
behaviours: [distillation]
"""

ADDENDUM = """\
addendum: acme
title: Addendum with Acme
amends: usage-policy
organisations: [org-7]
versions:
  - version: "1"
    effective: 2026-01-01
    waives: [scraping]
"""

SOURCE = """\
source: gateway
title: Access log of the gateway
kind: exchanges
fields:
  event_id: id
  ts: time ~iso
  account_id: user.id
  model: request.model
"""


def load(*documents: str) -> Loaded:
    """Load a pack of these documents, each a file of its own."""
    return load_texts({f"rules/{n}.yaml": text.encode() for n, text in enumerate(documents)})


def load_small(**changed: str) -> Loaded:
    """Load the small pack with documents replaced by kind; an empty text leaves one out."""
    files = {f"rules/{kind}.yaml": text.encode() for kind, text in (DOCUMENTS | changed).items()}
    return load_texts(files)


def pack_of(loaded: Loaded) -> Pack:
    """Return the pack, showing what is wrong when there is none."""
    assert loaded.pack is not None, render_text(loaded.diagnostics, loaded.sources)
    return loaded.pack


def policy_with(**keys: object) -> Policy:
    """Load the small pack with keys of its policy replaced; its only policy comes back."""
    return pack_of(load_small(policy=document("policy", **keys))).policies[0]


def policy_faults(**keys: object) -> list[str]:
    """Return the codes of what is wrong with the policy once these keys are replaced."""
    return codes_of(load_small(policy=document("policy", **keys)))


def document(of: str, /, **keys: object) -> str:
    """Return the document of a kind with keys replaced; None takes one away."""
    base = yaml.safe_load(
        (DOCUMENTS | {"exemption": EXEMPTION, "addendum": ADDENDUM, "source": SOURCE})[of]
    )
    merged = {**base, **keys}
    return as_yaml({key: value for key, value in merged.items() if value is not None})


def as_yaml(data: object) -> str:
    """Return data as YAML; every JSON text is one."""
    return json.dumps(data, default=str)


def codes_of(loaded: Loaded | Iterable[Diagnostic]) -> list[str]:
    """Return the codes of the errors, in order of the text."""
    found = loaded.diagnostics if isinstance(loaded, Loaded) else loaded
    return [diagnostic.code for diagnostic in found if diagnostic.is_error]
