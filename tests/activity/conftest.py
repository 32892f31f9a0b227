"""A workspace for each test, and the shipped mapping of Bedrock's records."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from engine.activity.text import register
from engine.activity.workspace import Workspace
from engine.language.model.pack import Source

_RULES = Path(__file__).parents[2] / "rules"


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    with Workspace(memory="500MB", threads=2) as workspace:
        register(workspace.connection)
        yield workspace


@pytest.fixture(scope="session")
def bedrock() -> Source:
    document = yaml.safe_load((_RULES / "sources" / "bedrock.yaml").read_text())
    return Source(
        document["source"],
        document["title"],
        document["kind"],
        tuple(document["fields"].items()),
        document["where"],
    )
