from django.apps import AppConfig


class HandoversConfig(AppConfig):
    name = "hutong.foundation.handovers"
    label = "handovers"
    verbose_name = "交接代班"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hutong.foundation.access import shell
        from hutong.foundation.handovers import permissions, services  # noqa: F401 — permissions registers the guards
        from hutong.foundation.handovers.machines import HAND_OVER
        from hutong.foundation.handovers.models import HandOver
        from hutong.foundation.handovers.services import asking
        from hutong.foundation.workflow import kinds, machines, sweeps

        for kind, label in asking.KINDS.items():
            kinds.register(kind, label)
        machines.register(HandOver, HAND_OVER)
        sweeps.register("handovers.due", services.carry_out_due)
        shell.register(shell.Entry("交接代班", "handovers:index", "exit", "work.do", 62))
