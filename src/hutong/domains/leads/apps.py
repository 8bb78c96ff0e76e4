from django.apps import AppConfig

KINDS_OF_WORK = {
    "lead.verify": "线索核实",
    "lead.review": "线索复核",
    "lead.decide": "线索处理",
    "lead.correct": "源数据纠正",
    "lead.payment": "核对新标准的发放",
}


class LeadsConfig(AppConfig):
    name = "hutong.domains.leads"
    label = "leads"
    verbose_name = "线索"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hutong.domains.leads import handlers, panels, permissions, selectors
        from hutong.domains.leads.machines import correction, lead
        from hutong.domains.leads.models import Correction, Lead
        from hutong.domains.leads.services import policy_changes
        from hutong.domains.registry import panels as registry
        from hutong.foundation.access import explaining, shell
        from hutong.foundation.workflow import kinds, longjobs, machines

        assert permissions
        assert handlers
        for kind, label in KINDS_OF_WORK.items():
            # what a department answers belongs to the place it was asked from
            kinds.register(kind, label, stays=kind == "lead.correct")
        shell.register(shell.Entry("线索", "leads:mine", "lead", "lead.view", 30, selectors.count_mine))
        shell.register(shell.Entry("线索统计", "leads:funnel", "chart", "lead.funnel", 35))
        registry.register(registry.Panel("leads", "线索", 20, "lead.view", panels.leads, lasting=True))
        live = ", ".join(f"'{state}'" for state in lead.LIVE)
        explaining.register(
            explaining.Explainer(
                "lead",
                "线索",
                20,
                "SELECT public_id FROM leads_lead WHERE child_id = %(child)s AND owner_post_id = %(post)s "
                f"AND state IN ({live})",
            )
        )
        longjobs.register(policy_changes.JOB, policy_changes.run_job)
        machines.register(Lead, lead.MACHINE)
        machines.register(Correction, correction.MACHINE)
