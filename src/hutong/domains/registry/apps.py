from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "hutong.domains.registry"
    label = "registry"
    verbose_name = "档案"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hutong.domains.registry.machines.child_file import CHILD_FILE
        from hutong.domains.registry.models import Child
        from hutong.foundation.access import shell
        from hutong.foundation.workflow import machines

        machines.register(Child, CHILD_FILE, area="residence_area", child="pk")
        shell.register(shell.Entry("儿童档案", "registry:search", "child", "child.search", 20))
