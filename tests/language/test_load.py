"""From a folder to a pack: finding files, naming them, putting documents together."""

from __future__ import annotations

import gc
import os
import random
from pathlib import Path

import pytest
from small_pack import (
    DOCUMENTS,
    EXEMPTION,
    LIST,
    PACK,
    POLICY,
    RESPONSE,
    SOURCE,
    TERMS,
    codes_of,
    load,
    load_small,
    pack_of,
)

import engine
from engine.errors import ExciseError
from engine.language.diagnostic import Level
from engine.language.load import PolicyError, find_rules, load_pack, load_texts, require_pack
from engine.language.words import Status


def _write(root: Path, **texts: str) -> Path:
    for name, text in texts.items():
        path = root / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def test_a_folder_becomes_a_pack(tmp_path: Path) -> None:
    root = _write(tmp_path / "mine", pack=PACK, terms=TERMS, lists__phrases=LIST, policy=POLICY)
    (root / "answer.yml").write_text(RESPONSE, encoding="utf-8")
    (root / "README.md").write_text("policy: not this", encoding="utf-8")
    (root / ".draft.yaml").write_text("nor: this", encoding="utf-8")
    pack = require_pack(root)
    assert (pack.name, pack.version, pack.owners) == ("small", "1", ("trust-and-safety",))
    assert [policy.name for policy in pack.policies] == ["harness"]
    assert [response.name for response in pack.responses] == ["answer"]
    assert pack.lists[0].span.file == "mine/lists/phrases.yaml"
    assert pack.policies[0].status is Status.ENFORCE


def test_what_was_read_leaves_nothing_to_the_collector() -> None:
    require_pack(find_rules())  # what is made once and kept is made here
    gc.collect()
    gc.disable()
    try:
        require_pack(find_rules())
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_spans_do_not_depend_on_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = _write(tmp_path / "mine", pack=PACK, terms=TERMS)
    absolute = load_pack(root)
    monkeypatch.chdir(root)
    assert load_pack(Path()) == absolute


def test_rules_of_the_installed_package_have_the_same_names(tmp_path: Path) -> None:
    checkout = load_pack(_write(tmp_path / "rules", **DOCUMENTS))
    installed = load_pack(_write(tmp_path / "engine" / "_rules", **DOCUMENTS))
    assert installed == checkout


@pytest.mark.parametrize("missing", ["nowhere", "file"])
def test_what_is_no_folder_is_said_so(tmp_path: Path, missing: str) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    loaded = load_pack(tmp_path / missing)
    assert codes_of(loaded) == ["EX113"]
    assert loaded.pack is None


def test_an_empty_folder_is_said_so(tmp_path: Path) -> None:
    assert codes_of(load_pack(tmp_path)) == ["EX113"]


def test_a_file_that_cannot_be_read_is_reported_beside_the_others(tmp_path: Path) -> None:
    root = _write(tmp_path / "rules", pack=PACK, bad="list: {}")
    (root / "gone.yaml").symlink_to(root / "nowhere.yaml")
    os.mkfifo(root / "pipe.yaml")
    assert sorted(codes_of(load_pack(root))) == ["EX112", "EX112", "EX122", "EX123"]


def test_links_to_folders_are_followed_once(tmp_path: Path) -> None:
    root = _write(tmp_path / "rules", pack=PACK, terms=TERMS)
    shared = _write(tmp_path / "shared", lists__phrases=LIST)
    (root / "shared").symlink_to(shared)
    (shared / "back").symlink_to(root)
    assert [each.span.file for each in require_pack(root).lists] == [
        "rules/shared/lists/phrases.yaml"
    ]


def test_a_folder_that_cannot_be_read_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = _write(tmp_path / "rules", pack=PACK, policies__harness=POLICY)
    scan = os.scandir

    def refuse(path: str) -> object:
        if Path(path).name == "policies":
            raise PermissionError(13, "Permission denied", path)
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    loaded = load_pack(root)
    assert [(found.code, found.message) for found in loaded.diagnostics] == [
        ("EX112", "it cannot be read: permission denied")
    ]


def test_a_file_above_the_limit_is_refused(tmp_path: Path) -> None:
    root = _write(tmp_path / "rules", pack=PACK, large="#" * (1 << 20) + "\n")
    assert codes_of(load_pack(root)) == ["EX103"]


def test_a_pack_without_its_document_and_with_two() -> None:
    assert codes_of(load(TERMS)) == ["EX114"]
    assert codes_of(load(PACK, PACK)) == ["EX114"]


def test_nothing_but_comments_is_no_fault() -> None:
    assert codes_of(load(PACK, "# to be written\n", "---\n# nothing\n---\n", "")) == []


def test_the_digest_says_what_is_meant_and_not_how_it_is_written() -> None:
    digest = pack_of(load_small()).digest
    one_file = "\n---\n".join(random.Random(7).sample(sorted(DOCUMENTS.values()), len(DOCUMENTS)))
    assert pack_of(load(one_file)).digest == digest
    commented = "# why\n\n" + POLICY.replace("version: 3", 'version:   3   # "third"')
    assert pack_of(load_small(policy=commented)).digest == digest
    assert pack_of(load_small(policy=POLICY.replace("gte: 100", "gte: 101"))).digest != digest
    assert pack_of(load_small(list=LIST.replace("think", "Think"))).digest != digest


def test_a_broken_document_hides_nothing_in_others() -> None:
    broken = POLICY.replace("gte: 100}}", "gte: 100}")
    loaded = load_small(policy=broken, exemption=EXEMPTION.replace("2027-01-01", "soon"))
    assert codes_of(loaded) == ["EX127", "EX104"]


def test_what_depends_on_a_failed_part_is_passed_over() -> None:
    failed_list = LIST.replace("2026-01-05", "soon")
    failed_terms = TERMS.replace("2025-09-15", "soon")
    failed_policy = POLICY.replace("owner: trust-and-safety", "owner: 5")
    asking = RESPONSE.replace("{findings: {behaviour: distillation}}", "{finding: harness}")
    loaded = load_small(list=failed_list, terms=failed_terms, policy=failed_policy, response=asking)
    assert sorted(codes_of(loaded)) == ["EX123", "EX127", "EX127"]


def test_every_kind_of_document_is_kept() -> None:
    pack = pack_of(load_small(exemption=EXEMPTION, source=SOURCE))
    kept = (pack.terms, pack.policies, pack.responses, pack.links, pack.lists, pack.exemptions)
    assert [len(models) for models in kept] == [1] * 6
    assert pack.sources[0].fields[1] == ("ts", "time ~iso")
    assert pack.exemptions[0].organisations == frozenset({"org-7"})


def test_a_policy_keeps_its_own_text() -> None:
    padded = f"# a comment\n---\n# another\n{POLICY}\n# after\n---\n{EXEMPTION}"
    policy = pack_of(load_small(policy=padded)).policies[0]
    assert policy.text == POLICY
    assert (policy.span.line, policy.span.column) == (4, 1)
    assert policy.text.splitlines()[policy.when.span.line - policy.span.line].startswith("when:")


def test_required_rules_that_are_wrong_come_with_every_diagnostic(tmp_path: Path) -> None:
    pack = PACK.replace("owners", "owner").replace('"1"', "1")
    root = _write(tmp_path / "rules", pack=pack, terms=TERMS)
    with pytest.raises(PolicyError) as raised:
        require_pack(root)
    assert "did you mean `owners`?" in str(raised.value)
    assert "put it in quotes" in str(raised.value)
    assert "2 errors" in str(raised.value)
    assert isinstance(raised.value, ExciseError)


def test_rules_that_are_wrong_tell_errors_and_no_warnings(tmp_path: Path) -> None:
    unused = "list: nobodys\nowner: a-team\nsource: here\nreviewed: 2026-01-01\nvalues: [a]\n"
    root = _write(tmp_path / "rules", pack=PACK, terms=TERMS, unused=unused)
    assert [one.code for one in load_pack(root).diagnostics] == ["EX406"]
    (root / "pack.yaml").write_text(PACK.replace('"1"', "1"))
    assert {one.severity for one in load_pack(root).diagnostics} == {Level.ERROR, Level.WARNING}
    with pytest.raises(PolicyError) as raised:
        require_pack(root)
    assert "1 error\n" in str(raised.value)
    assert "nobodys" not in str(raised.value)
    assert raised.value.hint == "`excise policy check` shows the warnings as well"


def test_rules_named_win_over_those_of_the_checkout(tmp_path: Path) -> None:
    assert find_rules(tmp_path) == tmp_path
    assert find_rules() == Path(engine.__file__).resolve().parent.parent / "rules"


def test_file_names_are_no_way_into_a_terminal() -> None:
    loaded = load_texts({"rules/\x1b[2J.yaml": b"policy: x"})
    with_names = PolicyError(Path("\x1b[2J"), loaded)
    assert "\x1b" not in str(with_names)
