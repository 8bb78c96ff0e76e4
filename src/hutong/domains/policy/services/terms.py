"""Dated working terms of simulation (``data/terms.yaml``)."""

from pathlib import Path
from typing import Final

from hutong.kernel.terms import Terms

TERMS: Final = Terms(Path(__file__).parent.parent / "data" / "terms.yaml")
value = TERMS.number
