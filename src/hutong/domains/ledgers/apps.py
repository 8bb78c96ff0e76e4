from django.apps import AppConfig

KINDS_OF_WORK = {
    "ledgers.approve": "导出审批",
    "ledgers.quarter": "季度数据更新",
    "ledgers.check": "季度数据复核",
    "ledgers.send": "季度数据上报确认",
}


class LedgersConfig(AppConfig):
    name = "hutong.domains.ledgers"
    label = "ledgers"
    verbose_name = "台账"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hutong.domains.ledgers import events, panels, permissions
        from hutong.domains.ledgers.machines import export, quarterly
        from hutong.domains.ledgers.models import ExportRequest, QuarterReport
        from hutong.domains.ledgers.services import asking, due, making, serving
        from hutong.domains.ledgers.services import quarterly as reporting
        from hutong.domains.registry import panels as registry
        from hutong.domains.registry.transfer import permits
        from hutong.foundation.access import shell
        from hutong.foundation.workflow import kinds, longjobs, machines, sweeps

        assert permissions
        assert events
        for kind, label in KINDS_OF_WORK.items():
            kinds.register(kind, label)
        machines.register(ExportRequest, export.MACHINE, child=None)
        machines.register(QuarterReport, quarterly.MACHINE, child=None)
        longjobs.register(reporting.JOB, reporting.run_job)
        sweeps.register("ledgers.due", due.sweep)
        longjobs.register(asking.JOB, making.run_job, atomic=False)
        sweeps.register("ledgers.expire", serving.sweep)
        permits.decided_by(serving.folder_permit)
        registry.register(registry.Panel("filing", "档案完整度", 90, "ledger.view", panels.filing))
        shell.register(shell.Entry("台账", "ledgers:index", "list", "ledger.view", 40))
