"""The whole route table, put together. How to add a row: the first lines of ``rows.py``."""

from __future__ import annotations

from .rows import KEY, OWN, PUBLIC, THIRD, Row, World
from .rows_compartments import ROWS as COMPARTMENTS
from .rows_domains import ROWS as DOMAINS
from .rows_door import ROWS as DOOR
from .rows_foundation import ROWS as FOUNDATION
from .rows_glass import ROWS as GLASS
from .rows_library import ROWS as LIBRARY
from .rows_workforce import ROWS as WORKFORCE

ROWS: tuple[Row, ...] = FOUNDATION + DOMAINS + COMPARTMENTS + GLASS + DOOR + WORKFORCE + LIBRARY

__all__ = ["KEY", "OWN", "PUBLIC", "ROWS", "THIRD", "Row", "World"]
