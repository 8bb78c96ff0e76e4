"""The state diagrams in the documents, generated from the registered tables."""

from __future__ import annotations

from pathlib import Path

from hutong.foundation.workflow import machines


def write(directory: Path, check: bool = False) -> list[str]:
    """One page per machine, an index, and nothing else in ``directory``.

    Returns the names of pages that differed; ``check`` only compares.
    """
    found = {f"{one.name}.md": one.markdown() for one in machines.all_machines()}
    lines = [
        "# State machines",
        "",
        "Generated from the tables; `make docs` writes them, `make check` compares.",
        "",
    ]
    lines += [f"- [{one.label}]({one.name}.md)" for one in machines.all_machines()]
    found["README.md"] = "\n".join(lines) + "\n"
    present = {path.name: path.read_text("utf-8") for path in sorted(directory.glob("*.md"))}
    differing = sorted(name for name in found.keys() | present.keys() if found.get(name) != present.get(name))
    if not check:
        directory.mkdir(parents=True, exist_ok=True)
        for name in differing:
            if name in found:
                (directory / name).write_text(found[name], "utf-8")
            else:
                (directory / name).unlink()
    return differing
