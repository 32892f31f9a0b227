"""Work for a Textual worker that may never get to begin."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, ParamSpec, cast

from textual.worker import WorkType

P = ParamSpec("P")


def later(
    work: Callable[P, Coroutine[Any, Any, None]], *args: P.args, **kwargs: P.kwargs
) -> WorkType[None]:
    """Return a call that a worker makes when it begins.

    A coroutine made beforehand complains when its worker is cancelled first, as happens to every
    preview that the cursor passes by.
    """
    return cast("WorkType[None]", partial(work, *args, **kwargs))
