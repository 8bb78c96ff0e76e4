"""Dated limits of what is taken in (``limits.yaml``). No Django: the sandbox reads them too."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from hutong.kernel.terms import Terms

TERMS: Final = Terms(Path(__file__).with_name("limits.yaml"))
value = TERMS.number
