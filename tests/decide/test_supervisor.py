from __future__ import annotations

import gc
import multiprocessing
import os
import sys
from collections.abc import Iterator
from multiprocessing import resource_tracker
from pathlib import Path

import broken_workers
import pytest
from deciding import GTE, compare, key, policy

from engine.decide.compile import Compiled, compile_kind
from engine.decide.lane import Orders, Target
from engine.decide.supervisor import EngineFault, Supervisor
from engine.decide.worker import Case, run
from engine.language.subject import Subject
from engine.language.words import SubjectKind


@pytest.fixture(name="compiled")
def _compiled() -> Compiled:
    compiled = compile_kind([policy("p", compare("a", GTE, 5.0))], (), SubjectKind.ACCOUNT)
    assert compiled is not None
    return compiled


@pytest.fixture(autouse=True)
def _no_process_is_left() -> Iterator[None]:
    yield
    assert multiprocessing.active_children() == []
    gc.collect()  # an unclosed pipe would warn, and warnings are errors
    with pytest.raises(ChildProcessError):
        _wait_for_other_than_the_resource_tracker()


def _wait_for_other_than_the_resource_tracker() -> None:
    """Raise `ChildProcessError` when no child of this process remains unreaped."""
    tracker = resource_tracker._resource_tracker._pid  # type: ignore[attr-defined]
    reaped, _ = os.waitpid(-1, os.WNOHANG) if tracker is None else (0, 0)
    assert reaped == 0
    raise ChildProcessError


def cases(*names: str) -> Iterator[Case]:
    """Subjects which all have a finding but those that are called `clean`."""
    for position, name in enumerate(names):
        low = 0.0 if name.startswith("clean") else 5.0
        subject = Subject(SubjectKind.ACCOUNT, name)
        yield Case(subject, position, 0, {0: (key("a"),)}, {key("a"): (low, low)})


def verdicts(compiled: Compiled, orders: Orders, *names: str) -> list[tuple[str, bool]]:
    """Judge subjects; tell by name who has a finding."""
    with Supervisor((compiled.program,), orders) as supervisor:
        judged = supervisor.judge(cases(*names))
        return [(case.subject.id, "p0+" in derived) for case, derived in judged]


NAMES = tuple(f"{'clean' if number % 3 else 'guilty'}{number}" for number in range(50))
WANTED = [(name, name.startswith("guilty")) for name in NAMES]


@pytest.mark.parametrize(("workers", "batch"), [(1, 64), (1, 7), (3, 1), (2, 5)])
def test_verdicts_come_in_the_order_of_the_cases(
    compiled: Compiled, workers: int, batch: int
) -> None:
    orders = Orders("tests", workers, batch=batch, grow_after=1)
    assert verdicts(compiled, orders, *NAMES) == WANTED


def test_nothing_to_judge_starts_no_worker(compiled: Compiled) -> None:
    assert verdicts(compiled, Orders("tests", target=broken_workers.silent)) == []


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        (broken_workers.crashing, "broke off (exit code -11)"),
        (broken_workers.hanging, "silent for 2 s"),
        (broken_workers.raising, "a bad subject"),
    ],
)
def test_a_subject_that_breaks_workers_fails_the_run(
    compiled: Compiled, target: Target, reason: str
) -> None:
    orders = Orders("tests", 2, silence_s=2, batch=4, grow_after=1, target=target)
    with pytest.raises(EngineFault) as raised:
        verdicts(compiled, orders, *NAMES[:9], "bad\x1b[31m", *NAMES[9:])
    assert reason in str(raised.value)
    assert r"account 'bad\x1b[31m'" in str(raised.value)
    assert "pack `tests`" in str(raised.value)


def test_one_crash_is_survived(compiled: Compiled, tmp_path: Path) -> None:
    orders = Orders("tests", 2, batch=8, grow_after=1, target=broken_workers.crashing_once)
    bad = [f"bad{tmp_path / str(number)}" for number in range(3)]
    names = [bad[0], *NAMES[:20], bad[1], *NAMES[20:], bad[2]]
    wanted = [(name, not name.startswith("clean")) for name in names]
    assert verdicts(compiled, orders, *names) == wanted
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        (broken_workers.silent, "broke off"),
        (broken_workers.rambling, "answered str"),
        (broken_workers.hanging_while_loading, "silent for 2 s"),
        (broken_workers.misreading, "policy `p`: the rules engine does not follow the rule"),
    ],
)
def test_rules_that_do_not_load_fail_the_run(
    compiled: Compiled, target: Target, reason: str
) -> None:
    with pytest.raises(EngineFault, match="cannot be loaded") as raised:
        verdicts(compiled, Orders("tests", silence_s=2, target=target), *NAMES)
    assert reason in str(raised.value)


def test_an_interrupt_ends_the_workers(compiled: Compiled) -> None:
    def interrupted() -> Iterator[Case]:
        yield from cases(*NAMES)
        raise KeyboardInterrupt

    orders = Orders("tests", 2, batch=4, grow_after=1, target=run)
    with Supervisor((compiled.program,), orders) as supervisor:
        judged = supervisor.judge(interrupted())
        next(judged)
        assert len(multiprocessing.active_children()) == 2
        with pytest.raises(KeyboardInterrupt):
            list(judged)
    assert multiprocessing.active_children() == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_the_memory_of_a_worker_stays_flat(compiled: Compiled) -> None:
    names = [f"guilty{number}" for number in range(20_000)]
    with Supervisor(
        (compiled.program,), Orders("tests", target=broken_workers.resident)
    ) as supervisor:
        pages = [
            int(name.removeprefix("pages "))
            for _, derived in supervisor.judge(cases(*names))
            for name in derived
            if name.startswith("pages ")
        ]
    assert len(pages) == len(names)
    assert max(pages) - pages[1000] < 500  # two megabytes; a leaked state would take 1.7 gigabytes


def test_what_lies_in_the_working_folder_is_no_code(
    compiled: Compiled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("signal", "struct", "multiprocessing", "numpy"):
        (tmp_path / f"{module}.py").write_text("raise SystemExit")
    monkeypatch.chdir(tmp_path)
    before = dict(os.environ)
    assert verdicts(compiled, Orders("a pack"), "found", "clean") == [
        ("found", True), ("clean", False)
    ]  # fmt: skip
    assert dict(os.environ) == before
