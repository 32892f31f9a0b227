"""Reads a path of activity as `ingest` does, but only those files that are not as they were."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

import duckdb

from engine.activity.discover import discover
from engine.activity.ingest import Input, intake_of, kinds_of, read_activity
from engine.activity.intake import Intake
from engine.activity.mapping import compile_source
from engine.activity.quarantine import Quarantine
from engine.activity.refusals import refusal
from engine.activity.staging import Kind
from engine.activity.state.files import compare
from engine.activity.state.meaning import Meaning, meaning_of
from engine.activity.state.renewing import renew
from engine.activity.state.store import (
    attach,
    condemn,
    create,
    detach,
    differs,
    discard,
    held,
    kept_columns,
)
from engine.activity.state.tables import set_aside, table_of
from engine.activity.text import register
from engine.activity.workspace import Workspace
from engine.language.fields import Field
from engine.language.model.pack import Source

_P = ParamSpec("_P")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the activity is wanted, and as what it is read; see `read_activity`."""

    source: Source | None = None
    since_us: int | None = None
    until_us: int | None = None
    fields: Sequence[Field] = ()
    kept: frozenset[str] | None = None


class DamagedState(Exception):  # noqa: N818 - it is what happened to the state
    """What is kept cannot be read; it has been thrown away."""


@dataclass(slots=True)
class State:
    """The state in a folder, open for one run; see `reading`."""

    workspace: Workspace
    folder: Path
    rebuilt: str | None = field(default=None, init=False)
    """Why all was read anew although there was a state; None where that is not so."""

    def read(self, path: str, wanted: Wanted) -> Intake:
        """Do what `read_activity` does, with the same result, except that `events` is a view.

        What is new is there for the next run as soon as it is read. Raises as `read_activity`, and
        RetryableError where another program has the database open.
        """
        workspace, source = self.workspace, wanted.source
        mapping = compile_source(source, wanted.fields) if source else None
        found = dict(enumerate(discover(path, kind=source.kind if source else None)))
        register(workspace.connection)
        kinds = kinds_of(wanted.fields, wanted.kept)
        self._attach(meaning_of(kinds, source), kinds)
        files = compare(workspace, found, foreign=mapping is not None)
        new = Input(
            workspace,
            files.new,
            Quarantine(workspace, files.new),
            mapping,
            (kinds[0].keeping(kept_columns(workspace)), *kinds[1:]),
            wanted.since_us,
            wanted.until_us,
        )
        if files.new or files.gone or files.touched:
            renew(new, files)
        aside = set_aside(workspace, found, files)
        whole = replace(new, files=found, kinds=kinds, quarantine=aside)
        return intake_of(whole, [table_of(whole, kind) for kind in kinds])

    def _attach(self, meaning: Meaning, kinds: Sequence[Kind]) -> None:
        """Attach the database, an empty one where there is none that serves."""
        try:
            if attach(self.workspace, self.folder):
                self.rebuilt = differs(self.workspace, meaning, kinds)
                if self.rebuilt is None:
                    return
        except duckdb.Error as error:
            if refusal(error):  # it is as good as it was
                raise
            self.rebuilt = "cannot be read"
        if self.rebuilt is not None:
            detach(self.workspace)
            discard(self.folder)
            attach(self.workspace, self.folder)
        create(self.workspace, meaning, kinds)


@dataclass(frozen=True, slots=True)
class WithoutState:
    """Reads all activity in every run."""

    workspace: Workspace
    rebuilt: None = None

    def read(self, path: str, wanted: Wanted) -> Intake:
        """Do what `read_activity` does."""
        return read_activity(
            self.workspace,
            path,
            source=wanted.source,
            since_us=wanted.since_us,
            until_us=wanted.until_us,
            fields=wanted.fields,
            kept=wanted.kept,
        )


@contextmanager
def reading(workspace: Workspace, folder: Path | None) -> Iterator[State | WithoutState]:
    """Yield what reads activity; the state in `folder`, if any, is held while the block runs.

    Raises RetryableError while another run holds it, InputError for a folder that cannot be
    written, and DamagedState where the block found out that what is kept cannot be read.
    """
    if folder is None:
        yield WithoutState(workspace)
        return
    with held(folder):
        try:
            yield State(workspace, folder)
        except duckdb.Error as error:
            if not _is_damage(error):
                raise
            _let_go(workspace)
            condemn(folder)
            raise DamagedState from error
        finally:
            _let_go(workspace)


def once_more_if_damaged(run: Callable[_P, _T]) -> Callable[_P, _T]:
    """Do what began with a damaged state a second time, from the files."""

    @wraps(run)
    def again(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        try:
            return run(*args, **kwargs)
        except DamagedState:
            return run(*args, **kwargs)

    return again


def _is_damage(error: duckdb.Error) -> bool:
    """Return whether an error comes of what a file holds, not of the machine or of a mistake."""
    return isinstance(error, duckdb.SerializationException) or "orrupt" in str(error)


def _let_go(workspace: Workspace) -> None:
    with suppress(duckdb.Error):
        detach(workspace)
