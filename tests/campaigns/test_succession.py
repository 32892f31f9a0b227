"""When a campaign began after another one was acted on."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.campaigns.succession import Beginning, Onset, Stopped, onset

WITHIN = 10


def brute(
    stopped: Stopped, accounts: list[Beginning], since_us: int, within_us: int
) -> Onset | None:
    """Try every action, latest first, and every moment at which half may have begun."""
    for acted in sorted(stopped.acted_us, reverse=True):
        fresh = []
        for one in accounts:
            seen = since_us <= acted - within_us
            opened = one.opened_us is not None and one.opened_us > acted
            if one.first_us > acted and (seen or opened):
                fresh.append(one)
        fresh = [one for one in fresh if one.account_id not in stopped.accounts]
        for moment in range(acted + 1, acted + within_us + 1):
            if accounts and 2 * sum(one.first_us <= moment for one in fresh) >= len(accounts):
                return Onset(acted, moment, len(fresh), len(accounts))
    return None


moments = st.integers(0, 60)


@given(
    acted=st.lists(moments, max_size=3),
    known=st.frozensets(st.sampled_from("abcdef")),
    accounts=st.dictionaries(
        st.sampled_from("abcdef"), st.tuples(moments, st.none() | moments), max_size=6
    ),
    since_us=moments,
)
def test_the_onset_is_when_half_had_begun(
    acted: list[int],
    known: frozenset[str],
    accounts: dict[str, tuple[int, int | None]],
    since_us: int,
) -> None:
    stopped = Stopped("c", tuple(sorted(acted)), known, ())
    beginnings = [Beginning(name, *begun) for name, begun in accounts.items()]
    found = onset(stopped, beginnings, since_us, WITHIN)
    assert found == brute(stopped, beginnings, since_us, WITHIN)
