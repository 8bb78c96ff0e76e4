from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "hutong.domains.outreach"
    label = "outreach"
    verbose_name = "政策找人"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hutong.domains.outreach import handlers, panels
        from hutong.domains.outreach.machines import offer
        from hutong.domains.outreach.models import Offer
        from hutong.domains.outreach.services import items
        from hutong.domains.registry import panels as registry
        from hutong.foundation.access import shell
        from hutong.foundation.workflow import kinds, machines

        assert handlers
        kinds.register(items.KIND, "政策找人：告知和协助申请")
        machines.register(Offer, offer.MACHINE)
        registry.register(
            registry.Panel(
                "outreach", "可享待遇（政策找人）", 25, "outreach.view", panels.offers, lasting=True
            )
        )
        shell.register(shell.Entry("政策找人", "outreach:mine", "check", "outreach.view", 36))
        shell.register(shell.Entry("政策找人统计", "outreach:figures", "chart", "outreach.figures", 37))
