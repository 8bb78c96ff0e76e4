"""Dated terms of the door (``door.yaml``)."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from hutong.kernel.terms import Terms

TERMS: Final = Terms(Path(__file__).with_name("door.yaml"))
value = TERMS.number
