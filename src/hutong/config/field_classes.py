"""The register of fields (``fields.yaml``): class of every field, and where sensitive ones are opened (ADR 0032)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from django.apps import apps

REGISTER = Path(__file__).parent / "fields.yaml"


@dataclass(frozen=True)
class Opening:
    """``names`` may be read in clear in the file, by people who hold ``right`` (several: whoever holds one of them)."""

    names: frozenset[str]
    rights: frozenset[str]
    why: str = ""


@dataclass(frozen=True)
class Register:
    classes: Mapping[str, Mapping[str, str | int]]
    in_clear: frozenset[str]
    opens: Mapping[str, Opening]
    tables: Mapping[str, Mapping[str, Sequence[str]]]

    def of_class(self, wanted: str) -> set[str]:
        """Names of the fields of a class, whatever their table."""
        return {name for rows in self.tables.values() for name in rows.get(wanted, ())}

    def only_of_people(self) -> set[str]:
        """Names that only fields about a person have, references apart (an address may name a file by its public id)."""
        links = {
            field.name
            for model in apps.get_models()
            for field in model._meta.concrete_fields
            if field.is_relation or field.name.endswith("_id")
        }
        return self.of_class("personal") - self.of_class("service") - links


def load(path: Path = REGISTER) -> Register:
    said = yaml.safe_load(path.read_text())
    opens = {
        name: Opening(frozenset(one["names"]), frozenset(one["right"].split("|")), one.get("why", ""))
        for name, one in said["opens"].items()
    }
    return Register(said["classes"], frozenset(said["in_clear"]), opens, said["tables"])


def fields() -> dict[str, list[str]]:
    """Table (``app.Model``) → its fields, as the models say."""
    models = apps.get_models(include_auto_created=True)
    return {model._meta.label: [field.name for field in model._meta.concrete_fields] for model in models}


def unclassified(register: Register, known: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """What differs between the register and the tables, a line each."""
    for table, names in known.items():
        classed = [name for rows in register.tables.get(table, {}).values() for name in rows]
        yield from (f"{table}.{name} has no class" for name in names if name not in classed)
        yield from (f"{table}.{name} is classed but does not exist" for name in classed if name not in names)
        yield from (f"{table}.{name} is classed twice" for name in set(classed) if classed.count(name) > 1)
    yield from (f"{table} is classed but does not exist" for table in register.tables if table not in known)
    yield from (
        f"{table}: no class called {one}"
        for table, rows in register.tables.items()
        for one in rows
        if one not in register.classes
    )


def page(register: Register) -> str:
    """The register for people: which field of which table is of which class."""
    lines = ["# Field classes", "", "| class | 名称 | 规则 | fields |", "|---|---|---|---|"]
    for name, said in register.classes.items():
        count = sum(len(rows.get(name, ())) for rows in register.tables.values())
        lines.append(f"| {said['level']} `{name}` | {said['label']} | {said['rule']} | {count} |")
    lines += [
        "",
        "Sensitive fields are read in clear only here:",
        "",
        "| file | what | right |",
        "|---|---|---|",
    ]
    for path, one in register.opens.items():
        rights = ", ".join(f"`{right}`" for right in sorted(one.rights))
        lines.append(
            f"| `{path}` | {', '.join(sorted(one.names))} | {rights}{'; ' + one.why if one.why else ''} |"
        )
    others = [name for name in register.classes if name != "service"]
    lines += ["", f"| table | {' | '.join(others)} |", f"|---|{'---|' * len(others)}"]
    for table, rows in register.tables.items():
        if any(rows.get(name) for name in others):
            cells = " | ".join(", ".join(f"`{one}`" for one in rows.get(name, ())) for name in others)
            lines.append(f"| {table} | {cells} |")
    return "\n".join(lines)
