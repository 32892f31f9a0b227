"""The same ledger on PostgreSQL; needs a server where databases and roles may be made."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from ledger_runs import (
    AS_OF,
    DAY,
    action_record,
    growth_record,
    member_record,
    records_of,
    with_actions,
)
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from engine.errors import RetryableError
from engine.ledger import store
from engine.ledger.database import DatabaseError, NotAllowedError
from engine.ledger.deciding import SameReviewer, StaleCase
from engine.ledger.postgres import FUNCTIONS, LOCK, TABLES, grants, triggers
from engine.ledger.records import CaseStatus, ConductRecord, SuccessionRecord, Verdict
from engine.ledger.schema import SCHEMA_VERSION
from engine.ledger.store import Ledger
from engine.ledger.verify import verify

SERVER = os.environ.get("EXCISE_TEST_POSTGRES", "")
pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(not SERVER, reason="EXCISE_TEST_POSTGRES names no server"),
]
DATABASE, ROLE = "excise_ledger_test", 'excise "writer" test'


def execute(url: str, *statements: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
    finally:
        engine.dispose()


@pytest.fixture
def url() -> Iterator[str]:
    server = make_url(SERVER).set(drivername="postgresql+psycopg")
    admin = server.render_as_string(hide_password=False)
    role = '"' + ROLE.replace('"', '""') + '"'
    gone = (f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)", f"DROP ROLE IF EXISTS {role}")
    execute(admin, *gone, f"CREATE DATABASE {DATABASE}", f"CREATE ROLE {role} LOGIN")
    yield server.set(database=DATABASE).render_as_string(hide_password=False)
    execute(admin, *gone)


def forced(url: str, *statements: str) -> None:
    """Change a ledger as a superuser can, with its triggers off for a while."""
    off = [f"ALTER TABLE {table.name} DISABLE TRIGGER ALL" for table in TABLES]
    on = [f"ALTER TABLE {table.name} ENABLE TRIGGER ALL" for table in TABLES]
    always = [f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}" for table, name in triggers()]
    execute(url, *off, *statements, *on, *always)


def test_a_ledger_on_a_server_is_like_one_in_a_file(url: str, tmp_path: object) -> None:
    first = records_of("r1", approvals=2)
    later = records_of("r2", subjects=3, approvals=2)
    conduct = ConductRecord(
        later.run.run_id, "c-1", later.cases[2].case_id, AS_OF, '{"requests":3}'
    )
    succeeds = SuccessionRecord(
        later.run.run_id, "c-2", "c-1", "0.9", AS_OF, AS_OF + 5, 38, 40, '{"traits":[]}'
    )
    later = replace(later, successions=(succeeds,), conducts=(conduct,))
    roots = []
    for where in (url, f"{tmp_path}/ledger.db"):
        with Ledger.open(where) as ledger:
            ledger.record(first)
            assert ledger.record(first).entries == 0
            ledger.record(later)
            words = {"verdict": Verdict.APPROVE, "reason": "seen", "decided_us": AS_OF + 9}
            case_id = first.cases[0].case_id
            ledger.decide(case_id, seen_version=1, reviewer="ada", **words)
            with pytest.raises(SameReviewer):
                ledger.decide(case_id, seen_version=2, reviewer="Ada", **words)
            with pytest.raises(StaleCase, match="ada approved"):
                ledger.decide(case_id, seen_version=1, reviewer="bob", **words)
            ledger.decide(case_id, seen_version=2, reviewer="bob", **words)
            roots.append(
                (
                    ledger.checkpoints(), ledger.runs(), ledger.findings(), ledger.cases(),
                    ledger.cases(CaseStatus.OPEN, limit=1, offset=1), ledger.actions(),
                    ledger.members(case_id), ledger.samples(case_id), ledger.decisions(),
                    ledger.strikes(["subject-0-0"], 0), ledger.open_action_keys(),
                    ledger.accounts_acted_on(AS_OF, AS_OF + DAY, "suspend"), ledger.latest_run(),
                    ledger.successions("c-1"), ledger.conducts(), ledger.campaigns_acted_on(),
                )
            )  # fmt: skip
        assert verify(where).problems == ()
    assert roots[0] == roots[1]
    assert roots[0][-3:-1] == ((succeeds,), (conduct,))


def test_changes_are_found(url: str) -> None:
    with Ledger.open(url) as ledger:
        ledger.record(records_of())
        (point,) = ledger.checkpoints()
    assert verify(url, expected=(point.size, point.root)).ok
    for table, statement in (
        ("runs", "UPDATE runs SET report = '{}'"),
        ("members", "UPDATE members SET strength = '0.8' WHERE account_id = 'subject-0-0'"),
        ("facts", "DELETE FROM facts WHERE signal = 'harvest'"),
        ("log", "UPDATE log SET body = body || ' ' WHERE seq = 3"),
        ("checkpoints", "DELETE FROM checkpoints"),
    ):
        forced(url, f"CREATE TABLE kept AS SELECT * FROM {table}", statement)
        assert not verify(url).ok, statement
        back = f"INSERT INTO {table} SELECT * FROM kept"
        forced(url, f"DELETE FROM {table}", back, "DROP TABLE kept")
        assert verify(url).problems == (), statement


def test_an_edited_schema_is_found(url: str) -> None:
    Ledger.open(url).close()
    body = FUNCTIONS["excise_refuse"]
    make = "CREATE OR REPLACE FUNCTION excise_refuse() RETURNS trigger LANGUAGE plpgsql AS $x${}$x$"
    for change, back, words in (
        (
            "ALTER TABLE log DISABLE TRIGGER log_gapless",
            "ALTER TABLE log ENABLE ALWAYS TRIGGER log_gapless",
            "trigger log_gapless is disabled",
        ),
        (
            make.format("BEGIN RETURN OLD; END"),
            make.format(body),
            "function 'excise_refuse' was changed",
        ),
        (
            "ALTER TABLE runs ADD COLUMN more text",
            "ALTER TABLE runs DROP COLUMN more",
            "column more of runs is not as a ledger has it",
        ),
        ("DROP TRIGGER log_gapless ON log", "SELECT 1", "trigger log_gapless is missing"),
        ("DROP TABLE samples", "SELECT 1", "table samples is missing"),
    ):
        execute(url, change)
        assert f"schema: {words}" in [str(problem) for problem in verify(url).problems]
        execute(url, back)


def test_a_role_with_the_grants_can_write_and_not_rewrite(url: str) -> None:
    Ledger.open(url).close()
    execute(url, *grants(ROLE))
    writer = make_url(url).set(username=ROLE).render_as_string(hide_password=False)
    run = records_of(subjects=1)
    with Ledger.open(writer) as ledger:
        ledger.record(run)
        more = records_of("r2", subjects=0)
        grown = replace(growth_record(run.cases[0], more.run.run_id), severity="critical")
        late = member_record(grown.case_id, "late")
        ledger.record(replace(more, growths=(grown,), members=(late,)))
        found = ledger.case(grown.case_id)
        assert found == replace(run.cases[0], severity="critical", accounts=4)
        ledger.decide(
            run.cases[0].case_id,
            seen_version=1,
            verdict=Verdict.APPROVE,
            reviewer="ada",
            reason="seen",
            decided_us=1,
        )
    assert verify(writer).problems == ()
    for statement in (
        "UPDATE log SET kind = 'x'",
        "DELETE FROM log",
        "TRUNCATE log CASCADE",
        "ALTER TABLE log DISABLE TRIGGER ALL",
        "DROP TABLE samples",
        "UPDATE cases SET subject_id = 'x'",
        "SET session_replication_role = replica",
    ):
        with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
            execute(writer, statement)


@pytest.mark.parametrize("role", ["origin", "replica"])
def test_tables_are_append_only_for_their_owner_too(url: str, role: str) -> None:
    run = records_of(subjects=1, accounts=0)
    floored = action_record(run.cases[0], "a", status="held", reason="floor: one axis only")
    with Ledger.open(url) as ledger:
        ledger.record(with_actions(run, floored))
    for statement, words in (
        ("UPDATE log SET kind = 'x'", "append-only"),
        ("DELETE FROM cases", "append-only"),
        ("TRUNCATE log CASCADE", "append-only"),
        ("INSERT INTO log VALUES (99, 'x', 'x')", "no gaps"),
        ("INSERT INTO checkpoints VALUES (99, 'x', 'x', NULL)", "covers the whole log"),
        ("UPDATE cases SET subject_id = 'x', version = version + 1", "does not change"),
        ("UPDATE cases SET status = 'approved'", "rises by one"),
        ("UPDATE actions SET status = 'approved'", "the floor holds"),
    ):
        with pytest.raises(DBAPIError, match=words):
            execute(url, f"SET session_replication_role = {role}", statement)
    assert verify(url).problems == ()


def test_writers_take_turns(url: str) -> None:
    Ledger.open(url).close()
    runs = [records_of(f"r{number % 4}", first=number % 4) for number in range(12)]

    def record(number: int) -> int:
        with Ledger.open(url) as ledger:
            return ledger.record(runs[number]).entries

    with ThreadPoolExecutor(4) as pool:
        added = list(pool.map(record, range(12)))
    assert sum(1 for entries in added if entries) == 4
    assert verify(url).problems == ()


def test_a_waiting_writer_gives_up(url: str) -> None:
    Ledger.open(url).close()
    engine = create_engine(url)
    with engine.begin() as connection, Ledger.open(url, busy_ms=50) as ledger:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        with pytest.raises(RetryableError, match="is busy"):
            ledger.record(records_of())
    engine.dispose()


def hang_up(url: str) -> None:
    """End all connections to a database, as a server does that is restarted."""
    database = make_url(url).database
    gone = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'"
    execute(make_url(url).set(database="postgres").render_as_string(hide_password=False), gone)


def test_a_server_that_was_restarted_meanwhile_takes_a_run(url: str) -> None:
    run = records_of("r1")
    with Ledger.open(url) as ledger:
        assert ledger.run("r1") is None
        hang_up(url)
        assert ledger.run("r1") is None
        hang_up(url)
        ledger.record(run)
    assert verify(url).ok


def test_a_server_that_goes_away_leaves_nothing_and_is_worth_another_try(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Ledger.open(url) as ledger, monkeypatch.context() as patched:
        whole = store._insert_satellites

        def cut_off(*arguments: Any) -> None:
            whole(*arguments)
            hang_up(url)

        patched.setattr(store, "_insert_satellites", cut_off)
        with pytest.raises(RetryableError):
            ledger.record(records_of("r1"))
    with Ledger.open(url) as ledger:
        assert ledger.run("r1") is None
        ledger.record(records_of("r1"))
    assert verify(url).ok


def test_a_role_without_rights_says_nothing_about_the_ledger(url: str) -> None:
    with Ledger.open(url) as ledger:
        ledger.record(records_of("r1"))
    bare = make_url(url).set(username=ROLE, password=None).render_as_string(hide_password=False)
    with pytest.raises(NotAllowedError, match="permission denied"):
        verify(bare)
    execute(url, *grants(ROLE))
    assert verify(bare).ok


def test_who_is_not_let_in_is_told_why(url: str) -> None:
    nowhere = make_url(url).set(database="excise_nowhere").render_as_string(hide_password=False)
    with pytest.raises(RetryableError, match="cannot be reached") as raised:
        Ledger.open(nowhere)
    assert 'database "excise_nowhere" does not exist' in str(raised.value.hint)


def test_what_is_no_ledger(url: str) -> None:
    with pytest.raises(DatabaseError, match="there is no ledger at"):
        Ledger.open(url, create=False)
    assert not verify(url).ok
    Ledger.open(url).close()
    forced(url, f"UPDATE schema_meta SET version = {SCHEMA_VERSION + 1}")
    with pytest.raises(DatabaseError, match="made by a newer release"):
        Ledger.open(url)
    nowhere = make_url(url).set(port=1).render_as_string(hide_password=False)
    for use in (Ledger.open, verify):
        with pytest.raises(RetryableError, match="cannot be reached"):
            use(nowhere)
