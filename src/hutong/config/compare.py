"""``hutong compare``: the comparison over files alone. Here linkage is handed the rulebook (ADR 0009)."""

from hutong.linkage.cli import make_command
from hutong.rulebook import book

compare = make_command(book)
