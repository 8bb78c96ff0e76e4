from django.apps import AppConfig


class WorkforceConfig(AppConfig):
    name = "hutong.domains.workforce"
    label = "workforce"
    verbose_name = "队伍"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hutong.domains.workforce import permissions
        from hutong.domains.workforce.machines import appointment
        from hutong.domains.workforce.models import Appointment
        from hutong.domains.workforce.services import reminding
        from hutong.foundation.access import shell
        from hutong.foundation.workflow import kinds, machines, sweeps

        assert permissions
        for kind, label in reminding.KINDS.items():
            kinds.register(kind, label)
        machines.register(Appointment, appointment.MACHINE)
        sweeps.register("workforce.remind", reminding.sweep)
        shell.register(shell.Entry("队伍", "workforce:index", "user", "workforce.view", 74))
