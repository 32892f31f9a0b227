"""A new policy with its tests, for an author to fill in."""

from __future__ import annotations

from engine.authoring.sigma.writing import scalar
from engine.language.words import Axis, Behaviour, SubjectKind

_TEMPLATE = """\
{modeline}policy: {name}
title: {title}
version: 1
status: draft             # draft → shadow → review → enforce → retired; only a draft is never run
owner: {owner}
behaviour: {behaviour}
axis: {axis}
severity: medium          # info | low | medium | high | critical
clauses: [{clause}]
subject: {subject}

select:                   # which exchanges count
  suspicious: {{prompt|contains: replace this phrase}}

signals:                  # what is measured over the subject's exchanges
  suspicious: {{count: suspicious, window: 7d}}
  suspicious_share: {{share: suspicious, window: 7d, min_of: 100}}

when:                     # what must hold
  all:
    - suspicious: {{gte: 100}}
    - suspicious_share: {{gte: 0.5}}

explain: >
  {{suspicious}} requests, {{suspicious_share:percent}} of all, held the phrase.

tests:                    # activity as a timeline, and what must come of it
  - name: exactly at both thresholds
    as_of: 2026-06-05T00:00Z
    accounts: {{count: {accounts}}}
    exchanges:
      - {{per_account: {at}, every: 1h, prompt: "Please replace this phrase, task {{n}}"}}
      - {{per_account: {at}, every: 1h, prompt: "What is the weather in town {{n}}"}}
    links: all
    expect: finding
  - name: just below the number
    as_of: 2026-06-05T00:00Z
    accounts: {{count: {accounts}}}
    exchanges: {{per_account: {below}, every: 1h, prompt: "Please replace this phrase, task {{n}}"}}
    links: all
    expect: no finding
  - name: benign twin, describe the look-alike here
    twin: true
    as_of: 2026-06-05T00:00Z
    accounts: {{count: {accounts}}}
    exchanges: {{per_account: 100, every: 1h, prompt: "What is the weather in town {{n}}"}}
    links: all
    expect: no finding
  - name: neither text nor labels are kept
    as_of: 2026-06-05T00:00Z
    accounts: {{count: {accounts}}}
    exchanges: {{per_account: 100, every: 1h}}
    links: all
    expect: indeterminate
"""
_POOL, _EACH = 10, 10


def new_policy(
    name: str,
    *,
    behaviour: Behaviour,
    axis: Axis,
    subject: SubjectKind,
    clause: str,
    owner: str,
    schema: str | None = None,
) -> str:
    """Return the text of a draft that passes `check` and whose tests pass, to be changed.

    `clause` is `<terms>/<clause id>`; `schema` the way from the file to the JSON Schema of the
    language, for editors.
    """
    pool = subject is SubjectKind.CAMPAIGN
    accounts, at = (_POOL, _EACH) if pool else (1, _POOL * _EACH)
    return _TEMPLATE.format(
        modeline="" if schema is None else f"# yaml-language-server: $schema={schema}\n",
        name=scalar(name),
        title=scalar(name.replace("-", " ").replace("_", " ").capitalize()),
        owner=scalar(owner),
        behaviour=behaviour.value,
        axis=axis.value,
        subject=subject.value,
        clause=clause,
        accounts=f"{accounts}, org_id: common" if subject is SubjectKind.ORGANISATION else accounts,
        at=at,
        below=at - 1,
    )
