"""The facts of a registry folder on any day, without any department's list: what a simulation evaluates."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pyarrow as pa

from hutong.linkage import facts, people
from hutong.linkage.contract import REGISTRY
from hutong.linkage.engine import Engine
from hutong.linkage.errors import ContractError
from hutong.linkage.link import Thresholds, result
from hutong.linkage.run import Summary, read_folders


@contextmanager
def registry_facts(registry: Path, memory: str = "2GB") -> Iterator[Callable[[date], pa.Table]]:
    """Inside, a function from a day to one row a child in the columns of ``kernel.facts``. ContractError (Chinese) for a
    folder that is no registry."""
    if not registry.is_dir():
        raise ContractError(f"找不到档案文件夹“{registry}”，请核对路径。")
    with tempfile.TemporaryDirectory() as nothing, Engine(memory) as engine:
        checked = read_folders(registry, Path(nothing), Summary())
        numbers = people.Numbers()
        children = people.load_registry(engine, {code: checked[code].accepted for code in REGISTRY}, numbers)
        listed = people.load_lists(engine, {}, numbers)
        result.link(engine, Thresholds())

        def on(day: date) -> pa.Table:
            facts.derive(engine, day, children, listed)
            return engine.arrow("FROM told UNION ALL FROM untold")

        yield on
