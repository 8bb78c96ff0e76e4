from django.apps import AppConfig


class GlassConfig(AppConfig):
    name = "hutong.domains.glass"
    label = "glass"
    verbose_name = "紧急查阅"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hutong.domains.glass import handlers, permissions, presenters
        from hutong.domains.glass.machines import opening
        from hutong.domains.glass.models import Opening
        from hutong.foundation.access import shell
        from hutong.foundation.workflow import kinds, machines

        assert handlers
        assert permissions
        machines.register(Opening, opening.MACHINE)
        kinds.register(handlers.REVIEW, "紧急查阅复核", stays=True)
        shell.register(shell.Entry("紧急查阅", "glass:openings", "warning", "glass.view", 78))
        shell.register_running(presenters.running)
