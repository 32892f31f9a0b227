"""How many different values of a field an interval holds, without comparing its events in pairs.

Each value is seen from one of its events until `span` later, or until its next event: from then on
that one stands for it. So an event is one step up at its own time and one step down where its turn
ends, and the number of different values at any time is the sum of all steps until then.
"""

from __future__ import annotations

from fractions import Fraction

from sqlglot import exp

from engine.language.words import Operator
from engine.signals.intervals import Variety
from engine.signals.limits import UPWARD, Value, whole_number
from engine.signals.passes import frames
from engine.signals.passes.rows import Rows
from engine.signals.sql import (
    Condition,
    Sql,
    array,
    as_sql,
    boolean,
    call,
    case,
    coalesce,
    compare,
    count_where,
    every,
    integer,
    name,
    null,
    select,
    some,
    where,
)

_EVENT, _STEP = "event", "step"


def variety(rows: Rows, content: Variety, span_us: int) -> Value:
    """Add how many different values an interval holds, and return how that compares."""
    counted = rows.flag(content.values.counted)
    rows.value(content.values)
    more = _more(rows, content)
    lost = rows.flag(content.values.unrecorded) if content.many else False
    rows.replace(lambda events: _with_steps(events, counted, content, span_us))
    rows.add([("low", frames.so_far(exp.Sum(this=name(_STEP))))])
    high: Sql = name("low")
    bounded: Condition = True
    if more is not None:
        rows.add([("more", frames.trailing(more, span_us))])
        high = compare(exp.Add, high, coalesce(name("more"), integer(0)))
    if lost is not False:
        rows.add([("lost", frames.trailing(count_where(lost), span_us))])
        bounded = compare(exp.EQ, name("lost"), integer(0))

    def certain(operator: Operator, at: Fraction) -> Condition:
        if operator in UPWARD:
            return whole_number(name("low"), operator, at)
        return every((bounded, whole_number(high, operator, at)))

    return Value(certain, some=name(_EVENT), any=name(_EVENT))


def _more(rows: Rows, content: Variety) -> Sql | None:
    """Return how many values there may be besides: one an event, or the elements of its list."""
    unsure, lost = rows.flag(content.values.unsure), rows.flag(content.values.unrecorded)
    if content.many:
        length = call("len", rows.value(content.values))
        return None if unsure is False else exp.Sum(this=case((as_sql(unsure), length)))
    undecided = some((unsure, lost))
    return None if undecided is False else count_where(undecided)


def _with_steps(
    events: exp.Select, counted: Condition, content: Variety, span_us: int
) -> exp.Query:
    """Return the events, and the steps of their values; each is one or the other."""
    own = [one.alias_or_name for one in events.expressions]
    kept = [(column, name(column)) for column in own]
    steps = [(_STEP, integer(0)), (_EVENT, boolean(True))]
    plain = select([*kept, *steps]).from_(events.subquery("p"))
    if counted is False:
        return plain
    known = {"subject": name("subject"), "ts_us": name("moment")}
    blank = [(column, known.get(column, null())) for column in own]
    turns = _turns(events, counted, content, span_us)
    stepped = select([*blank, (_STEP, name(_STEP)), (_EVENT, boolean(False))])
    return exp.union(plain, stepped.from_(turns.subquery("s")), distinct=False)


def _turns(events: exp.Select, counted: Condition, content: Variety, span_us: int) -> exp.Select:
    """Return for each value the times at which one of its events begins to count, and ends."""
    value = exp.Explode(this=name("v")) if content.many else name("v")
    keys = [("subject", name("subject")), ("ts_us", name("ts_us")), ("value", value)]
    held = where(select(keys).distinct().from_(events.subquery("p")), counted)
    following = exp.Window(
        this=exp.Lead(this=name("ts_us")),
        partition_by=[name("subject"), name("value")],
        order=exp.Order(expressions=[exp.Ordered(this=name("ts_us"), nulls_first=False)]),
    )
    gone = compare(exp.Add, name("ts_us"), integer(min(span_us, frames.LONGEST) + 1))
    until = call("least", gone, coalesce(following, gone.copy()))
    turns = select([*keys[:2], ("until", until)]).from_(held.subquery("h"))
    both = select([
        *keys[:2], ("until", name("until")),
        (_STEP, exp.Explode(this=array([integer(1), integer(-1)]))),
    ]).from_(turns.subquery("t"))  # fmt: skip
    up = compare(exp.GT, name(_STEP), integer(0))
    moment = case((up, name("ts_us")), default=name("until"))
    return select([keys[0], ("moment", moment), (_STEP, name(_STEP))]).from_(both.subquery("b"))
