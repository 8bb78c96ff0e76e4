"""Policies as code: dated parameters in packs, rules as expressions, one child explained or millions decided."""

from hutong.rulebook.book import OUTPUTS, Book, Decision, book
from hutong.rulebook.explain import to_chinese
from hutong.rulebook.expr import RuleError
from hutong.rulebook.packs import Pack, PackError

__all__ = ["OUTPUTS", "Book", "Decision", "Pack", "PackError", "RuleError", "book", "to_chinese"]
