"""A small pack, and activity over which its thresholds make a difference."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from small_pack import LIST, PACK, TERMS

from engine.language.load import load_texts
from engine.language.model.pack import Pack
from engine.language.moments import format_instant, parse_instant
from engine.language.render import render_text

LINKS = """\
links: identity
connect: [{shared: account.payment_id}]
strength: {gte: 0.3}
members: {gte: 2}
"""
AS_OF_US = parse_instant("2026-06-05")
GROUPS, EACH = 6, 5
HOUR_US = 3_600_000_000


def policy(name: str, **keys: Any) -> dict[str, Any]:
    """Return a policy that finds accounts by how often they ask for reasoning."""
    return {
        "policy": name,
        "title": f"Policy {name}",
        "version": 1,
        "status": "review",
        "owner": "trust-and-safety",
        "behaviour": "distillation",
        "axis": "content",
        "severity": "high",
        "clauses": ["usage-policy/scraping"],
        "subject": "account",
        "select": {"demands": {"prompt|contains": "list:phrases"}},
        "signals": {
            "events": {"count": "demands"},
            "part": {"share": "demands", "min_of": 5},
        },
        "when": {"all": [{"events": {"gte": 40}}, {"part": {"gte": 0.2}}]},
        "explain": "{events}",
    } | keys


CROWD: Mapping[str, Any] = {
    "subject": "campaign",
    "signals": {"events": {"count": "demands"}, "size": "members"},
    "when": {"all": [{"events": {"gte": 200}}, {"size": {"gte": 4}}]},
}
COMPANY: Mapping[str, Any] = {
    "subject": "campaign",
    "axis": "coordination",
    "select": None,
    "signals": {"size": "members"},
    "when": {"size": {"gte": 4}},
    "explain": "{size}",
}
ANSWER: Mapping[str, Any] = {
    "response": "answer",
    "title": "Answer",
    "subject": "campaign",
    "when": {
        "all": [
            {"findings": {"behaviour": "distillation", "axis": "content"}},
            {"findings": {"axis": "coordination"}},
        ]
    },
    "ladder": [
        {"do": ["log", {"throttle": {"for": "7d"}}]},
        {"do": {"suspend": {"for": "30d"}}, "if": {"strikes": {"gte": 1, "within": "90d"}}},
    ],
}


def pack(*policies: Mapping[str, Any], links: str = LINKS, **documents: str) -> Pack:
    """Return a pack of policies beside the usual documents; it must be without errors."""
    written = [{k: v for k, v in one.items() if v is not None} for one in policies]
    texts = {"pack": PACK, "terms": TERMS, "list": LIST, "links": links} | documents
    texts |= {f"policy-{one['policy']}": json.dumps(one) for one in written}
    texts.setdefault("response", json.dumps(ANSWER))
    loaded = load_texts({f"rules/{k}.yaml": v.encode() for k, v in texts.items() if v})
    assert loaded.pack is not None, render_text(loaded.diagnostics, loaded.sources)
    return loaded.pack


def usual(**changed: Mapping[str, Any]) -> Pack:
    """Return the pack of three policies: `loud` accounts, `crowd` and `company` campaigns."""
    written = {
        "loud": policy("loud"),
        "crowd": policy("crowd", **CROWD),
        "company": policy("company", **COMPANY),
    }
    merged = {name: one | changed.get(name, {}) for name, one in written.items()}
    rest = {name: one for name, one in changed.items() if name not in merged}
    return pack(*merged.values(), *(policy(name, **one) for name, one in rest.items()))


def accounts_of(group: int) -> Sequence[str]:
    """Return the accounts that share one payment."""
    return [f"a{group}{number}" for number in range(EACH)]


def write_activity(folder: Path) -> str:
    """Write six groups of five accounts: the account `a<group><n>` asks 4 * (5 group + n) times.

    Of the last account of each group, some texts were not kept.
    """
    folder.mkdir(exist_ok=True)
    accounts, exchanges = [], []
    for group in range(GROUPS):
        for number, account in enumerate(accounts_of(group)):
            accounts.append({"account_id": account, "payment_id": f"card-{group}", "approvals": []})
            asking = 4 * (EACH * group + number)
            for n in range(asking + 30):
                row = {
                    "event_id": f"{account}-{n}",
                    "ts": format_instant(AS_OF_US - n * HOUR_US // 4),
                    "account_id": account,
                    "model": "m",
                    "prompt": "Think step by step." if n < asking else "Hello.",
                }
                if number == EACH - 1 and n % 10 == 0:
                    del row["prompt"]
                exchanges.append(row)
    for name, rows in (("accounts", accounts), ("exchanges", exchanges)):
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(lines)
    return str(folder)
