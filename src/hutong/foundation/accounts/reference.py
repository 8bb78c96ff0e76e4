"""Writes the page of roles and rights from the one table that decides them."""

from __future__ import annotations

from pathlib import Path

from hutong.foundation.accounts import rights

NAME = "roles.md"
_LEVELS = {
    "village": "village",
    "township": "township",
    "county": "county",
    "city": "city",
    "country": "country",
}


def page() -> str:
    """The whole page as Markdown."""
    lines = [
        "# Roles and rights",
        "",
        "Generated from `hutong/foundation/accounts/rights.py`; do not edit. A person holds posts, a post has a role, a role "
        "holds rights. Nothing else grants anything, and a right reaches only the places of the post.",
        "",
        "## Roles",
        "",
        "| Role | Title | Stands at | Rights |",
        "|---|---|---|---|",
    ]
    for role in rights.ROLES.values():
        held = ", ".join(f"`{right}`" for right in rights.RIGHTS if right in role.rights)
        lines.append(f"| `{role.code}` | {role.label} | {_LEVELS[role.level]} | {held} |")
    lines += ["", "## Rights", "", "| Right | Meaning | Held by |", "|---|---|---|"]
    for right, meaning in rights.RIGHTS.items():
        holders = "、".join(role.label for role in rights.ROLES.values() if right in role.rights)
        lines.append(f"| `{right}` | {meaning} | {holders} |")
    lines += [
        "",
        "## Never by the same person on the same thing",
        "",
        "| First act | Second act | Rule |",
        "|---|---|---|",
    ]
    lines += [f"| `{first}` | `{second}` | {sentence} |" for first, second, sentence in rights.APART]
    return "\n".join(lines) + "\n"


def write(directory: Path, check: bool = False) -> bool:
    """Write ``roles.md`` into ``directory``; with ``check`` only say whether it is what it should be."""
    path = directory / NAME
    if check:
        return path.exists() and path.read_text(encoding="utf-8") == page()
    directory.mkdir(parents=True, exist_ok=True)
    path.write_text(page(), encoding="utf-8")
    return True
