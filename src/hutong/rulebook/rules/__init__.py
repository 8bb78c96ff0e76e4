"""The rules themselves. Importing this package declares them all."""

from hutong.rulebook.rules import amounts, categories, evidence, parents

__all__ = ["amounts", "categories", "evidence", "parents"]
