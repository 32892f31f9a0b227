"""Which files a path stands for."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.activity.discover import Format, Packing, discover
from engine.errors import InputError


def _touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def test_kinds_come_from_names_and_folders(tmp_path: Path) -> None:
    _touch(
        tmp_path,
        "exchanges-1.csv",
        "accounts/part-0.parquet",
        "Models.jsonl.gz",
        "accounts/day=1/x.csv",
        "other.ndjson.zst",
        "_SUCCESS",
        ".hidden.csv",
    )
    found = {str(f.path.relative_to(tmp_path)): f.kind for f in discover(str(tmp_path))}
    assert found == {
        "exchanges-1.csv": "exchanges",
        "accounts/part-0.parquet": "accounts",
        "accounts/day=1/x.csv": "accounts",
        "Models.jsonl.gz": "models",
        "other.ndjson.zst": "exchanges",
    }


def test_a_glob_counts_a_file_once(tmp_path: Path) -> None:
    _touch(tmp_path, "a/x.csv", "a/y.csv")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert len(discover(str(tmp_path / "**"))) == 2
    assert len(discover(str(tmp_path / "*" / "x.csv"))) == 1


def test_a_glob_is_told_by_no_folder_above_it(tmp_path: Path) -> None:
    root = tmp_path / "models-of-ours"
    _touch(root, "accounts/a.csv", "logs/b.csv", "logs/accounts-c.csv")
    found = {file.path.name: file.kind for file in discover(f"{root}/*/*.csv")}
    assert found == {"a.csv": "accounts", "b.csv": "exchanges", "accounts-c.csv": "accounts"}
    assert discover(f"{root}/accounts/*.csv")[0].kind == "accounts"
    assert {file.kind for file in discover(f"{root}/logs/b*")} == {"exchanges"}


def test_links_to_folders_are_followed_and_never_round(tmp_path: Path) -> None:
    _touch(tmp_path, "day/x.csv", "elsewhere/deep/y.csv")
    (tmp_path / "day" / "more").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "deep" / "back").symlink_to(tmp_path / "day")
    found = [file.path.name for file in discover(str(tmp_path / "day"))]
    assert sorted(found) == ["x.csv", "y.csv"]


@pytest.mark.parametrize("target", ["gone.csv", "link.csv"])
def test_a_link_that_leads_nowhere_is_told(tmp_path: Path, target: str) -> None:
    _touch(tmp_path, "day/x.csv")
    (tmp_path / "day" / "link.csv").symlink_to(target)
    with pytest.raises(InputError, match=r"link\.csv"):
        discover(str(tmp_path / "day"))


def test_format_and_packing_come_from_extensions(tmp_path: Path) -> None:
    _touch(tmp_path, "x.JSON.GZ")
    (file,) = discover(str(tmp_path / "x.JSON.GZ"))
    assert (file.format, file.packing, file.kind) == (Format.JSON, Packing.GZIP, "exchanges")


def test_a_single_file_holds_exchanges_unless_told(tmp_path: Path) -> None:
    _touch(tmp_path, "accounts.csv")
    path = str(tmp_path / "accounts.csv")
    assert discover(path)[0].kind == "exchanges"
    assert discover(path, kind="accounts")[0].kind == "accounts"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("nothing", "no activity files"),
        ("*.csv", "no activity files"),
        ("", "no activity is named"),
    ],
)
def test_no_files_is_an_error(
    tmp_path: Path, path: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=said):
        discover(path)


def test_names_with_pattern_letters_are_files(tmp_path: Path) -> None:
    _touch(tmp_path, "x[1]*.csv")
    assert len(discover(str(tmp_path / "x[1]*.csv"))) == 1
