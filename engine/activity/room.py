"""A workspace within another one: its own tables, in a database process that is there already."""

from __future__ import annotations

from itertools import count

from engine.activity.scratch import Scratch
from engine.activity.workspace import Workspace

_NUMBERS = count(1)


class Room(Workspace):
    """For little activity of which much is tried, such as the tests of a pack.

    Opening a database process takes ten times as long and 4 MB more. What is set for the house
    (memory, threads) holds in its rooms; no table of one is seen in another.
    """

    def __init__(self, house: Workspace) -> None:
        """Open it; the house must stay open longer."""
        self._scratch = Scratch()
        self.folder = self._scratch.path
        self.limit_bytes = house.limit_bytes
        self._connection = house.connection.cursor()
        self._hall = str(self.value("SELECT current_database()"))
        self._name = f"room{next(_NUMBERS)}"
        self.execute(f"ATTACH ':memory:' AS {self._name}")
        self.execute(f"USE {self._name}")
        self.execute("SET TimeZone = 'UTC'")

    def close(self) -> None:
        """Drop its tables and its folder."""
        self.execute(f'USE "{self._hall}"')
        self.execute(f"DETACH {self._name}")
        super().close()
