"""A run over the columns that its pack needs against one over all of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.activity.tables import columns
from engine.batch import run as batch
from engine.batch.needed import columns_needed
from engine.batch.run import RunRequest
from engine.campaigns.conduct import FIELDS
from engine.language.fields import EXCHANGE_FIELDS
from engine.language.load import find_rules, require_pack
from engine.language.model.links import Connector, Slicing
from fixtures.generate import generate
from fixtures.scale import Scale

EVERY = frozenset(columns(EXCHANGE_FIELDS))


def test_columns_that_nothing_looks_at_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generate(Scale(20_000, 1_000, 10), 5, tmp_path)
    pack, request = require_pack(find_rules()), RunRequest(str(tmp_path))
    narrow = batch.run(pack, request, None)
    monkeypatch.setattr(batch, "columns_needed", lambda _: EVERY)
    assert not columns_needed(pack) >= EVERY
    wide = batch.run(pack, request, None)
    assert wide.records is not None
    assert narrow.records is not None
    recorded_us = narrow.records.run.recorded_us
    assert narrow.records.findings
    assert narrow.records == replace(
        wide.records, run=replace(wide.records.run, recorded_us=recorded_us)
    )


def test_what_links_share_is_needed_and_whether_it_is_known() -> None:
    pack = require_pack(find_rules())
    shared = (Connector("ip/24"), Connector("account.plan"))
    links = replace(pack.links[0], connectors=shared, slices=None)
    bare = replace(pack, policies=(), responses=(), links=())
    more = columns_needed(replace(bare, links=(links,))) - columns_needed(bare)
    assert more == {"ip", "ip_network"}
    sliced = replace(links, slices=Slicing(("tools_sig",)))
    more = columns_needed(replace(bare, links=(sliced,))) - columns_needed(bare)
    assert more == {"ip", "ip_network", "end_user_id", *FIELDS}
