"""A promotion changes one word of one file, or nothing."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.authoring.promote.rewriting import RewriteError, Rewritten, ready, rewritten
from engine.language.load import load_pack
from engine.language.words import Status

PACK = """\
pack: small
version: "1"
owners: [trust-and-safety]
---
terms: usage
title: Usage
versions:
  - version: "1"
    effective: 2026-01-01
    clauses: [{id: probing, section: "1", summary: s, url: u}]
"""
POLICY = """\
policy: sweep
title: "status: shadow"   # not this one
version: 1
%s
owner: trust-and-safety
behaviour: logit-extraction
axis: content
severity: high
clauses: [usage/probing]
subject: account
signals: {probes: {count: {prompt|contains: "status: shadow"}}}
when: {probes: {gte: 2}}
explain: "{probes} probes"
"""
OTHER = (POLICY % "status: shadow").replace("policy: sweep", "policy: other")


def change(root: Path, text: str, to: Status = Status.REVIEW) -> Rewritten:
    """Return the change of the policy `sweep` in a file with this text."""
    (root / "pack.yaml").write_text(PACK)
    (root / "policies").mkdir(exist_ok=True)
    path = root / "policies" / "sweep.yaml"
    path.write_bytes(text.encode())
    loaded = load_pack(root)
    assert loaded.pack is not None
    policy = next(one for one in loaded.pack.policies if one.name == "sweep")
    return rewritten(root, loaded, policy, to)


WRITTEN = st.sampled_from(["shadow", '"shadow"', "'shadow'", '"sha\\x64ow"'])
LINES = st.tuples(WRITTEN, st.sampled_from(["", " ", "   # shadow for now: status"]), st.booleans())


@settings(max_examples=60)
@given(LINES, st.booleans(), st.booleans(), st.sampled_from(["", "# status: shadow\n", "---\n"]))
def test_only_the_word_changes(
    line: tuple[str, str, bool], windows: bool, mark: bool, before: str
) -> None:
    word, comment, second = line
    own = POLICY % f"status:  {word}{comment}"
    text = before + (f"{OTHER}---\n{own}" if second else f"{own}---\n{OTHER}")
    wanted = text.replace(f"status:  {word}", "status:  review")
    if windows:
        text, wanted = (each.replace("\n", "\r\n") for each in (text, wanted))
    text, wanted = (f"\ufeff{each}" if mark else each for each in (text, wanted))
    with TemporaryDirectory() as folder:
        assert change(Path(folder), text).after.decode() == wanted


@pytest.mark.parametrize("written", ["status: >\n  shadow", "status: |-\n  shadow"])
def test_a_status_on_several_lines_is_left_to_a_person(tmp_path: Path, written: str) -> None:
    with pytest.raises(RewriteError) as refused:
        change(tmp_path, POLICY % written)
    assert refused.value.hint


def test_the_file_is_replaced_whole_with_its_mode(tmp_path: Path) -> None:
    made = change(tmp_path, POLICY % "status: shadow")
    made.path.chmod(0o640)
    with ready(made):
        assert made.path.read_bytes() == made.before
    assert made.path.read_bytes() == made.after
    assert made.path.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in made.path.parent.iterdir()) == ["sweep.yaml"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    real = tmp_path / "real" / "sweep.yaml"
    real.write_text(POLICY % "status: shadow")
    rules = tmp_path / "rules"
    (rules / "policies").mkdir(parents=True)
    (rules / "policies" / "sweep.yaml").symlink_to(real)
    made = change(rules, POLICY % "status: shadow")
    with ready(made):
        pass
    assert (rules / "policies" / "sweep.yaml").is_symlink()
    assert "status: review" in real.read_text()


def test_what_fails_in_between_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    made = change(tmp_path, POLICY % "status: shadow")
    with pytest.raises(ZeroDivisionError), ready(made):
        raise ZeroDivisionError
    assert made.path.read_bytes() == made.before
    assert sorted(path.name for path in made.path.parent.iterdir()) == ["sweep.yaml"]


def test_a_file_changed_in_the_meantime_is_not_overwritten(tmp_path: Path) -> None:
    made = change(tmp_path, POLICY % "status: shadow")
    made.path.write_text("edited")
    with pytest.raises(RewriteError, match="in the meantime"), ready(made):
        pytest.fail("nothing is to be recorded")
    assert made.path.read_text() == "edited"


def test_a_file_that_is_read_only_is_left_to_a_person(tmp_path: Path) -> None:
    made = change(tmp_path, POLICY % "status: shadow")
    made.path.chmod(0o444)
    with pytest.raises(RewriteError, match="is read-only") as refused, ready(made):
        pytest.fail("nothing is to be recorded")
    assert refused.value.hint is not None
    assert made.path.read_bytes() == made.before


def test_a_folder_that_takes_no_file_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = change(tmp_path, POLICY % "status: shadow")

    def refuse(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    with pytest.raises(RewriteError, match="permission denied") as refused, ready(made):
        pytest.fail("nothing is to be recorded")
    assert str(made.path.parent) in str(refused.value)


def test_new_warnings_are_told(tmp_path: Path) -> None:
    made = change(tmp_path, POLICY % "status: shadow")
    assert "EX405" in {found.code for found in made.warnings}  # no response takes it up
    known = {found.code for found in load_pack(tmp_path).diagnostics}
    assert "EX405" not in known
