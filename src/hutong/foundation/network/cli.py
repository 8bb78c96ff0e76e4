"""``hutong areas``: the list of places."""

from __future__ import annotations

import time
from pathlib import Path

import click

from hutong.kernel.areas import LEVEL_LABELS, LEVELS


@click.group()
def areas() -> None:
    """区划：载入全国或指定区县的地名。"""


def _codes(text: str) -> list[str] | None:
    return [code.strip() for code in text.split(",") if code.strip()] or None


@areas.command("load")
@click.option("--only", default="", help="只载入这些区划（6 位代码，逗号分隔）及其上下级；不填为全国")
@click.option(
    "--source", type=click.Path(exists=True, path_type=Path), help="已下载的区划包或 code,name 的 CSV"
)
def areas_load(only: str, source: Path | None) -> None:
    """载入地名；已载入的区县不改，新的清单请用 hutong areas diff 比对。"""
    from hutong.foundation.network.areas_loading import LEFT, load
    from hutong.foundation.network.areas_source import AreasUnavailable

    begun = time.monotonic()
    try:
        counts = load(_codes(only), source)
    except AreasUnavailable as error:
        raise click.ClickException(str(error)) from error
    for level in LEVELS:
        click.echo(f"{LEVEL_LABELS[level]}：{counts[level]:,}")
    if counts.get(LEFT):
        click.echo(f"另有 {counts[LEFT]:,} 处与现行区划不同，没有改动。请用 hutong areas diff 比对后办理。")
    click.echo(f"用时 {time.monotonic() - begun:.1f} 秒")


@areas.command("extract")
@click.option("--only", required=True)
@click.argument("target", type=click.Path(path_type=Path))
def areas_extract(only: str, target: Path) -> None:
    """从区划包抽取指定区县，写成随程序分发的小文件。"""
    from hutong.foundation.network.areas_loading import extract

    click.echo(f"写入 {extract(_codes(only) or [], target)} 行")
