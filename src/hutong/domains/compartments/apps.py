from django.apps import AppConfig


class CompartmentsConfig(AppConfig):
    name = "hutong.domains.compartments"
    label = "compartments"
    verbose_name = "专管"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hutong.domains.compartments import panels, permissions
        from hutong.domains.compartments.machines import named
        from hutong.domains.registry import panels as registry
        from hutong.foundation.access import shell
        from hutong.foundation.access.models import NamedPerson
        from hutong.foundation.workflow import machines

        machines.register(NamedPerson, named.MACHINE)
        assert permissions
        registry.register(registry.Panel("sealed", "专管资料", 90, "sealed.view", panels.sealed))
        shell.register(
            shell.Entry(
                "专管事项",
                "compartments:mine",
                "shield",
                "sealed.view",
                60,
                shown=lambda acting: bool(acting.sealed),
            )
        )
        shell.register(shell.Entry("专管名单", "compartments:people", "shield", "sealed.people", 85))
