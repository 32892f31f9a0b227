"""Example text with the personal and the secret parts masked.

Masked by default and on both sides: the batch redacts what it writes to the ledger, and the
terminal redacts again what it shows. All patterns are RE2, so time is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import re2

from engine.review.escape import CONTROLS, INVISIBLES, UNPRINTABLE, printable

MASK = "████"

_WINDOW = 16_384
"""At least as many characters are read for an excerpt; the rest of a long prompt is not shown."""
_EDGE = 1_024
"""What lies this close to the end of the window may be half a secret, and is dropped."""

_STYLING = re.compile(r"(?:\x1b\[|\x9b)[0-?]{0,64}[ -/]{0,16}[@-~]?")
"""CSI sequences carry no text. What other sequences carry stays readable: a model read it too."""
_SPACE = re.compile(r"[\s\x85\u2028\u2029]+")
_INVISIBLE = re.compile(f"[{INVISIBLES}]")
_UNSHOWN = re.compile(f"[{CONTROLS}{UNPRINTABLE}\U000e0000-\U000e0fff]+")
"""Tags among them: a prompt smuggled in as tags must leave a trace."""

_SECRETS = "|".join(  # noqa: FLY002 -- one kind of secret a line
    (
        (
            r"(?P<assigned>(?i:passwords?|passwd|passphrase|pwd|secret|token|api[_ -]?key|bearer)"
            r"[\"']?\s*(?:[:=]|\bis\b)\s*[\"']?)(?P<secret>[^\s\"'█]+)"
        ),
        r"(?P<url>[A-Za-z][A-Za-z0-9+.-]*://[^\s\"'<>]+)",
        r"(?P<email>[\p{L}\p{N}._%+'-]+[@\x{FF20}][\p{L}\p{N}.-]*[\p{L}\p{N}]\.\p{L}[\p{L}\p{N}-]*)",
        (
            r"(?P<prefixed>\b(?:sk|pk|rk|ghp|gho|ghu|ghs|ghr|glpat|xox[abeprs]|AKIA|ASIA|AIza|ya29|eyJ)"
            r"[-_.]?[A-Za-z0-9_.-]{8,})"
        ),
        r"(?P<address>\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b|(?:[0-9A-Fa-f]{0,4}:){4,7}[0-9A-Fa-f]{1,4})",
        r"(?P<identity>\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b)",  # IBAN
        r"(?P<token>[A-Za-z0-9_+/=-]{20,})",
        r"(?P<digits>\+?\(?\p{Nd}(?:[ \t.()/\p{Pd}]{0,2}\p{Nd}){6,})",
    )
)


def redact(text: str, limit: int = 160) -> str:
    """Return `text` as one printable line of at most `limit` characters, secrets masked.

    Controls, styling sequences and lone surrogates become U+FFFD; zero-width and bidi characters
    go, so that they cannot hide a secret from the patterns. E-mail addresses, runs of seven or
    more digits, keys and tokens, network addresses, and what follows `?` or `#` in a URL become
    `████ 14 chars, email`. A text cut short ends in `…`.
    """
    masked, whole = _masked(text)
    if whole and len(masked) <= limit:
        return masked
    return masked[: max(limit - 1, 0)].rstrip() + "…"


def mask(length: int, kind: str) -> str:
    """Return what stands for `length` hidden characters."""
    return f"{MASK} {length:,} chars, {kind}"


def _masked(text: str) -> tuple[str, bool]:
    """Return the masked text, and whether that is all of it."""
    window = text[:_WINDOW]
    clean = _clean(window)
    if len(window) == len(text):
        return _mask_all(clean), True
    return _mask_all(clean, before=max(len(clean) - _EDGE, 0)), False


def _clean(text: str) -> str:
    unsteered = _SPACE.sub(" ", _STYLING.sub("\ufffd", text))
    return printable(_INVISIBLE.sub("", _UNSHOWN.sub("\ufffd", unsteered))).strip()


@cache
def _pattern(source: str) -> Any:  # noqa: ANN401 -- google-re2 has no types
    return re2.compile(source)


def _mask_all(text: str, before: int | None = None) -> str:
    """Return `text` with every secret that starts in front of `before` masked, and cut there."""
    end = len(text) if before is None else before
    parts: list[str] = []
    seen = 0
    for found in _pattern(_SECRETS).finditer(text):
        if found.start() >= end:
            break
        kind = found.lastgroup
        parts += (text[seen : found.start()], _REPLACE[kind](found))
        seen = found.end()
    parts.append(text[seen:end])
    return "".join(parts)


def _plainly(kind: str) -> Callable[[re.Match[str]], str]:
    return lambda found: mask(len(found.group()), kind)


def _assigned(found: re.Match[str]) -> str:
    return found.group("assigned") + mask(len(found.group("secret")), "secret")


def _url(found: re.Match[str]) -> str:
    """Keep scheme, host and path; mask credentials, what follows the path, and secrets in it."""
    scheme, _, rest = found.group().partition("://")
    cut = min((at for at in (rest.find("?"), rest.find("#")) if at >= 0), default=len(rest))
    place, query = rest[:cut], rest[cut:]
    host, slash, path = place.partition("/")
    if "@" in host:
        host = f"{MASK}@{host.rpartition('@')[2]}"
    bare = not query[1:] or query.startswith(MASK, 1)
    hidden = query if bare else f"{query[0]}{mask(len(query) - 1, 'query')}"
    return f"{scheme}://{host}{_mask_path(slash + path)}{hidden}"


def _mask_path(path: str) -> str:
    return "/".join(_mask_all(part) for part in path.split("/"))


def _token(found: re.Match[str]) -> str:
    """Mask what looks drawn at random; leave long words, and the path of a file, readable."""
    text = found.group()
    digits = sum(map(str.isdigit, text))
    mixed = digits and text != text.lower() and text != text.upper()
    if mixed or digits * 8 >= len(text):
        return mask(len(text), "token")
    return str(_pattern(_DIGITS).sub(_digits, text))


_CARD_DIGITS = range(13, 20)
_PHONE_DIGITS = 15
"""ITU-T E.164 has no longer numbers."""
_SOCIAL_SECURITY = re.compile(r"\d{3}-\d{2}-\d{4}")
_DIGITS = r"\+?\p{Nd}(?:[.()/\p{Pd}_]{0,2}\p{Nd}){6,}"


def _digits(found: re.Match[str]) -> str:
    text = found.group()
    digits = [int(character) for character in text if character.isdecimal()]
    if len(digits) in _CARD_DIGITS and _luhn(digits):
        return mask(len(text), "card")
    if _SOCIAL_SECURITY.fullmatch(text):
        return mask(len(text), "identity")
    phone = text[0] in "+(" or (len(digits) <= _PHONE_DIGITS and not text.isdecimal())
    return mask(len(text), "phone" if phone else "digits")


def _luhn(digits: list[int]) -> bool:
    """Return whether the check digit fits: ISO/IEC 7812-1, annex B."""
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


_REPLACE: dict[str | None, Callable[[re.Match[str]], str]] = {
    "secret": _assigned,
    "url": _url,
    "email": _plainly("email"),
    "prefixed": _plainly("key"),
    "address": _plainly("address"),
    "identity": _plainly("identity"),
    "token": _token,
    "digits": _digits,
}
