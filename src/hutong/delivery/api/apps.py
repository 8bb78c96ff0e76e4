from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "hutong.delivery.api"
    label = "api"
    verbose_name = "部门接口"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hutong.delivery.api.machines import key
        from hutong.delivery.api.models import Key
        from hutong.foundation.access.shell import Entry, register
        from hutong.foundation.workflow import machines

        machines.register(Key, key.MACHINE)
        register(Entry("部门接口", "door:systems", "network", "door.view", order=65))
