"""Addresses in the database are addresses in Python, however they are written."""

from __future__ import annotations

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from engine.activity.address import (
    address_network,
    address_number,
    address_text,
    canonical_sql,
    network_sql,
    number_sql,
)
from engine.activity.workspace import Workspace

_GROUP = st.sampled_from(["0", "0", "1", "a0", "00ff", "ffff", "FEED", "10000", "g"])
_SPELLING = st.lists(_GROUP | st.just(""), min_size=1, max_size=9).map(":".join)
_ADDRESS = st.ip_addresses(v=4).map(str) | st.ip_addresses(v=6).map(str) | _SPELLING


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=100
)
@given(st.lists(_ADDRESS | _SPELLING.map("{}::".format), min_size=1, max_size=60))
@example(["1::", "1:2:3:4:5:6::", "1:2:3:4:5:6:7::", "::", "0:1::2", "1:0:2::3", "1::2:0:3"])
@example(["2001:db8::1", "2001:db8:1::1", "2001:db8:1:2:3:4:5:6", "::ffff:1.2.3.4", "1.2.3.4"])
@example(["01.2.3.4", "1:2:3:4:5:6:7:8:9", "1:2::3:4:5:6:7", "1:2:3::4:5:6:7", "1::2::3"])
def test_the_database_and_python_agree(workspace: Workspace, texts: list[str]) -> None:
    rows = "SELECT unnest($1::VARCHAR[]) AS t, generate_subscripts($1::VARCHAR[], 1) AS i"
    rows = f"SELECT {canonical_sql('t')} AS c, i FROM ({rows})"
    columns = f"c, {network_sql('c')}, CAST({number_sql('c')} AS VARCHAR)"
    found = workspace.rows(f"SELECT {columns} FROM ({rows}) ORDER BY i", [texts])
    expected = []
    for text in map(address_text, texts):
        pair = (address_network(text), address_number(text)) if text else (None, None)
        expected.append((text or None, *pair))
    assert found == expected
