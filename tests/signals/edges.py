"""A hand-made table of what engines have been seen to differ on, to lie beside other activity."""

from __future__ import annotations

from itertools import count
from typing import Any

from direct import Account, Event, World
from worlds import DAY, HOUR

from fixtures.scale import AS_OF_US as AS_OF

CAMPAIGN = "edges"
ODD = ["", " ", "a\nb", "a\0b", "'", "\\n", "`x`", "é", "e\u0301", "ﬁ", "İ", "K", "ß", "\U0001f98a"]
"""Texts: empty, blank, with a newline, NUL, quotes, a backslash; that fold or normalise."""
HUGE = 2**63 - 1
_NEVER_NULL = {"model": "brine-4"}
_USED = frozenset({"temperature", "labels", "logit_bias_ids", "org_id", "end_user_id", "logprobs"})


def edges() -> World:
    """Return the table; all of its accounts are of one campaign."""
    numbers = count()
    accounts = {
        "edge nothing": Account("edge nothing"),  # never active
        "edge\nné": Account("edge\nné", {"plan": "ﬁne", "created_at": -5, "org_id": "ö"}),
        "Edge'": Account("Edge'", {"plan": "FINE", "created_at": AS_OF - DAY, "org_id": "ö"}),
    }
    events: list[Event] = []

    def add(account: str, back_us: int, supplied: frozenset[str] = _USED, **values: Any) -> None:
        events.append(
            Event(
                f"edge{next(numbers)}", AS_OF - back_us, account, _NEVER_NULL | values, supplied,
                accounts.get(account),
            )
        )  # fmt: skip

    add("edge one event", HOUR)
    for back in (0, 1, -1, DAY, DAY + 1, 7 * DAY, 7 * DAY + 1, 10 * DAY, AS_OF):
        add("edge clock", back, status=200, latency_ms=3000)
    for tie in range(6):
        add("edge ties", HOUR, session_id=f"s{tie % 2}", status=200, turn=tie, latency_ms=2501)
        add("edge ties", HOUR + tie % 2, capability="agentic", temperature=250 * tie)
    for at, amount in enumerate((HUGE, HUGE, HUGE, 2**62, 0, 1, 2**53 + 1)):
        add("edge huge", at, input_tokens=amount, latency_ms=amount, turn=amount, status=amount)
        add("edge huge", at, temperature=(-1) ** at * amount, logit_bias_ids=[amount, -amount, 0])
    for at, odd in enumerate(ODD * 2):
        texts = dict.fromkeys(("prompt", "session_id", "end_user_id", "device_id", "model"), odd)
        add("edge\nné", at * HOUR, labels=[odd, None, odd], prompt_shape=odd or None, **texts)
        add("Edge'", at * HOUR, prompt_hash=odd, prompt_shape=f"shape {at % 3}", **texts)
    for missing in (frozenset[str](), _USED, _USED - {"labels"}):
        add("edge missing", 2 * DAY, missing)
        add("edge missing", 3 * DAY, missing, labels=[] if "labels" in missing else None)
        add("edge missing", 3 * DAY, missing, status=200, logprobs=None, prompt="step by step")
    for at in range(8):  # as one list of ids: with gaps, repeated, negative, in no order
        add("edge runs", at, logit_bias_ids=[at, at + 1, at + 1, -3, 5 - at, 40], turn=at % 5)
    return World(events, accounts, {CAMPAIGN: [*accounts, *{one.account_id for one in events}]})
