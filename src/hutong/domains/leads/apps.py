from django.apps import AppConfig


class LeadsConfig(AppConfig):
    name = "hutong.domains.leads"
    label = "leads"
    verbose_name = "线索"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hutong.domains.leads import permissions
        from hutong.domains.leads.machines import correction, lead
        from hutong.domains.leads.models import Correction, Lead
        from hutong.foundation.workflow import machines

        assert permissions
        machines.register(Lead, lead.MACHINE)
        machines.register(Correction, correction.MACHINE)
