from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "hutong.delivery.web"
    label = "web"
    verbose_name = "门户"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hutong.foundation.access.shell import Entry, register
        from hutong.foundation.workflow import selectors

        register(Entry("我的工作", "web:home", "home", None, order=0, count=selectors.count_mine))
