"""The staging table of one kind of input: typed rows, each with its origin and its first fault.

Readers `add` relations of raw values; the table has the final columns first, so that it becomes
the final table by dropping the others at the end: rows are written once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from engine.activity import address
from engine.activity.cast import cast_sql, present_sql
from engine.activity.digest import row_sql
from engine.activity.faults import PRIVATE, Fault, faults_of, problem_sql, told_sql
from engine.activity.folding import folded_sql
from engine.activity.tables import (
    ACCOUNT_SUPPLIED_BIT,
    SUPPLIED_BIT,
    column,
    columns,
)
from engine.activity.text import NO_SHAPE, first_words_sql, shape_sql, text_hash_sql
from engine.activity.workspace import Workspace
from engine.language.fields import ACCOUNT_FIELDS, EXCHANGE_FIELDS, MODEL_FIELDS, Field, FieldType

EXTRA = ("file_no", "row_no", "said", "record", "problem")
"""Columns that only the staging table has: `said` is the digest of all that a row says, whether it
is kept or not, `record` that of a foreign record, `problem` what is wrong with it, if anything."""

_UNIQUE = frozenset(
    {"event_id", "session_id", "prompt_hash", "prompt_shape", "ip", "retry_of"}
    | {"reasoning_sig_issued", "reasoning_sig_redeemed"}
)
"""Columns whose values hardly repeat: looking for what they share costs more than it saves."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of input and the table it becomes."""

    name: str
    table: str
    key: str
    fields: Mapping[str, Field]
    supplied: Mapping[str, int]
    kept: frozenset[str] | None = None
    """The columns that the table keeps; None: all."""

    @property
    def staging(self) -> str:
        return f"staging_{self.name}"

    @property
    def final_columns(self) -> dict[str, str]:
        """Columns and SQL types of the final table, in order."""
        every = columns(dict(self.fields))
        kept = {name: type_ for name, type_ in every.items() if self.keeps(name)}
        return kept | ({"supplied": "BIGINT"} if self.supplied else {})

    @property
    def by_key(self) -> dict[str, tuple[str, ...]]:
        """The fields by what records call them: a declared one may be kept in two columns."""
        found: dict[str, tuple[str, ...]] = {}
        for field_ in self.fields.values():
            found[field_.label] = (*found.get(field_.label, ()), field_.name)
        return found

    def declaring(self, fields: Sequence[Field]) -> Kind:
        """Return the kind with declared fields beside the canonical ones."""
        return replace(self, fields={**self.fields, **{one.name: one for one in fields}})

    def keeping(self, names: frozenset[str]) -> Kind:
        """Return the kind with a table of no other columns."""
        return replace(self, kept=names)

    def keeps(self, name: str) -> bool:
        """Return whether the table has a column."""
        return self.kept is None or name in self.kept

    def mask(self, present: frozenset[str]) -> int:
        """Return `supplied` of a file that has the given fields."""
        return sum(1 << bit for name, bit in self.supplied.items() if name in present)


EXCHANGES = Kind("exchanges", "events", "event_id", EXCHANGE_FIELDS, SUPPLIED_BIT)
ACCOUNTS = Kind("accounts", "accounts", "account_id", ACCOUNT_FIELDS, ACCOUNT_SUPPLIED_BIT)
MODELS = Kind("models", "models", "model", MODEL_FIELDS, {})
ALL_KINDS = (EXCHANGES, ACCOUNTS, MODELS)


@dataclass(slots=True)
class Staging:
    """Collects the rows of one kind of input."""

    workspace: Workspace
    kind: Kind
    faults: tuple[Fault, ...] = field(init=False)
    supplied: dict[int, frozenset[str]] = field(default_factory=dict, init=False)
    """By file the fields that it supplies, where a reader of lines has said so."""

    def __post_init__(self) -> None:
        self.faults = faults_of(self.kind.fields)
        types = self.kind.final_columns | {
            "file_no": "INTEGER",
            "row_no": "BIGINT",
            "said": "UHUGEINT",
            "record": "VARCHAR",
            "problem": "VARCHAR",
        }
        listed = ", ".join(f"{name} {kind}{stored(name)}" for name, kind in types.items())
        self.workspace.execute(f"CREATE OR REPLACE TABLE {self.kind.staging} ({listed})")

    def add(
        self,
        relation: str,
        raw: Mapping[str, tuple[str, str]],
        supplied: str,
        *,
        record: str = "NULL",
        misfit: str | None = None,
    ) -> None:
        """Append the rows of a relation.

        `relation` is SQL for a FROM clause with `file_no` and `row_no`; `raw` maps a field to
        its SQL expression over the relation and that expression's type. `supplied`, `record`
        and `misfit` are SQL: `misfit` names the field that holds a list or an object where it
        should not, and is empty where the whole record is broken.
        """
        origin = [f"{supplied} AS supplied", f"{record} AS record"]
        origin += [] if misfit is None else [f"{misfit} AS misfit"]
        rows = self._select(relation, raw, origin, misfits=misfit is not None)
        self.workspace.execute(f"INSERT INTO {self.kind.staging} {rows}")

    def set_supplied(self, number: int, supplied: frozenset[str]) -> None:
        """Say what a file supplies, where that was not known when its rows were added."""
        self.supplied[number] = supplied
        if self.kind is not MODELS:
            mask = self.kind.mask(supplied)
            self.workspace.execute(
                f"UPDATE {self.kind.staging} SET supplied = {mask} "
                f"WHERE file_no = {number} AND supplied <> {mask}"
            )

    def _select(
        self,
        relation: str,
        raw: Mapping[str, tuple[str, str]],
        origin: Sequence[str],
        *,
        misfits: bool,
    ) -> str:
        fields = [item for item in self.kind.fields.values() if item.name in raw]
        types = {item.name: _present_type(raw[item.name][1]) for item in fields}
        prompts = sorted(PRIVATE & raw.keys())
        problem = problem_sql(self.faults, types, misfits=misfits)
        # Each layer gives names to what those above it use more than once.
        above = (
            [
                f"{cast_sql(one, f'r_{one.name}', types[one.name])} AS v_{one.name}"
                for one in fields
            ],
            [f"{problem} AS problem", *(f"{folded_sql(f'v_{one}')} AS f_{one}" for one in prompts)],
            [f"{first_words_sql(f'f_{one}')} AS w_{one}" for one in prompts],
        )
        raws = [f"{_present(item, *raw[item.name])} AS r_{item.name}" for item in fields]
        layers = f"(SELECT file_no, row_no, {', '.join([*origin, *raws])} FROM {relation})"
        for layer in above:
            layers = f"(SELECT {', '.join(['*', *layer])} FROM {layers})"
        every = dict(pair for item in self.kind.fields.values() for pair in _final(item, raw))
        final = [value for name, value in every.items() if self.kind.keeps(name)]
        final += ["supplied"] if self.kind.supplied else []
        final += ["file_no", "row_no", f"md5_number({self._said(raw)})", "record"]
        return f"SELECT {', '.join([*final, told_sql(self.faults, raw)])} FROM {layers}"

    def _said(self, raw: Mapping[str, object]) -> str:
        """Return SQL for all that a row says; what follows from it is left out."""
        types = columns(dict(self.kind.fields))
        said: dict[str, tuple[str, str]] = {}
        for item in self.kind.fields.values():
            stored = column(item)
            value = _value(item, raw)
            if value and item.type is FieldType.ANY:  # the only texts that may be empty
                value = f"'.' || {value}"
            said[stored] = (value or "NULL", types[stored])
        return row_sql(said)


def stored(name: str) -> str:
    """Return how a column is stored, where not as the database thinks best."""
    if name in _UNIQUE:
        return " USING COMPRESSION uncompressed"
    return " USING COMPRESSION zstd" if name == "prompt" else ""


def _present(item: Field, expression: str, sql_type: str) -> str:
    """Return a raw value, empty ones as NULL; of a field that takes anything `-` is a value too."""
    if item.type is FieldType.ANY:
        return f"CAST({expression} AS VARCHAR)" if sql_type == "BOOLEAN" else expression
    return present_sql(expression, sql_type)


def _present_type(sql_type: str) -> str:
    """UUIDs and enumerations have become text."""
    return "VARCHAR" if sql_type.upper().startswith(("ENUM", "UUID")) else sql_type


def _value(item: Field, raw: Mapping[str, object]) -> str | None:
    """Return SQL for the value that a row has of a field, None where no row has any."""
    if item.name not in raw:
        return None
    value = f"v_{item.name}"
    return f"CASE WHEN len({value}) > 0 THEN {value} END" if item.type.is_list else value


def _final(item: Field, raw: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Yield the columns of a field, each with its SQL."""
    value = _value(item, raw)
    if item.derived:
        value = _derived(item.name, value, raw)
    yield column(item), value or "NULL"
    if item.type is FieldType.ADDRESS:
        yield f"{item.name}_number", address.number_sql(value) if value else "NULL"
        yield f"{item.name}_network", address.network_sql(value) if value else "NULL"


def _derived(name: str, value: str | None, raw: Mapping[str, object]) -> str | None:
    source = "system_prompt" if name == "system_shape" else "prompt"
    if value is not None and name != "prompt_hash":
        value = f"CASE WHEN {value} = '{NO_SHAPE}' THEN '' ELSE {value} END"
    if source not in raw:
        return value
    folded, words = f"f_{source}", f"w_{source}"
    computed = text_hash_sql(folded) if name == "prompt_hash" else shape_sql(folded, words)
    return computed if value is None else f"coalesce({value}, {computed})"
