"""`excise policy watch`, with an author who saves whenever it looks away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.authoring.kept import KeptTrials
from engine.authoring.watch.saves import Saves, Snapshot
from engine.cli.main import main
from engine.cli.policy.watch import Rounds

_PACK = """\
pack: mine
version: "1"
owners: [me]
guardrails: {per_run: {terminate: {accounts: 1}}}
---
terms: usage
title: Usage
versions:
  - version: "1"
    effective: 2020-01-01
    clauses: [{id: a, section: "1", summary: none, url: "https://example.com"}]
"""
_POLICY = """\
policy: NAME
title: Busy
version: 1
status: review
owner: me
behaviour: distillation
axis: content
severity: low
clauses: [usage/a]
subject: account
signals:
  NAME_sent: {count: all, window: 7d}
when: {NAME_sent: {gte: 10}}
explain: "{NAME_sent} sent"
tests:
  - {name: ten, as_of: 2026-06-05, accounts: {}, exchanges: {per_account: 10}, expect: finding}
  - {name: nine, as_of: 2026-06-05, accounts: {}, exchanges: {per_account: 9}, expect: no finding}
"""


class Author:
    """A pack of two policies under somebody's hands."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root, self._capsys = root, capsys
        self._next: list[Callable[[], object]] = []
        (root / "pack.yaml").write_text(_PACK, encoding="utf-8")
        for name in ("left", "right"):
            self.write(name, _POLICY.replace("NAME", name))
        self.saves = Saves(lambda: Snapshot.of(root), self._rest)

    def write(self, name: str, text: str) -> None:
        (self.root / f"{name}.yaml").write_text(text, encoding="utf-8")

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.root / f"{name}.yaml").read_text(encoding="utf-8")
        assert old in text
        self.write(name, text.replace(old, new))

    def _rest(self) -> None:
        if self._next:
            self._next.pop()()

    def rounds(self, trials: KeptTrials) -> Iterator[list[str]]:
        """Yield what is printed of each round."""
        rounds = Rounds(self.root, self.saves, trials)
        for _ in self.saves:
            rounds.next()
            yield self._capsys.readouterr().out.splitlines()

    def then(self, step: Callable[[], object]) -> None:
        """Do something as soon as nobody looks."""
        self._next.append(step)


@pytest.fixture
def author(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Author:
    return Author(tmp_path, capsys)


def test_a_failure_is_told_until_it_is_mended(author: Author) -> None:
    with KeptTrials() as trials:
        rounds = author.rounds(trials)
        assert next(rounds)[-1] == "test: 4 of 4 tests run, 0 failed"

        author.then(lambda: author.edit("left", "gte: 10", "gte: 11"))
        told = next(rounds)
        assert "FAIL left: ten" in told
        assert told[-1] == "test: 2 of 4 tests run, 1 failed"

        author.then(lambda: author.edit("right", "title: Busy", "title: Busier"))
        told = next(rounds)
        assert "FAIL left: ten" in told
        assert told[-1] == "test: 3 of 4 tests run, 1 failed"

        author.then(lambda: author.edit("left", "gte: 11", "gte: 10"))
        assert next(rounds)[-1] == "test: 2 of 4 tests run, 0 failed"

        author.then(lambda: author.edit("left", "policy:", "# a remark\npolicy:"))
        assert next(rounds)[-1] == "test: 0 of 4 tests run, 0 failed"


def test_a_failure_points_at_where_it_is_now(author: Author) -> None:
    with KeptTrials() as trials:
        rounds = author.rounds(trials)
        author.edit("left", "expect: finding", "expect: indeterminate")
        assert any("left.yaml:16:" in line for line in next(rounds))
        author.then(lambda: author.edit("left", "policy:", "# a remark\npolicy:"))
        assert any("left.yaml:17:" in line for line in next(rounds))


def test_a_mistake_is_told_and_what_was_due_stays_due(author: Author) -> None:
    with KeptTrials() as trials:
        rounds = author.rounds(trials)
        next(rounds)
        author.then(lambda: author.edit("left", "gte: 10", "gte: 11, gte: 12"))
        told = next(rounds)
        assert not any(line.startswith("test:") for line in told)
        assert told[-1].startswith("check: 1 error")
        author.then(lambda: author.edit("left", "gte: 11, gte: 12", "gte: 11"))
        assert next(rounds)[-1] == "test: 2 of 4 tests run, 1 failed"


def test_a_save_ends_the_round_and_its_policy_comes_first(
    author: Author, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = KeptTrials.result
    judged: list[str] = []

    def result(trials: KeptTrials, pack: object, policy: object, test: object) -> object:
        if not judged:
            author.edit("right", "title: Busy", "title: Busier")
        judged.append(policy.name)  # type: ignore[attr-defined]
        return run(trials, pack, policy, test)  # type: ignore[arg-type]

    monkeypatch.setattr(KeptTrials, "result", result)
    with KeptTrials() as trials:
        rounds = author.rounds(trials)
        put_off = "test: 1 of 4 tests run, 0 failed; 3 tests put off by a save"
        assert next(rounds)[-1] == put_off
        assert next(rounds)[-1] == "test: 3 of 4 tests run, 0 failed"
    assert judged == ["left", "right", "right", "left"]


def test_a_folder_that_is_not_there_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["policy", "watch", "--rules", str(tmp_path / "rulse")]) == 78
    assert "does not exist" in capsys.readouterr().err
    for rounds in ("0", "-1", "two", "²"):
        with pytest.raises(SystemExit) as refused:
            main(["policy", "watch", "--rounds", rounds])
        assert refused.value.code == 2
