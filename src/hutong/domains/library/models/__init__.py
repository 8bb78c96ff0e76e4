"""Documents with their clauses, links and relations; what is to be reviewed."""

from hutong.domains.library.models.documents import Clause, Document, Link, Relation
from hutong.domains.library.models.reviews import Review

__all__ = ["Clause", "Document", "Link", "Relation", "Review"]
