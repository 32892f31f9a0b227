"""Internet addresses: one spelling, one number and one network each."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache

_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
IPV4 = rf"(?:{_OCTET}\.){{3}}{_OCTET}"
"""An IPv4 address without leading zeros; the same in RE2 and Python."""

_GROUP = "[1-9a-f][0-9a-f]{0,3}"
_IPV6 = "|".join(
    [f"(?:{_GROUP}:){{7}}{_GROUP}"]
    + [f"(?:{_GROUP}:){{{n}}}:(?:{_GROUP}(?::{_GROUP}){{0,{5 - n}}})?" for n in range(1, 6)]
    + [f"(?:{_GROUP}:){{6}}:"]
)
"""Most canonical IPv6 addresses: those in which every group that is written is above zero."""
_IPV6_NETWORK = f"^{_GROUP}:{_GROUP}:{_GROUP}:"
"""What begins most canonical IPv6 addresses and is, with `:/48`, the text of their network."""

MAPPED = 0xFFFF_0000_0000
"""What is added to an IPv4 address to order it among IPv6 addresses (::ffff:a.b.c.d)."""

_V4_PORT = re.compile(rf"({IPV4})(?::[0-9]{{1,5}})?")
_V6_PORT = re.compile(r"\[([0-9A-Fa-f:.]+)(?:%[^\]]*)?\](?::[0-9]{1,5})?")
_LONGEST = 120


@lru_cache(maxsize=65536)
def address_text(text: str) -> str:
    """Return the canonical text of an address, `` if it is none; ports and zones are cut off."""
    text = text.strip()
    if len(text) > _LONGEST:
        return ""
    if plain := _V4_PORT.fullmatch(text):
        return plain[1]
    bracketed = _V6_PORT.fullmatch(text)
    bare = bracketed[1] if bracketed else text.partition("%")[0]
    try:
        address = ipaddress.IPv6Address(bare)
    except ValueError:
        return ""
    return str(address.ipv4_mapped or address)


@lru_cache(maxsize=65536)
def address_number(canonical: str) -> str:
    """Return the decimal number of a canonical address."""
    address = ipaddress.ip_address(canonical)
    return str(int(address) + (MAPPED if isinstance(address, ipaddress.IPv4Address) else 0))


@lru_cache(maxsize=65536)
def address_network(canonical: str) -> str:
    """Return the text of the IPv4 /24 or IPv6 /48 that a canonical address lies in."""
    prefix = 48 if ":" in canonical else 24
    return str(ipaddress.ip_network(f"{canonical}/{prefix}", strict=False))


def canonical_sql(raw: str) -> str:
    """Return SQL for the canonical text of a VARCHAR address; NULL if it is none."""
    return (
        f"CASE WHEN regexp_full_match({raw}, '{IPV4}|{_IPV6}') THEN {raw} "
        f"WHEN {raw} IS NOT NULL THEN nullif(address_text({raw}), '') END"
    )


def number_sql(canonical: str) -> str:
    """Return SQL for the UHUGEINT of a canonical address."""
    octets = " + ".join(
        f"(CAST(split_part({canonical}, '.', {part + 1}) AS BIGINT) << {24 - 8 * part})"
        for part in range(4)
    )
    return (
        f"CASE WHEN contains({canonical}, ':') "
        f"THEN CAST(address_number({canonical}) AS UHUGEINT) "
        f"WHEN {canonical} IS NOT NULL THEN CAST({octets} + {MAPPED} AS UHUGEINT) END"
    )


def network_sql(canonical: str) -> str:
    """Return SQL for the network of a canonical address."""
    return (
        f"CASE WHEN NOT contains({canonical}, ':') "
        f"THEN regexp_replace({canonical}, '[0-9]+$', '0/24') "
        f"WHEN regexp_matches({canonical}, '{_IPV6_NETWORK}') "
        f"THEN regexp_extract({canonical}, '{_IPV6_NETWORK}') || ':/48' "
        f"ELSE address_network({canonical}) END"
    )
