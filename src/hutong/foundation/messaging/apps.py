from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "hutong.foundation.messaging"
    label = "messaging"
    verbose_name = "通知"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hutong.foundation.access import shell
        from hutong.foundation.messaging import handlers, selectors

        assert handlers
        shell.register_notices(selectors.count_unread)
