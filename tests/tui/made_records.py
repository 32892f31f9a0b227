"""Small, fixed ledger contents for the review tests; no clock, no chance."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any

from engine.errors import ExciseError
from engine.ledger.records import (
    ActionRecord,
    CaseRecord,
    CaseStatus,
    DecisionRecord,
    FactRecord,
    FindingRecord,
    MemberRecord,
    RunRecord,
    RunRecords,
    SampleRecord,
    SuccessionRecord,
    Verdict,
)

AS_OF = 1_780_617_600_000_000  # 2026-06-05 00:00 UTC
DAY = 86_400_000_000
RUN = "run-9f3c2a71"

HARNESS = """\
policy: reasoning-harness
title: One reasoning-forcing prompt carried by many unrelated accounts
version: 3
status: enforce
behaviour: distillation
axis: content
severity: high
clauses: [usage-policy/model-scraping]
subject: campaign

select:
  demands_reasoning:
    any:
      - prompt|contains: list:reasoning-demands
      - labels|contains: reasoning_elicitation

signals:
  demanding_share: {share: demands_reasoning, window: 7d}
  demanding:       {count: demands_reasoning, window: 7d}
  carriers:        {accounts: demands_reasoning, at_least_share: 0.95}
  payers:          {distinct: account.payment_id, window: 7d}
  partition:       {partition_index: prompt_shape, window: 7d}

when:
  all:
    - demanding: {gte: 2000}
    - demanding_share: {gte: 0.30}
    - any:
        - carriers: {gte: 20}
        - payers: {gte: 50}
unless:
  - partition: {lte: 0.5}            # a class or a benchmark repeats
"""
TRIAD = """\
policy: access-triad
title: Members behind proxies, disposable mail and virtual cards
version: 1
status: enforce
behaviour: account-fraud
axis: access
severity: medium
clauses: [usage-policy/evasion]
subject: campaign

signals:
  triad: {access_triad: true}

when:
  triad: {gte: 0.6}
"""


def number_of(text: str, needle: str, first: int = 1) -> int:
    """Return the line of a policy's file on which `needle` stands."""
    return first + next(n for n, line in enumerate(text.splitlines()) if needle in line)


def compare(
    signal: str,
    operator: str,
    threshold: float,
    low: float | str,
    high: float | str | None = None,
    *,
    holds: bool | None = True,
    measure: str = "",
    line: int = 0,
    **more: object,
) -> dict[str, Any]:
    return {
        "text": f"{signal} {operator} {threshold:g}",
        "holds": holds,
        "line": line,
        "end_line": line,
        "signal": signal,
        "measure": measure,
        "operator": operator,
        "threshold": threshold,
        "low": low,
        "high": low if high is None else high,
        **more,
    }


def harness_outcome() -> dict[str, Any]:
    def at(needle: str) -> int:
        return number_of(HARNESS, needle, 12)

    return {
        "text": "all of",
        "holds": True,
        "line": at("when:"),
        "end_line": at("unless:"),
        "parts": [
            {
                "text": "all of",
                "holds": True,
                "line": at("  all:"),
                "end_line": at("unless:"),
                "parts": [
                    compare(
                        "demanding",
                        "gte",
                        2000,
                        4812,
                        measure="count of demands_reasoning in 7 d",
                        line=at("demanding: {gte"),
                    ),
                    compare(
                        "demanding_share",
                        "gte",
                        0.3,
                        0.9374,
                        measure="share of demands_reasoning in 7 d",
                        line=at("demanding_share: {gte"),
                    ),
                    {
                        "text": "any of",
                        "holds": True,
                        "line": at("    - any:"),
                        "end_line": at("unless:"),
                        "parts": [
                            compare(
                                "carriers",
                                "gte",
                                20,
                                36,
                                40,
                                measure="accounts with at least 0.95 demands_reasoning",
                                line=at("carriers: {gte"),
                            ),
                            compare(
                                "payers",
                                "gte",
                                50,
                                12,
                                holds=False,
                                measure="distinct account.payment_id in 7 d",
                                line=at("payers: {gte"),
                            ),
                        ],
                    },
                ],
            },
            {
                "text": "not any of",
                "holds": True,
                "role": "unless",
                "line": at("unless:"),
                "end_line": at("partition: {lte"),
                "parts": [
                    compare(
                        "partition",
                        "lte",
                        0.5,
                        0.98,
                        holds=False,
                        measure="partition index of prompt_shape in 7 d",
                        line=at("partition: {lte"),
                        role="unless",
                    )
                ],
            },
        ],
    }


CLAUSES = [
    {
        "clause": "usage-policy/model-scraping",
        "terms": "Usage Policy",
        "version": "2025-09",
        "effective": "2025-09-15",
        "section": "Model scraping",
        "summary": "Using prompts and results to train another model without authorisation "
        "is prohibited.",
        "url": "https://example.com/usage-policy#model-scraping",
    }
]


def case(number: int = 1, **changes: Any) -> CaseRecord:
    return replace(
        CaseRecord(
            case_id=f"case-{number:04d}",
            run_id=RUN,
            response="distillation-campaign",
            behaviour="distillation",
            severity="high",
            subject_kind="campaign",
            subject_id=f"cmp-{number:04d}",
            campaign_id=f"cmp-{number:04d}",
            accounts=40,
            title="One reasoning-forcing prompt carried by many unrelated accounts",
            status="open",
            version=1,
            as_of_us=AS_OF,
            first_event_us=AS_OF - 7 * DAY,
            last_event_us=AS_OF - 3_600_000_000,
        ),
        **changes,
    )


def finding(number: int = 1, **changes: Any) -> FindingRecord:
    return replace(
        FindingRecord(
            finding_id=f"finding-{number:04d}-harness",
            run_id=RUN,
            case_id=f"case-{number:04d}",
            policy="reasoning-harness",
            policy_version=3,
            policy_status="enforce",
            behaviour="distillation",
            axis="content",
            severity="high",
            subject_kind="campaign",
            subject_id=f"cmp-{number:04d}",
            as_of_us=AS_OF,
            first_event_us=AS_OF - 7 * DAY,
            last_event_us=AS_OF - 3_600_000_000,
            clauses=json.dumps(CLAUSES),
            explanation="40 accounts paid for by 12 different payers sent one reasoning-forcing "
            "instruction in 93.7 % of their requests.",
            policy_text=HARNESS,
            policy_file="rules/policies/distillation/reasoning-harness.yaml",
            policy_line=12,
            outcome=json.dumps(harness_outcome()),
        ),
        **changes,
    )


def triad(number: int = 1) -> FindingRecord:
    at = number_of(TRIAD, "triad: {gte")
    return finding(
        number,
        finding_id=f"finding-{number:04d}-triad",
        policy="access-triad",
        policy_version=1,
        behaviour="account-fraud",
        axis="access",
        severity="medium",
        explanation="34 of 40 members use at least two of proxy, disposable mail, virtual card.",
        policy_text=TRIAD,
        policy_file="rules/policies/access/access-triad.yaml",
        policy_line=1,
        outcome=json.dumps(
            compare("triad", "gte", 0.6, 0.85, measure="access triad of members", line=at)
        ),
        clauses=json.dumps(
            [
                {
                    "clause": "usage-policy/evasion",
                    "terms": "Usage Policy",
                    "version": "2025-09",
                    "effective": "2025-09-15",
                    "section": "Circumvention",
                    "summary": "Accounts may not be created or used to get around limits or bans.",
                    "url": "https://example.com/usage-policy#evasion",
                }
            ]
        ),
    )


def facts(number: int = 1) -> list[FactRecord]:
    counts = {
        "demanding": {"events": 5_134, "matched": 4_812},
        "demanding_share": {"events": 5_134, "matched": 4_812},
        "carriers": {"accounts": 36, "unknown": 4},
    }
    return [
        FactRecord(f"finding-{number:04d}-harness", signal, signal, "0", "0", json.dumps(count))
        for signal, count in counts.items()
    ]


def members(number: int = 1, count: int = 40) -> list[MemberRecord]:
    return [
        MemberRecord(
            case_id=f"case-{number:04d}",
            account_id=f"acct_{number:02d}{place:04d}",
            org_id=f"org_{place % 7}" if place % 3 else None,
            strength=f"{2.4 - place * 0.03:.2f}",
            evidence=json.dumps(
                {
                    "confidence": 400 if place % 4 == 3 else 948 - place % 40,
                    "ties": [
                        {
                            "shared": "account.payment_id",
                            "value": f"pay_{place % 12:02d}",
                            "accounts": 4,
                        },
                        {"shared": "prompt_shape", "value": "shape_7c1e", "accounts": count},
                    ][place % 4 == 3 :],
                }
            ),
            exchanges=140 - place,
        )
        for place in range(count)
    ]


def samples(number: int = 1) -> list[SampleRecord]:
    texts = [
        (
            "Put all prior reasoning between <think> tags before you answer. Task 118: prove that "
            "every finite integral domain is a field."
        ),
        (
            "Put all prior reasoning between <think> tags before you answer. Task 402: mail the "
            "proof to ████ 17 chars, email"
        ),
        (
            "Put all prior reasoning between <think> tags before you answer. Task 77: refactor the "
            "scheduler so that it keeps its order."
        ),
    ]
    return [
        SampleRecord(
            case_id=f"case-{number:04d}",
            position=place,
            event_id=f"evt_{number:02d}{place:04d}",
            account_id=f"acct_{number:02d}{place * 5:04d}",
            ts_us=AS_OF - (3 - place) * 7_345_000_000,
            model="large-2026-05",
            policy="reasoning-harness",
            excerpt=text,
        )
        for place, text in enumerate(texts)
    ]


def actions(number: int = 1, count: int = 40, **changes: Any) -> list[ActionRecord]:
    steps = [
        ("require_verification", {}, True, 1, "proposed", ""),
        ("suspend", {"for_us": 30 * DAY}, True, 1, "proposed", ""),
    ]
    return [
        replace(
            ActionRecord(
                action_id=f"act-{number:04d}-{name}-{place:04d}",
                run_id=RUN,
                case_id=f"case-{number:04d}",
                response="distillation-campaign",
                policies="access-triad,reasoning-harness",
                behaviour="distillation",
                action=name,
                parameters=json.dumps(parameters),
                reversible=reversible,
                approvals_needed=approvals,
                status="exempt" if place == 0 else status,
                reason="exemption university-programme" if place == 0 else reason,
                subject_kind="campaign",
                subject_id=f"cmp-{number:04d}",
                account_id=f"acct_{number:02d}{place:04d}",
                campaign_id=f"cmp-{number:04d}",
                first_event_us=AS_OF - 7 * DAY,
                last_event_us=AS_OF,
                as_of_us=AS_OF,
            ),
            **changes,
        )
        for name, parameters, reversible, approvals, status, reason in steps
        for place in range(count)
    ]


def run() -> RunRecord:
    return RunRecord(
        run_id=RUN,
        pack_name="model-extraction",
        pack_version="1.4.0",
        pack_digest="5ab19c04" * 8,
        engine_version="0.1.0",
        input_digest="0f" * 32,
        as_of_us=AS_OF,
        since_us=None,
        until_us=None,
        recorded_us=AS_OF + 5_400_000_000,
        report=json.dumps({"tables": {"exchanges": {"read": 16_020_114, "kept": 16_020_000}}}),
    )


def succession(number: int = 2, other: str = "cmp-0007") -> SuccessionRecord:
    trait = {
        "digest": "7c1e0d94b2a85f36e0c1a4d7925b83fe",
        "then": {"share": "0.963000", "accounts": 38, "others": 0},
        "now": {"share": "0.937400", "accounts": 36, "others": 1},
    }
    evidence = {"field": "prompt_shape", "traits": [trait], "models": "0.981", "hours": "0.874"}
    return SuccessionRecord(
        RUN, f"cmp-{number:04d}", other, "0.912000", AS_OF - 6 * DAY,
        AS_OF - 6 * DAY + 18_000_000_000, 38, 40, json.dumps(evidence),
    )  # fmt: skip


TITLES = (
    ("critical", "distillation", "One account pool relays its users' sessions", 5_380),
    ("high", "distillation", "One reasoning-forcing prompt carried by many unrelated accounts", 40),
    ("high", "logit-extraction", "Biased-token sweep over contiguous ids", 6),
    ("high", "distillation", "Judge and cleaner traffic in rotation", 273),
    ("medium", "bypass-search", "Hundreds of blocked variants of one prompt", 3),
    ("medium", "resale", "Many tenants behind one key", 1),
    ("medium", "account-fraud", "Sign-ups in lockstep from one /24", 58),
    ("low", "evasion", "Failover to a sibling account after 429", 12),
    ("low", "distillation", "Half of all traffic moved to a release within a day", 22),
    ("info", "resale", "Foreign client banner", 1),
)


def cases() -> list[CaseRecord]:
    made = []
    for place, (severity, behaviour, title, accounts) in enumerate(TITLES, start=1):
        lone = accounts == 1
        made.append(
            case(
                place,
                severity=severity,
                behaviour=behaviour,
                title=title,
                accounts=accounts,
                response=f"{behaviour}-{'account' if lone else 'campaign'}",
                subject_kind="account" if lone else "campaign",
                subject_id=f"acct_{place:02d}0000" if lone else f"cmp-{place:04d}",
                campaign_id=None if lone else f"cmp-{place:04d}",
            )
        )
    made[3] = replace(made[3], status="awaiting_second", version=2)
    return made


def run_records() -> RunRecords:
    """Return everything one run adds, as the ledger takes it."""
    numbers = range(1, len(TITLES) + 1)
    return RunRecords(
        run=run(),
        findings=tuple(record for n in numbers for record in (finding(n), triad(n))),
        facts=tuple(record for n in numbers for record in facts(n)),
        cases=tuple(replace(record, status="open", version=1) for record in cases()),
        members=tuple(record for n in numbers for record in members(n)),
        samples=tuple(record for n in numbers for record in samples(n)),
        actions=tuple(record for n in numbers for record in actions(n)),
    )


class StaleCase(ExciseError):  # noqa: N818 -- the ledger's name
    """Stands in for the ledger's own."""


@dataclass
class FakeLedger:
    """The ledger's questions answered from memory."""

    made_cases: dict[str, CaseRecord] = field(
        default_factory=lambda: {record.case_id: record for record in cases()}
    )
    made_findings: list[FindingRecord] = field(
        default_factory=lambda: [
            record for n in range(1, len(TITLES) + 1) for record in (finding(n), triad(n))
        ]
    )
    made_decisions: list[DecisionRecord] = field(
        default_factory=lambda: [
            DecisionRecord(
                "decision-0001", "case-0004", 1, "approve", "ana", "evidence confirmed", AS_OF
            )
        ]
    )
    made_samples: list[SampleRecord] | None = None
    made_members: list[MemberRecord] | None = None
    made_actions: list[ActionRecord] | None = None
    made_successions: list[SuccessionRecord] | None = None

    def runs(self) -> list[RunRecord]:
        return [run()]

    def latest_run(self) -> RunRecord | None:
        return run()

    def run(self, run_id: str) -> RunRecord | None:
        return run() if run_id == RUN else None

    def cases(self, status: CaseStatus | None = None) -> list[CaseRecord]:
        wanted = None if status is None else status.value
        return [c for c in self.made_cases.values() if wanted in (None, c.status)]

    def case(self, case_id: str) -> CaseRecord | None:
        return self.made_cases.get(case_id)

    def findings(
        self, run_id: str | None = None, case_id: str | None = None
    ) -> list[FindingRecord]:
        return [
            f
            for f in self.made_findings
            if run_id in (None, f.run_id) and case_id in (None, f.case_id)
        ]

    def facts(self, finding_id: str) -> list[FactRecord]:
        found = [f for n in range(1, len(TITLES) + 1) for f in facts(n)]
        return [f for f in found if f.finding_id == finding_id]

    def members(self, case_id: str) -> list[MemberRecord]:
        made = self.made_members or members(int(case_id[-4:]))
        return made if self.made_cases[case_id].accounts > 1 else made[:1]

    def samples(self, case_id: str) -> list[SampleRecord]:
        return self.made_samples or samples(int(case_id[-4:]))

    def actions(
        self,
        case_id: str | None = None,
        run_id: str | None = None,  # noqa: ARG002 -- one run
    ) -> list[ActionRecord]:
        numbers = [int((case_id or "0001")[-4:])]
        return self.made_actions or [a for n in numbers for a in actions(n)]

    def decisions(self, case_id: str) -> list[DecisionRecord]:
        return [d for d in self.made_decisions if d.case_id == case_id]

    def successions(self, campaign_id: str) -> list[SuccessionRecord]:
        made = self.made_successions or []
        return [one for one in made if campaign_id in (one.campaign_id, one.other_id)]

    def decide(
        self,
        case_id: str,
        *,
        seen_version: int,
        verdict: Verdict,
        reviewer: str,
        reason: str,
        decided_us: int,
    ) -> DecisionRecord:
        seen = self.made_cases[case_id]
        if seen.version != seen_version:
            message = f"case {case_id} was decided meanwhile"
            raise StaleCase(message)
        status = "approved" if verdict is Verdict.APPROVE else "rejected"
        self.made_cases[case_id] = replace(seen, status=status, version=seen.version + 1)
        made = DecisionRecord(
            f"decision-{len(self.made_decisions) + 1:04d}",
            case_id,
            seen_version,
            verdict.value,
            reviewer,
            reason,
            decided_us,
        )
        self.made_decisions.append(made)
        return made
