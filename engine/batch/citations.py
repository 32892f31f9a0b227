"""What a finding cites: the clauses in the words that bound its accounts at the time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from engine.decide.finding import Finding
from engine.enforce.grounds import Ground, Grounds, Standing
from engine.language.moments import format_instant


def citations(
    finding: Finding, grounds: Grounds, organisations: Collection[str | None]
) -> list[dict[str, object]]:
    """Return the citations of a finding as JSON data; `organisations` are those of its accounts.

    A clause is cited once for every version in force during the conduct, in order of time. Where it
    was in none, its version is null and the reviewer sees it. What an addendum says names the
    `organisations` that it concerns, and a clause that it waives is `waived`.
    """
    amended = grounds.amended(finding.policy)
    concerned = sorted({each for each in organisations if each in amended and each is not None})
    others = any(each not in amended for each in organisations)
    usual = grounds.of(finding, None)
    cited: list[dict[str, object]] = []
    for place, plain in enumerate(usual):
        told: dict[tuple[Ground, ...], list[str]] = {}
        as_usual = others
        for organisation in concerned:
            stood = grounds.of(finding, organisation)[place]
            as_usual |= stood == plain
            if stood != plain:
                told.setdefault(stood, []).append(organisation)
        if as_usual:
            cited += map(_citation, _worth_telling(plain))
        for stood, named in told.items():
            for ground in _worth_telling(stood):
                whom = {"waived": True} if ground.standing is Standing.WAIVED else {}
                cited.append({**_citation(ground), **whom, "organisations": named})
    return cited


def _worth_telling(stood: Iterable[Ground]) -> Iterator[Ground]:
    """Yield where the clause was in force or waived; where it never was, one line that says so."""
    told = [g for g in stood if g.standing in (Standing.IN_FORCE, Standing.WAIVED)]
    yield from told or list(stood)[-1:]


def _citation(ground: Ground) -> dict[str, object]:
    clause, effective_us = ground.clause, ground.effective_us
    return {
        "clause": ground.reference,
        "terms": ground.source,
        "version": ground.version,
        "effective": None if effective_us is None else format_instant(effective_us)[:10],
        "section": clause.section if clause else "",
        "summary": " ".join(clause.summary.split()) if clause else "",
        "url": clause.url if clause else "",
    }
