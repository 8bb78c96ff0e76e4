"""``hutong api …``: receipts checked, the description written."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.group("api", help="部门接口：验证回执、查看平台公钥。")
def api() -> None:
    """Filled below."""


@api.command("verify-receipt", help="验证一份回执（JSON 文件）的签名，打印其中内容；不成立时返回 1。")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--public-key", default="", help="平台公钥（Base64）；不写则用本系统的密钥")
def verify_receipt(file: Path, public_key: str) -> None:
    from hutong.delivery.api.services import receipts
    from hutong.kernel.cipher import CipherError

    try:
        told = json.loads(file.read_text("utf-8"))
        facts = receipts.verify(told if isinstance(told, dict) else {}, public_key)
    except (ValueError, CipherError) as error:
        sentence = "文件不是有效的 JSON。" if isinstance(error, json.JSONDecodeError) else str(error)
        click.echo(sentence, err=True)
        raise SystemExit(1) from None
    click.echo("签名成立。")
    for name, value in facts.items():
        click.echo(f"  {name}: {value}")


@api.command("platform-key", help="打印平台的回执公钥和指纹，供各部门核对。")
def platform_key() -> None:
    from hutong.delivery.api.services import receipts
    from hutong.kernel import signing

    told = receipts.platform_key()
    click.echo(
        f"编号 {told['id']}\n公钥 {told['public_key']}\n指纹 {signing.fingerprint(told['public_key'])}"
    )
