"""Dated terms of the library (``data/terms.yaml``)."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from hutong.kernel.terms import Terms

TERMS: Final = Terms(Path(__file__).parent.parent / "data" / "terms.yaml")
