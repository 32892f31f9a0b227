"""Reads Parquet files, all files of one schema at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

import duckdb

from engine.activity.discover import InputFile
from engine.activity.refusals import refusal
from engine.activity.staging import Kind, Staging
from engine.errors import InputError

_Schema = tuple[tuple[str, str], ...]
_UNREADABLE = (duckdb.IOException, duckdb.InvalidInputException, duckdb.SerializationException)
"""What a damaged file raises, besides errors of no class of their own; any other is a mistake of
ours, or of the machine."""
_VIRTUAL = frozenset({"file_index", "file_row_number"})


def read_parquet(staging: Staging, files: Mapping[int, InputFile]) -> None:
    """Append the rows of Parquet files, given by their numbers; rows count from 1.

    Raises InputError naming a file that cannot be read or lacks a required column.
    """
    groups: dict[_Schema, dict[int, InputFile]] = defaultdict(dict)
    for number, file in files.items():
        groups[_schema(staging, file)][number] = file
    for schema, group in groups.items():
        try:
            _read(staging, schema, group)
        except duckdb.Error as error:
            broken = [one for one in group.values() if _is_damaged(staging, one)]
            raise _unreadable(error, broken or group.values()) from error


def require_columns(kind: Kind, file: InputFile, present: Collection[str]) -> None:
    """Raise InputError unless a file has every required column."""
    missing = [f"`{item.name}`" for item in kind.fields.values() if item.required]
    missing = [name for name in missing if name.strip("`") not in present]
    if missing:
        message = f"{file.path} has no column {', '.join(missing)}"
        raise InputError(message, hint=f"{kind.name} cannot do without")


def _schema(staging: Staging, file: InputFile) -> _Schema:
    if any("\ud800" <= letter <= "\udfff" for letter in str(file.path)):
        message = f"cannot read {file.path}: its name is not valid UTF-8"
        raise InputError(message, hint="rename it")
    query = f"DESCRIBE SELECT * FROM {_scan([file])}"
    try:
        schema = tuple((str(row[0]), str(row[1])) for row in staging.workspace.rows(query))
    except duckdb.Error as error:
        raise _unreadable(error, (file,)) from error
    names = {name for name, _ in schema}
    require_columns(staging.kind, file, names)
    if taken := sorted(names & _VIRTUAL):
        message = f"{file.path} has a column called `{taken[0]}`, which is reserved"
        raise InputError(message)
    return schema


def _read(staging: Staging, schema: _Schema, files: Mapping[int, InputFile]) -> None:
    by_key = staging.kind.by_key
    wanted = [(name, key, kind) for key, kind in schema for name in by_key.get(key, ())]
    selected = ", ".join(f'"{key}" AS c_{name}' for name, key, _ in wanted)
    numbers = ", ".join(str(number) for number in files)
    relation = (
        f"(SELECT {selected}, file_row_number + 1 AS row_no, "
        f"[{numbers}][CAST(file_index AS BIGINT) + 1] AS file_no FROM {_scan(files.values())})"
    )
    mask = staging.kind.mask(frozenset(name for name, _, _ in wanted))
    raw = {name: (f"c_{name}", kind) for name, _, kind in wanted}
    staging.add(relation, raw, f"CAST({mask} AS BIGINT)")


def _scan(files: Collection[InputFile]) -> str:
    names = ", ".join(_literal(str(file.path)) for file in files)
    return f"read_parquet([{names}], hive_partitioning = false)"


def _literal(path: str) -> str:
    """Quote a path so that no character of it is taken for a pattern."""
    plain = "".join(f"[{letter}]" if letter in "*?[" else letter for letter in path)
    return "'" + plain.replace("'", "''") + "'"


def _is_damaged(staging: Staging, file: InputFile) -> bool:
    """Whether a file by itself cannot be decoded."""
    try:
        staging.workspace.rows(f"SELECT max(hash(COLUMNS(*))) FROM {_scan([file])}")
    except duckdb.Error as error:
        return _tells_damage(error)
    return False


def _tells_damage(error: duckdb.Error) -> bool:
    return type(error) is duckdb.Error or isinstance(error, _UNREADABLE)


def _unreadable(error: duckdb.Error, files: Collection[InputFile]) -> Exception:
    """Return what to raise: a refusal that the files have no part in is not theirs."""
    refused = refusal(error)
    if refused is not None and refused.file in {file.path for file in files}:
        return InputError(f"cannot read {refused.file}: {refused.words}")
    if refused is not None or not _tells_damage(error):
        return error
    names = ", ".join(str(file.path) for file in files)
    # The text of DuckDB's error may quote a value, and values are hostile.
    return InputError(f"cannot read {names} as Parquet", hint="is the file complete")
