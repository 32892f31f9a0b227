"""Random small changes to valid packs: never a traceback, never an edit that is silently ignored.

An edit that changes what the pack means is also told by `excise policy diff`.

An edit is ignored when the pack is accepted and means what it meant, though the text says something
else. What texts say is compared without Excise: as plain data, one value being the same as a list
of it.
"""

from __future__ import annotations

from datetime import date

import pytest
import yaml
from mutations import Mutant, mutant
from small_pack import DOCUMENTS, EXEMPTION, SOURCE

from engine.authoring.diff.difference import difference
from engine.language.load import Loaded, find_rules, load_texts
from engine.language.model.pack import Pack
from engine.language.render import render_text

Files = dict[str, bytes]

_SMALL: Files = {
    f"rules/{kind}.yaml": text.encode()
    for kind, text in {**DOCUMENTS, "exemption": EXEMPTION, "source": SOURCE}.items()
}
_DEFAULTS = [
    ("approval", "one"),
    ("twin", False),
    ("links", "rules"),
    ("min_of", 1),
    ("min_accounts", 2),
    ("max_accounts", 500),
    ("min_events", 1),
    ("times", 1),
    ("count", 1),
    ("per_account", 1),
    ("reads", "content"),
    ("zone", "UTC"),
    ("weight", "inverse_log_degree"),
    ("lte", 50_000),  # members of a campaign
    ("bridge", 2),
    ("adds", 0.25),  # of accounts opened together
    ("min_events", 500),  # these three of slices
    ("min_accounts", 5),
    ("per_account", 3),
    ("confidence", 0.95),
]
"""What a key says when it is left out."""
_EVERYDAY, _THOROUGH = 500, 50_000


def _shipped() -> list[Files]:
    """Return packs of one shipped policy each, with all that is not a policy around it.

    Those whose policy refers to others are no packs without them, and left out.
    """
    root = find_rules()
    texts = {path.relative_to(root): path.read_bytes() for path in sorted(root.rglob("*.yaml"))}
    around = {f"rules/{at}": text for at, text in texts.items() if at.parts[0] != "policies"}
    policies = {f"rules/{at}": text for at, text in texts.items() if at.parts[0] == "policies"}
    packs = [{**around, name: text} for name, text in policies.items()]
    return [pack for pack in packs if load_texts(pack).pack is not None]


def _says(files: Files) -> object:
    return {
        name: [_plain(data) for data in yaml.load_all(files[name], yaml.CSafeLoader)]
        for name in files
    }


def _alternatives(selection: object) -> object:
    """Return a selection that is any of a list as the list: there, it means the same."""
    match selection:
        case {"any": parts} if len(selection) == 1:
            return parts
    return selection


def _plain(data: object) -> object:
    match data:
        case {"all": parts} if len(data) == 1:
            return _plain(parts)
        case dict():
            said = {key: value for key, value in data.items() if (key, value) not in _DEFAULTS}
            if isinstance(said.get("select"), dict):
                said["select"] = {key: _alternatives(one) for key, one in said["select"].items()}
            return {str(key): _plain(value) for key, value in said.items()}
        case list([only]):
            return _plain(only)
        case list():
            return [_plain(value) for value in data]
    return _scalar(data)


def _scalar(data: object) -> object:
    """Return a scalar with its type; YAML 1.2 has numbers where PyYAML reads text, such as 1e3.

    A day is its first moment.
    """
    if isinstance(data, bool):
        return ("bool", data)
    try:
        return ("number", float(str(data)))
    except ValueError:
        if isinstance(data, str | date):
            return ("str", str(data).removesuffix("T00:00Z"))
        return (type(data).__name__, data)


def _well_formed(loaded: Loaded) -> None:
    """Every diagnostic stands inside the text it is about, and can be shown."""
    render_text(loaded.diagnostics, loaded.sources)
    for found in loaded.diagnostics:
        lines = loaded.sources.get(found.span.file, "").split("\n")
        assert 1 <= found.span.line <= max(len(lines), 1), found
        assert (found.span.line, found.span.column) <= (
            found.span.end_line,
            found.span.end_column,
        ), found


def _judge(original: Files, changed: Mutant, before: Pack) -> str:
    loaded = load_texts(changed.files)
    _well_formed(loaded)
    if loaded.pack is None:
        assert any(found.is_error for found in loaded.diagnostics), changed.what
        return "refused"
    if loaded.pack.digest != before.digest:
        assert difference(before, loaded.pack).changes, f"no difference told: {changed.what}"
        return "changed"
    assert _says(changed.files) == _says(original), f"ignored: {changed.what}"
    return "same"


def _prove(packs: list[Files], seeds: range) -> dict[str, int]:
    loaded = [load_texts(pack).pack for pack in packs]
    verdicts = {"refused": 0, "changed": 0, "same": 0}
    for seed in seeds:
        at = seed % len(packs)
        before = loaded[at]
        assert before is not None
        verdicts[_judge(packs[at], mutant(packs[at], seed), before)] += 1
    return verdicts


def test_no_small_change_is_ignored() -> None:
    verdicts = _prove([_SMALL] * 50 + _shipped(), range(_EVERYDAY))
    assert min(verdicts.values()) > 0, verdicts


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
def test_no_small_change_is_ignored_in_the_long_run(part: int) -> None:
    size = _THOROUGH // 10
    _prove([_SMALL] * 25 + _shipped(), range((part + 1) * size, (part + 2) * size))


def test_the_oracle_tells_texts_apart() -> None:
    name = "rules/policy.yaml"
    reordered = {**_SMALL, name: _SMALL[name].replace(b"gte: 100", b"gte: 101")}
    assert _says(reordered) != _says(_SMALL)
