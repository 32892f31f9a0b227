"""Small builders over sqlglot's syntax tree, in the DuckDB dialect.

Nothing here joins strings into SQL: values enter as literals of the tree, names are the plan's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlglot import exp

DIALECT = "duckdb"

Sql = exp.Expr
Condition = Sql | bool
"""A boolean expression, or the constant it is known to be when the plan is made."""

_NUL = "\0"


def name(column: str, table: str | None = None) -> exp.Column:
    """Return a column."""
    return exp.column(column, table=table)


def integer(value: int) -> Sql:
    """Return an integer literal; beyond 64 bits as a cast, since a bare one would turn to float."""
    if -(2**63) < value < 2**63:
        return exp.Neg(this=integer(-value)) if value < 0 else exp.Literal.number(value)
    return exp.cast(exp.Literal.string(str(value)), "HUGEINT", dialect=DIALECT)


def text(value: str) -> Sql:
    """Return a string literal; NUL, which SQL text cannot hold, is joined in as `chr(0)`."""
    parts: list[Sql] = [exp.Literal.string(part) for part in value.split(_NUL)]
    found = parts[0]
    for part in parts[1:]:
        found = exp.DPipe(
            this=exp.DPipe(this=found, expression=call("chr", integer(0))), expression=part
        )
    return found if len(parts) == 1 else exp.Paren(this=found)


def boolean(value: bool) -> Sql:  # noqa: FBT001 - the value is the whole of it
    """Return TRUE or FALSE."""
    return exp.Boolean(this=value)


def null() -> Sql:
    """Return NULL."""
    return exp.Null()


def call(function: str, *arguments: Sql) -> Sql:
    """Return a call that the generator leaves as it is."""
    return exp.Anonymous(this=function, expressions=list(arguments))


def wrap(expression: Sql) -> Sql:
    """Return an operand that cannot be torn apart by its neighbours."""
    atoms = (exp.Column, exp.Literal, exp.Func, exp.Paren, exp.Boolean, exp.Null, exp.Case)
    # To sqlglot AND and OR are functions too.
    whole = isinstance(expression, atoms) and not isinstance(expression, exp.Binary)
    return expression if whole else exp.Paren(this=expression)


def as_sql(condition: Condition) -> Sql:
    """Return a condition as an expression."""
    return boolean(condition) if isinstance(condition, bool) else condition


def _joined(
    conditions: Iterable[Condition], joiner: type[exp.Connector], *, neutral: bool
) -> Condition:
    found: Sql | None = None
    seen: set[Sql] = set()
    for condition in conditions:
        if isinstance(condition, bool):
            if condition is not neutral:
                return condition
        elif condition not in seen:
            seen.add(condition)
            part = wrap(condition)
            found = part if found is None else joiner(this=found, expression=part)
    return neutral if found is None else found


def every(conditions: Iterable[Condition]) -> Condition:
    """Return the conjunction; of nothing, true."""
    return _joined(conditions, exp.And, neutral=True)


def some(conditions: Iterable[Condition]) -> Condition:
    """Return the disjunction; of nothing, false."""
    return _joined(conditions, exp.Or, neutral=False)


def negated(condition: Condition) -> Condition:
    """Return the negation."""
    if isinstance(condition, bool):
        return not condition
    if isinstance(condition, exp.Not):
        inner: Sql = condition.this
        return inner.unnest()
    return exp.Not(this=wrap(condition))


def is_null(expression: Sql) -> Sql:
    """Return `expression IS NULL`."""
    return exp.Is(this=expression, expression=exp.Null())


def is_known(expression: Sql) -> Sql:
    """Return `NOT expression IS NULL`."""
    return exp.Not(this=is_null(expression))


def array(elements: Sequence[Sql]) -> Sql:
    """Return a list of expressions."""
    return exp.Array(expressions=list(elements))


def coalesce(expression: Sql, other: Sql) -> Sql:
    """Return the first of two that is not NULL."""
    return exp.Coalesce(this=expression, expressions=[other])


def case(*branches: tuple[Sql, Sql], default: Sql | None = None) -> Sql:
    """Return a searched CASE; NULL where no branch is taken."""
    whens = [exp.If(this=condition, true=value) for condition, value in branches]
    return exp.Case(ifs=whens, default=default)


def compare(kind: type[exp.Binary], left: Sql, right: Sql) -> Sql:
    """Return a comparison or an arithmetic operation, operands kept whole."""
    return kind(this=wrap(left), expression=wrap(right))


def count_where(condition: Condition) -> Sql:
    """Return how many rows satisfy a condition; NULL does not."""
    if condition is True:
        return exp.Count(this=exp.Star())
    return exp.Count(this=case((as_sql(condition), integer(1))))


def bigint(expression: Sql) -> Sql:
    """Return a number as BIGINT: engines widen sums, numpy has no wider integer."""
    return exp.cast(expression, "BIGINT", dialect=DIALECT)


def hugeint(expression: Sql) -> Sql:
    """Return a number widened to 128 bits before it is multiplied."""
    return exp.cast(expression, "HUGEINT", dialect=DIALECT)


def select(columns: Sequence[tuple[str, Sql]]) -> exp.Select:
    """Return a SELECT of named expressions."""
    # Built here rather than by sqlglot's own builder, which copies every tree it is given.
    named = [exp.Alias(this=one, alias=exp.to_identifier(alias)) for alias, one in columns]
    return exp.Select(expressions=named)


def where(query: exp.Select, condition: Condition) -> exp.Select:
    """Return the query with a condition, none if it always holds."""
    return query if condition is True else query.where(as_sql(condition), copy=False)


def written(statement: Sql, *, pretty: bool = False) -> str:
    """Return the statement's text, on one line or laid out for reading."""
    return statement.sql(dialect=DIALECT, pretty=pretty)
