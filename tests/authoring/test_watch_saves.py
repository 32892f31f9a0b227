"""What counts as a save, and when."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from engine.authoring.watch.saves import Saves, Snapshot


def saves(root: Path, *meanwhile: Callable[[], object]) -> Iterator[Snapshot]:
    """Return the saves in a folder where one thing happens in each pause, then nothing any more."""
    happening = iter(meanwhile)

    def rest() -> None:
        next(happening, lambda: None)()

    return iter(Saves(lambda: Snapshot.of(root), rest))


def names(snapshot: Snapshot) -> list[str]:
    return [Path(path).name for path, *_ in snapshot.files]


def test_a_save_is_seen_whether_it_writes_renames_or_removes(tmp_path: Path) -> None:
    file, aside = tmp_path / "a.yaml", tmp_path / "a.yaml.tmp"
    file.write_text("one")

    def rename() -> None:
        aside.write_text("two, and longer")
        aside.rename(file)

    def nothing() -> None: ...

    seen = saves(
        tmp_path,
        lambda: file.write_text("two, and longer"),
        nothing,
        rename,
        nothing,
        lambda: file.chmod(0),
        nothing,
        file.unlink,
    )
    found = [next(seen) for _ in range(5)]
    assert len(set(found)) == len(found)
    assert [names(one) for one in found] == [["a.yaml"]] * 4 + [[]]


def test_what_editors_and_tools_leave_beside_a_file_is_no_save(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("one")
    beside = [".a.yaml.swp", "a.yaml~", "4913", "#a.yaml#", ".#a.yaml", ".a.yaml", "notes.txt"]
    made = [(tmp_path / name).touch for name in beside]
    (tmp_path / ".git").mkdir()
    seen = saves(
        tmp_path, *made, (tmp_path / ".git" / "b.yaml").touch, lambda: file.write_text("the second")
    )
    assert names(next(seen)) == ["a.yaml"]
    (_, _, size, *_), *rest = next(seen).files
    assert (size, rest) == (len("the second"), [])


def test_a_file_that_is_written_in_steps_is_read_once(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("what it was")
    seen = saves(
        tmp_path,
        lambda: file.write_text(""),
        lambda: file.write_text("half"),
        lambda: file.write_text("all of it"),
    )
    next(seen)
    ((_, _, size, *_),) = next(seen).files
    assert size == len("all of it")


def test_a_file_that_never_settles_is_read_in_spite_of_it(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    lengths = iter(range(1, 10_000))

    def grow() -> None:
        file.write_text("x" * next(lengths))

    grow()
    seen = iter(Saves(lambda: Snapshot.of(tmp_path), grow))
    assert next(seen) != next(seen)


def test_a_save_in_a_linked_folder_is_seen(tmp_path: Path) -> None:
    root, elsewhere = tmp_path / "rules", tmp_path / "elsewhere"
    root.mkdir()
    elsewhere.mkdir()
    (root / "linked").symlink_to(elsewhere, target_is_directory=True)
    (elsewhere / "back").symlink_to(root, target_is_directory=True)
    seen = saves(root, (elsewhere / "a.yaml").touch)
    assert names(next(seen)) == []
    assert names(next(seen)) == ["a.yaml"]


def test_what_is_saved_while_a_round_runs_is_not_missed(tmp_path: Path) -> None:
    watched = Saves(lambda: Snapshot.of(tmp_path), lambda: None)
    seen = iter(watched)
    next(seen)
    assert not watched.pending
    (tmp_path / "a.yaml").touch()
    assert watched.pending
    assert names(next(seen)) == ["a.yaml"]
    assert not watched.pending
