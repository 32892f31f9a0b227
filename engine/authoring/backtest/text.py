"""A backtest as lines and tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.authoring.backtest.expectations import Checked
from engine.authoring.backtest.result import Backtest, Hit, PolicyResult
from engine.authoring.explain.words import WORD, condition_words, value_words
from engine.authoring.precision import CONFIDENCE, Precision
from engine.language.moments import format_instant


@dataclass(frozen=True, slots=True)
class Table:
    """Columns to be aligned, those in `right` flush right."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: frozenset[str]


Part = str | Table


def backtest_parts(found: Backtest, checks: Sequence[Checked], listed: int) -> Iterator[Part]:
    """Yield lines and tables, in order."""
    yield from _head(found)
    yield ""
    yield _policies(found)
    yield from _drafts(found)
    yield from _lacking(found)
    yield ""
    yield _unmoved(found)
    for result in found.policies:
        yield from _moved(result, listed)
    yield ""
    yield from _reach(found)
    yield from _warnings(found)
    yield from _checks(checks)


def _head(found: Backtest) -> Iterator[str]:
    candidate, live = found.candidate, found.live
    yield (
        f"candidate {candidate.name} {candidate.version} ({candidate.digest[:12]}) "
        f"against live {live.name} {live.version} ({live.digest[:12]})"
    )
    since = "" if found.since_us is None else f" from {format_instant(found.since_us)}"
    yield (
        f"{found.exchanges:,} exchanges of {found.active_accounts:,} accounts{since}, "
        f"judged as of {format_instant(found.as_of_us)}"
    )
    if found.exchanges and not found.active_accounts:
        yield "nothing had happened by then: nobody is judged"
    linking = found.linking
    if linking.same_links:
        yield f"the links are equal: {linking.campaigns:,} campaigns"
    else:
        yield (
            f"the links differ: {linking.before:,} → {linking.campaigns:,} campaigns, "
            f"{linking.kept:,} of the same accounts; a hit counts as unchanged when at least half "
            "of its accounts were behind hits before"
        )


_NUMBERS = ("judged", "hits", "newly", "no longer", "undecided", "accounts")


def _policies(found: Backtest) -> Table:
    reviewed = ("approved", "rejected", "precision") if found.reviewed else ()
    headings = ("policy", "status", *_NUMBERS, *reviewed)
    rows = tuple(_row(result, reviewed=found.reviewed) for result in found.policies)
    return Table(headings, rows, frozenset({*_NUMBERS, "approved", "rejected"}))


def _row(result: PolicyResult, *, reviewed: bool) -> tuple[str, ...]:
    numbers = (
        f"{result.judged:,} {result.kind.value}s",
        f"{result.hits:,}",
        f"{len(result.newly):,}",
        f"{len(result.gone):,}",
        f"{result.undecided:,}",
        f"{result.accounts:,}",
    )
    past = result.precision
    told = (f"{past.approved:,}", f"{past.rejected:,}", precision_words(past)) if reviewed else ()
    return (result.name, _status(result), *numbers, *told)


def _status(result: PolicyResult) -> str:
    after = result.candidate.status.value if result.candidate else "removed"
    before = result.live.status.value if result.live else "new"
    renamed = result.candidate and result.live and result.candidate.name != result.live.name
    was = f", was {result.live.name}" if renamed and result.live else ""
    return (after if after == before else f"{before} → {after}") + was


def precision_words(past: Precision) -> str:
    """Return a precision with its interval: `83.3 % (35.9 to 99.6 %)`."""
    if past.share is None:
        return "-"
    low, high = past.interval
    return f"{past.share * 100:.1f} % ({low * 100:.1f} to {high * 100:.1f} %)"


def _drafts(found: Backtest) -> Iterator[str]:
    names = [result.name for result in found.policies if result.draft and result.judged]
    if names:
        yield f"a run passes over drafts; counted as they would be in shadow: {', '.join(names)}"
    if found.reviewed:
        yield f"precision: approved over decided hits, with its exact {CONFIDENCE:.0%} interval"


def _lacking(found: Backtest) -> Iterator[str]:
    for result in found.policies:
        if result.lacking:
            yield (
                f"not judged: {result.name} for {result.undecided:,} {result.kind.value}s; "
                f"no row supplies {', '.join(result.lacking)}"
            )


def _unmoved(found: Backtest) -> str:
    count, total = len(found.unmoved), len(found.policies)
    if count == total:
        return f"nothing moved: all {total} policies hit whom they hit before"
    return f"nothing else moved: {count} of {total} policies hit whom they hit before"


def _moved(result: PolicyResult, listed: int) -> Iterator[str]:
    for word, hits, accounts in (
        ("newly hit", result.newly, result.newly_accounts),
        ("no longer hit", result.gone, result.gone_accounts),
    ):
        if hits:
            yield ""
            yield f"{result.name}, {word}: {len(hits):,}, with {accounts:,} accounts"
            yield from (line for hit in hits[:listed] for line in _hit(hit))
            if len(hits) > listed:
                yield f"  and {len(hits) - listed:,} more"


def _hit(hit: Hit) -> Iterator[str]:
    past = f"; case {hit.review.case_id}: {hit.review.opinion.value}" if hit.review else ""
    size = f", {hit.accounts:,} accounts" if hit.accounts > 1 else ""
    yield f"  {hit.subject}{size}{past}"
    if hit.deciding is None:
        return
    if not hit.deciding:
        yield "    the candidate does not judge it"
    for one in hit.deciding:
        leaf = one.branch
        value = f" ({value_words(leaf.number)})" if leaf.number else ""
        unless = "unless " if one.clears else ""
        yield f"    {WORD[leaf.holds]:<3} {unless}{condition_words(leaf)}{value}"


def _reach(found: Backtest) -> Iterator[Part]:
    reach = found.reach
    kinds = sorted(reach.actions.keys() | reach.before.keys())
    rows = []
    for kind in kinds:
        after, before = reach.actions.get(kind, {}), reach.before.get(kind, {})
        rows += [
            (kind, BECAME[became], f"{before.get(became, 0):,}", f"{after.get(became, 0):,}")
            for became in sorted(after.keys() | before.keys())
        ]
    if rows:
        right = frozenset({"live", "candidate"})
        yield Table(("action", "accounts", "live", "candidate"), tuple(rows), right)
    else:
        yield "neither pack would do anything"
    yield (
        f"actions above log: {reach.newly_reached:,} accounts newly reached, "
        f"{reach.no_longer_reached:,} no longer"
    )
    if reach.settled:
        yield f"{reach.settled:,} subjects were decided upon after all they did: nothing follows"
    yield from (f"{accounts:,} accounts: {reason}" for reason, accounts in reach.reasons.items())


BECAME = {
    "record": "recorded",
    "propose": "proposed",
    "automatic": "approved by the pack",
    "hold": "held",
    "exempt": "exempt",
}


def _warnings(found: Backtest) -> Iterator[str]:
    if found.reach.held:
        yield "warning: the candidate hits a cap; its actions would be held"
    for result in found.policies:
        wrong = result.newly_rejected
        if wrong:
            cases = ", ".join(hit.review.case_id for hit in wrong[:3] if hit.review)
            more = ", …" if len(wrong) > _SHOWN else ""
            yield (
                f"warning: {result.name} newly hits {len(wrong):,} that reviewers rejected before: "
                f"{cases}{more}"
            )


_SHOWN = 3


def _checks(checks: Sequence[Checked]) -> Iterator[str]:
    if not checks:
        return
    missed = [one for one in checks if not one.met]
    yield ""
    yield f"expectations: {len(checks) - len(missed)} met, {len(missed)} not"
    yield from (f"  not met: {one.expectation}: {_came(one)}" for one in missed)


def _came(one: Checked) -> str:
    if one.seen is None:
        return "there is no such policy"
    which = "" if one.policy == one.expectation.policy else f"{one.policy} "
    return f"{which}came to {one.seen:,}"
