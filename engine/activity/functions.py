"""What source mappings can call besides the functions of JMESPath."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from jmespath import functions as standard

_signature: Callable[..., Callable[[Any], Any]] = standard.signature
_SPEAKERS_OF_THE_SYSTEM = frozenset({"system", "developer"})


class MappingFunctions(standard.Functions):
    """The functions, named without their prefix: `parse_json(x)` and so on."""

    @_signature({"types": []})
    def _func_parse_json(self, text: object) -> object:
        """JSON text becomes its value; anything else, or bad text, null."""
        return parsed(text)

    @_signature({"types": []})
    def _func_text_of(self, content: object) -> str | None:
        """The text of a content: a text, or a list of parts with `text`; null if it has none."""
        return text_of(content)

    @_signature({"types": []})
    def _func_last_user(self, messages: object) -> str | None:
        """The text of the last message of the user that has any."""
        if not isinstance(messages, list):
            return text_of(messages)
        return next(_texts(reversed(messages), frozenset({"user"})), None)

    @_signature({"types": []})
    def _func_system_of(self, messages: object) -> str | None:
        """The text of the first message of the system or the developer."""
        if not isinstance(messages, list):
            return None
        return next(_texts(messages, _SPEAKERS_OF_THE_SYSTEM), None)

    @_signature({"types": []}, {"types": ["string"]})
    def _func_after_last(self, text: object, mark: str) -> str | None:
        """What stands after the last occurrence of a mark; the whole text where there is none."""
        return text.rpartition(mark)[2] if isinstance(text, str) and mark else None

    @_signature({"types": []})
    def _func_count_of(self, items: object) -> int | None:
        """The length of a list or an object; null for anything else."""
        return len(items) if isinstance(items, list | dict) else None

    @_signature({"types": []})
    def _func_digest_of(self, value: object) -> str | None:
        """The digest of a list's elements in any order, or of another value; null for nothing."""
        if not value:
            return None
        parts = sorted(map(_canonical, value)) if isinstance(value, list) else [_canonical(value)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def parsed(text: object) -> object:
    """Return the value of JSON text, None if it is none."""
    if not isinstance(text, str):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def text_of(content: object) -> str | None:
    """Return the text of a message's content in any provider's form, None if it has none."""
    match content:
        case str():
            return content or None
        case list():
            texts = [text for part in content if (text := text_of(part))]
            return "\n".join(texts) or None
        case {"text": str(text)}:
            return text or None
        case {"role": _, "content": inner}:
            return text_of(inner)
    return None


def _texts(messages: Any, roles: frozenset[str]) -> Any:  # noqa: ANN401 - JSON of anyone's making
    for message in messages:
        if isinstance(message, dict) and message.get("role") in roles:
            text = text_of(message.get("content"))
            if text is not None:
                yield text


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
