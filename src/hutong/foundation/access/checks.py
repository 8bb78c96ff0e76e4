"""What ``hutong manage check --deploy --database default`` looks at besides Django's own: is this installation as it must be?

Errors stop a deployment; each says how to mend it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError, connection

from hutong.foundation.access import vault
from hutong.foundation.access.models import COMPARTMENTS
from hutong.foundation.accounts import identity
from hutong.kernel.cipher import CipherError

LOOPBACK: Final = {"127.0.0.1", "::1", "localhost", ""}
_ROLE = """SELECT role.rolsuper, role.rolbypassrls, role.rolcreaterole,
  (SELECT count(*) FROM pg_class WHERE relowner = role.oid AND relkind IN ('r', 'p')),
  (SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), inet_client_addr() IS NULL,
  current_setting('synchronous_commit'), current_setting('synchronous_standby_names')
  FROM pg_roles role WHERE role.rolname = current_user"""


@register(Tags.security, deploy=True)
def keys_and_files(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Keys are there and readable by this user alone; uploads lie outside what the web server hands out."""
    return [*_keys(), *_private(), *_uploads(), *_provider()]


def _keys() -> Iterator[CheckMessage]:
    if not settings.KEY_FILE:
        yield Warning(
            "字段密钥由主密钥派生，无法换钥。",
            hint="用 hutong keys make 建密钥文件，写入 HUTONG_KEY_FILE。",
            id="hutong.W001",
        )
        return
    try:
        vault.token("check", "check")
    except CipherError as error:
        yield Error(str(error), hint="见 docs/how-to/production.md 第 3 节。", id="hutong.E001")
        return
    if missing := sorted(name for name in COMPARTMENTS if not vault.available(name)):
        yield Warning(
            f"密钥文件里没有专管密钥：{'、'.join(missing)}；本机不能打开或写入这些专管资料。",
            hint="如有意如此，可用 SILENCED_SYSTEM_CHECKS；否则补上密钥。",
            id="hutong.W002",
        )


def _private() -> Iterator[CheckMessage]:
    for path in (settings.AUDIT_KEY, settings.UPLOADS):
        if path.exists() and path.stat().st_mode & 0o007:
            yield Error(f"{path} 对其他用户开放。", hint=f"chmod o-rwx {path}", id="hutong.E002")
    if not os.access(settings.UPLOADS if settings.UPLOADS.exists() else settings.UPLOADS.parent, os.W_OK):
        yield Error(f"不能写入 {settings.UPLOADS}。", hint="检查 HUTONG_UPLOADS 的属主。", id="hutong.E003")


def _provider() -> Iterator[CheckMessage]:
    hint = "见 docs/how-to/sign-in.md；补齐之前登录页不显示这个按钮。"
    for problem in identity.problems():
        yield Error(f"统一身份认证没有配全：{problem}", hint=hint, id="hutong.E005")
    secret = Path(settings.OIDC_SECRET_FILE) if settings.OIDC_SECRET_FILE else None
    if secret is not None and secret.is_file() and secret.stat().st_mode & 0o007:
        yield Error(f"{secret} 对其他用户开放。", hint=f"chmod o-rwx {secret}", id="hutong.E002")


def _uploads() -> Iterator[CheckMessage]:
    if Path(settings.STATIC_ROOT).resolve() in [
        settings.UPLOADS.resolve(),
        *settings.UPLOADS.resolve().parents,
    ]:
        yield Error(
            "上传的文件放在网站公开的目录之内。", hint="把 HUTONG_UPLOADS 移到别处。", id="hutong.E004"
        )


@register(Tags.database, deploy=True)
def database_login(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """The process owns nothing, comes encrypted, and what is committed stays committed."""
    if not databases or settings.DB_AS_OWNER:
        return []
    try:
        with connection.cursor() as cursor:
            cursor.execute(_ROLE)
            superuser, bypasses, makes_roles, owned, encrypted, by_socket, commit, standbys = (
                cursor.fetchone()
            )
    except DatabaseError:
        return [Error("数据库没有应答。", hint="检查 DATABASE_URL 和证书。", id="hutong.E010")]
    found: list[CheckMessage] = []
    if superuser or bypasses or makes_roles or owned:
        found.append(
            Error(
                "应用以能绕过行级权限的角色登录数据库。",
                hint="DATABASE_URL 应为只被授权的 hutong_web。",
                id="hutong.E011",
            )
        )
    if not encrypted and not by_socket and connection.settings_dict["HOST"] not in LOOPBACK:
        found.append(
            Error(
                "到数据库的连接没有加密。", hint="在 DATABASE_URL 加 sslmode=verify-full。", id="hutong.E012"
            )
        )
    if commit == "off":
        found.append(
            Error("synchronous_commit 已关闭，断电会丢失已确认的办理。", hint="改为 on。", id="hutong.E013")
        )
    if not standbys:
        found.append(
            Warning(
                "没有同步接收日志的副本，磁盘损坏会丢失最近的办理。",
                hint="见 docs/how-to/production.md 第 5 节。",
                id="hutong.W014",
            )
        )
    return found
