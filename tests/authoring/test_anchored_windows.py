"""Anchored windows from a policy's text to what comes of it."""

from __future__ import annotations

from authored import came, ends

FIRST_DAY = {"after": "release", "of": "model", "for": "24h"}
FRESH = {"signals": {"fresh": {"count": "all", "window": FIRST_DAY}}, "when": {"fresh": {"gte": 3}}}
RELEASED = {"model": "model-a", "released_at": "2026-06-01T00:00Z"}


def sent(start: str, every: str = "12h", **fields: object) -> dict[str, object]:
    return {"exchanges": {"per_account": 3, "every": every, "start": start, **fields}}


def test_the_first_day_of_a_model_is_closed_at_both_ends() -> None:
    assert came({**sent("2026-06-01T00:00Z"), "models": RELEASED}, **FRESH) == "finding"
    assert came({**sent("2026-06-01T00:00:01Z"), "models": RELEASED}, **FRESH) == "no finding"
    assert came({**sent("2026-05-31T23:59:59Z"), "models": RELEASED}, **FRESH) == "no finding"


def test_a_model_without_a_release_leaves_it_undecided() -> None:
    assert came(sent("2026-06-01T00:00Z"), **FRESH) == "indeterminate"
    other = [{"model": "model-b", "released_at": "2026-06-01"}]
    assert came({**sent("2026-06-01T00:00Z"), "models": other}, **FRESH) == "indeterminate"


def test_the_window_may_also_end_with_the_moment_judged_from() -> None:
    recent = {"count": "all", "window": {**FIRST_DAY, "last": "1d"}}
    late = {**RELEASED, "released_at": "2026-06-03T18:00Z"}
    assert ends({**sent("2026-06-03T18:00Z", "6h"), "models": late}, recent) == (2, 2)


def test_the_days_after_a_signup() -> None:
    early = {"share": {"prompt|contains": "task"}, "window": {"after": "signup", "for": "7d"}}
    joined = {"accounts": {"created_at": "2026-05-31T12:00Z"}}
    exchanges = [
        {"per_account": 2, "every": "1h", "start": "2026-06-01", "prompt": "task"},
        {"per_account": 2, "every": "1h", "start": "2026-06-02", "prompt": "hello"},
        {"per_account": 5, "every": "1h", "start": "2026-05-01", "prompt": "hello"},
    ]
    assert ends({**joined, "exchanges": exchanges}, early) == (0.5, 0.5)
    nothing = float("inf")
    assert ends({"exchanges": exchanges}, early) == (-nothing, nothing)
