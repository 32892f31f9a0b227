"""What the tones look like in a theme.

Styles are worked out once a theme rather than by component classes: fourteen of them on every
widget made each change of focus restyle hundreds of nodes.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from rich.style import Style
from textual.color import Color

from tui.tone import Tone

_DIM = 0.38
_CURSOR = 0.7
"""How far the background shows through dim text, and through the cursor's colour."""

_COLOURS = {
    Tone.ACCENT: "text-accent",
    Tone.MET: "text-warning",
    Tone.UNDECIDED: "text-secondary",
    Tone.CRITICAL: "text-error",
    Tone.HIGH: "text-warning",
    Tone.MEDIUM: "text-primary",
    Tone.GOOD: "text-success",
    Tone.BAD: "text-error",
}
_BOLD = frozenset(
    {Tone.STRONG, Tone.HEADING, Tone.MET, Tone.UNDECIDED, Tone.CRITICAL, Tone.HIGH, Tone.CURSOR}
)


def tone_styles(variables: Mapping[str, str]) -> Mapping[Tone, Style]:
    """Return the style of each tone under a theme's variables."""
    names = ("foreground", "background", "primary", *_COLOURS.values())
    return _styles(tuple((name, variables.get(name, "ansi_default")) for name in names))


@lru_cache(maxsize=16)
def _styles(variables: tuple[tuple[str, str], ...]) -> Mapping[Tone, Style]:
    colours = {name: Color.parse(value) for name, value in variables}
    ground = colours["background"]
    made: dict[Tone, Style] = {}
    for tone in Tone:
        colour = colours.get(_COLOURS.get(tone, ""))
        if tone in (Tone.DIM, Tone.LOW):
            colour = colours["foreground"].blend(ground, _DIM)
        made[tone] = Style(
            color=colour.rich_color if colour else None,
            bgcolor=(
                colours["primary"].blend(ground, _CURSOR).rich_color
                if tone is Tone.CURSOR
                else None
            ),
            bold=True if tone in _BOLD else None,
        )
    return made
