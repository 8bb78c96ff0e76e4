from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate


def _after_migrate(*, using: str, **_: Any) -> None:
    # The last word of every migration run: the web role's rights. Django's own signal is the only hook there is.
    if settings.DB_AS_OWNER:
        from hutong.foundation.access import grants

        grants.give(using)


class AccessConfig(AppConfig):
    name = "hutong.foundation.access"
    label = "access"
    verbose_name = "权限"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(_after_migrate, sender=self)

        from hutong.foundation.access import checks, explaining  # noqa: F401  (checks register themselves)
        from hutong.foundation.access.shell import Entry, register

        explaining.register(
            explaining.Explainer(
                "assigned",
                "指派",
                15,
                "SELECT id::text FROM access_assignment WHERE child_id = %(child)s AND post_id = %(post)s "
                "AND since <= %(day)s AND (until IS NULL OR until > %(day)s)",
            )
        )

        # pages of the apps below, which cannot know the frame
        register(Entry("机构和岗位", "network:bodies", "network", "network.view", order=80))
        register(Entry("账号管理", "access:people", "user", "account.manage", order=90))
        register(Entry("查阅和变更日志", "access:reads", "eye", "audit.view", order=95))
