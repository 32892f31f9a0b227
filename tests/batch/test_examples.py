"""Examples are those of a plain reading, however many accounts are looked at first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.activity.tables import create_tables_sql
from engine.activity.text import register
from engine.activity.workspace import Workspace
from engine.batch.examples import SAMPLES_PER_CASE, find_examples
from engine.language.fields import FieldRef
from engine.language.model.selection import Test
from engine.language.subject import Subject
from engine.language.words import Match, SubjectKind

_FAILED = Test(FieldRef("status"), Match.EQUALS, (500,))
_SUBJECTS = tuple(Subject(SubjectKind.CAMPAIGN, name) for name in ("one", "other"))
_AS_OF = 30

Event = tuple[int, int, int]
"""Account, moment and status."""

_EVENTS = st.lists(
    st.tuples(st.integers(0, 15), st.integers(0, _AS_OF + 2), st.sampled_from([200, 200, 500])),
    max_size=60,
)
_MEMBERS = st.frozensets(st.integers(0, 15), max_size=16)


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    with Workspace(threads=1, small=True) as workspace:
        register(workspace.connection)
        for statement in create_tables_sql():
            workspace.execute(statement)
        workspace.execute("CREATE TABLE judged (kind VARCHAR, id VARCHAR, account_id VARCHAR)")
        yield workspace


def _fill(
    workspace: Workspace, events: list[Event], members: Mapping[Subject, frozenset[int]]
) -> None:
    for table in ("events", "judged"):
        workspace.execute(f"DELETE FROM {table}")
    for number, (account, moment, status) in enumerate(events):
        workspace.execute(
            "INSERT INTO events (event_id, account_id, ts_us, model, status) "
            "VALUES (?, ?, ?, 'm', ?)",
            [f"e{number:02}", f"a{account:02}", moment, status],
        )
    for subject, accounts in members.items():
        for account in accounts:
            row = [subject.kind.value, subject.id, f"a{account:02}"]
            workspace.execute("INSERT INTO judged VALUES (?, ?, ?)", row)


def _expected(events: list[Event], accounts: frozenset[int], *, failed: bool) -> list[str]:
    queues: dict[int, list[tuple[int, str]]] = {}
    for number, (account, moment, status) in enumerate(events):
        if account in accounts and moment <= _AS_OF and (status == 500 or not failed):
            queues.setdefault(account, []).append((moment, f"e{number:02}"))
    placed = [
        (turn, account, *event)
        for account, queue in queues.items()
        for turn, event in enumerate(sorted(queue))
    ]
    return [event for *_, event in sorted(placed)[:SAMPLES_PER_CASE]]


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40
)
@given(events=_EVENTS, one=_MEMBERS, other=_MEMBERS, first=st.integers(1, 16))
def test_one_an_account_first(
    workspace: Workspace,
    events: list[Event],
    one: frozenset[int],
    other: frozenset[int],
    first: int,
) -> None:
    _fill(workspace, events, dict(zip(_SUBJECTS, (one, other), strict=True)))
    wanted = {_SUBJECTS[0]: (_FAILED,), _SUBJECTS[1]: ()}
    found = find_examples(workspace, wanted, _AS_OF, first=first)
    ids = [[example.event_id for example in found[subject]] for subject in _SUBJECTS]
    assert ids == [_expected(events, one, failed=True), _expected(events, other, failed=False)]
