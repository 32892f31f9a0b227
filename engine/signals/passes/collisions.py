"""Exact repetitions of prompts between members that share a template, observed and expected.

For each template that at least two members carry, with n_a distinct prompts of member a, S their
sum, D distinct prompts in all and k_h members that share prompt h: observed is the sum of
k_h (k_h - 1) / 2, expected (S^2 - sum n_a^2) / (2 D). Templates of equal D are added up here; the
division is left to `values`.
"""

from __future__ import annotations

from sqlglot import exp

from engine.language.words import SubjectKind
from engine.signals.atoms import Period
from engine.signals.guards import EVENTS, within
from engine.signals.nodes import Collisions
from engine.signals.passes.scan import Batch, narrow, scan, subject
from engine.signals.sql import Sql, bigint, compare, every, integer, name, select

_PER_TEMPLATE = ("subject", "template")
_CARRIED = "carried"


def select_collisions(source: Collisions, period: Period, batch: Batch | None = None) -> exp.Select:
    """Return rows of `prompts` (D), `pairs` (twice the expected times D) and `observed` a row.

    Nearly every event may be a row while it is counted: `batch` says of which campaigns only.
    """
    columns = [
        ("subject", name("subject", "a")),
        *narrow("prompts", name("prompts", "h")),
        *narrow("pairs", exp.Sum(this=name("pairs", "a"))),
        *narrow("observed", exp.Sum(this=name("observed", "h"))),
    ]
    base = exp.to_table(_CARRIED)
    query = select(columns).from_(_by_member(base).subquery("a"))
    on = [compare(exp.EQ, name(key, "a"), name(key, "h")) for key in _PER_TEMPLATE]
    query = query.join(_by_prompt(base).subquery("h"), on=exp.and_(*on))
    query = query.group_by(name("subject", "a"), name("prompts", "h"))
    return query.with_(_CARRIED, as_=_carried(source, period, batch))


def _carried(source: Collisions, period: Period, batch: Batch | None) -> exp.Select:
    columns = [
        ("subject", subject(SubjectKind.CAMPAIGN)),
        ("template", name(source.column, EVENTS)),
        ("account", name("account", EVENTS)),
        ("prompt", name(source.prompt, EVENTS)),
    ]
    condition = within(source.guard, source.window_us, period)
    if batch is not None:
        condition = every((batch.condition(), condition))
    return scan(SubjectKind.CAMPAIGN, select(columns).distinct(), condition)


def _grouped(columns: list[tuple[str, Sql]], of: exp.Select | exp.Table, *keys: str) -> exp.Select:
    named = [(key, name(key)) for key in keys]
    table = of.copy() if isinstance(of, exp.Table) else of.subquery("b")
    query = select([*named, *columns]).from_(table)
    return query.group_by(*(name(key) for key in keys))


def _by_member(base: exp.Table) -> exp.Select:
    one = bigint(exp.Count(this=exp.Star()))
    members = _grouped([("n", one)], base, *_PER_TEMPLATE, "account")
    total = exp.Sum(this=name("n"))
    squares = exp.Sum(this=compare(exp.Mul, name("n"), name("n")))
    pairs = compare(exp.Sub, compare(exp.Mul, total, total.copy()), squares)
    grouped = _grouped([("pairs", bigint(pairs))], members, *_PER_TEMPLATE)
    return grouped.having(compare(exp.GTE, exp.Count(this=exp.Star()), integer(2)))


def _by_prompt(base: exp.Table) -> exp.Select:
    one = bigint(exp.Count(this=exp.Star()))
    prompts = _grouped([("k", one)], base, *_PER_TEMPLATE, "prompt")
    twice = compare(exp.Mul, name("k"), compare(exp.Sub, name("k"), integer(1)))
    observed = exp.Sum(this=compare(exp.IntDiv, twice, integer(2)))
    columns = [("prompts", one.copy()), ("observed", bigint(observed))]
    return _grouped(columns, prompts, *_PER_TEMPLATE)
