"""The one place that knows the database engine: every backend difference stands here, nobody else imports it.

DuckDB in process, reached through SQL.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import pyarrow as pa

from hutong.linkage.errors import LinkageError


class Engine:
    """One comparison's workspace. Tables live in memory and spill to a temporary folder above ``memory``."""

    def __init__(self, memory: str = "2GB", threads: int | None = None, beside: int = 0) -> None:
        """``memory`` is meant for the process: the engine gets what ``beside`` (bytes already held) leaves of it."""
        total = _bytes(memory)
        self._spill = tempfile.TemporaryDirectory(prefix="hutong-compare-")
        self._con: Any = duckdb.connect(config={"temp_directory": str(Path(self._spill.name))})
        self._con.execute(
            f"SET memory_limit = '{max(int((total - beside) * 0.85), total // 3) // 1_000_000}MB'"
        )
        if threads is not None:
            self._con.execute(f"SET threads = {int(threads)}")

    @property
    def name(self) -> str:
        return f"duckdb {duckdb.__version__}"

    def register(self, name: str, table: pa.Table) -> None:
        """Show an Arrow table to SQL under ``name`` without copying it."""
        self._con.register(name, table)

    def sql(self, statement: str) -> None:
        self._run(statement)

    def drop(self, *tables: str) -> None:
        """Give back the memory of tables no later step reads."""
        for table in tables:
            self._run(f"DROP TABLE IF EXISTS {table}")

    def arrow(self, query: str) -> pa.Table:
        return self._run(query).to_arrow_table()

    def value(self, query: str) -> Any:
        return self._run(query).fetchall()[0][0]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return list(self._run(query).fetchall())

    def _run(self, statement: str) -> Any:
        try:
            return self._con.execute(statement)
        except duckdb.OutOfMemoryException as error:
            raise LinkageError(
                "内存不够，没有写出结果。请用 --memory 放宽内存上限，或在内存更大的机器上运行。"
            ) from error

    def interrupt(self) -> None:
        self._con.interrupt()

    def close(self) -> None:
        self._con.close()
        self._spill.cleanup()

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


_UNITS = {"KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}


def _bytes(memory: str) -> int:
    text = memory.strip().upper()
    number, unit = text[:-2].strip(), text[-2:]
    if unit not in _UNITS or not number.replace(".", "", 1).isdigit():
        raise LinkageError(f"内存上限“{memory}”应写成 2GB 或 800MB 这样的形式。")
    return int(float(number) * _UNITS[unit])
