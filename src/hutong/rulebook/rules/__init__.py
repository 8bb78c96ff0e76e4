"""The rules themselves. Importing this package declares them all."""

from hutong.rulebook.rules import (
    alerts,
    amounts,
    benefits,
    categories,
    classes,
    evidence,
    parents,
    projects,
    tags,
    visits,
)

__all__ = [
    "alerts",
    "amounts",
    "benefits",
    "categories",
    "classes",
    "evidence",
    "parents",
    "projects",
    "tags",
    "visits",
]
