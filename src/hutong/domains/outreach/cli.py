"""``hutong outreach find``: look now for what children seem entitled to and do not have."""

from __future__ import annotations

import os
import time

import click


@click.group()
def outreach() -> None:
    """政策找人：查找可享而未享的待遇。"""


@outreach.command("find")
@click.option("--area", default="", metavar="区划代码", help="只查这个地方（默认全部）")
def find(area: str) -> None:
    """立即查找一遍，与夜间任务相同；可重复运行。"""
    os.environ["HUTONG_DB_ROLE"] = "web"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hutong.config.settings")
    import django

    django.setup()
    from hutong.domains.outreach import services
    from hutong.kernel import areas

    if area:
        try:
            areas.level(areas.pad(area))
        except areas.AreaCodeError as error:
            raise click.UsageError(str(error)) from None
    began = time.monotonic()
    counts = services.find_everywhere(area)
    click.echo(
        f"查看 {counts.get('children', 0)} 名儿童：新发现 {counts.get('new', 0)} 项，更新 {counts.get('refreshed', 0)} 项，"
        f"自动结束 {counts.get('ended', 0)} 项；已有答复 {counts.get('remembered', 0)} 项，由线索办理 {counts.get('carried', 0)} 项；"
        f"尚不能判断 {counts.get('asked', 0)} 人。用时 {time.monotonic() - began:.1f} 秒。"
    )
