from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "hutong.domains.exchange"
    label = "exchange"
    verbose_name = "交换"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hutong.domains.exchange import models
        from hutong.domains.exchange.machines import amendment, batch, comparison, push
        from hutong.domains.exchange.services import amending, checking, comparing, pushing
        from hutong.foundation.access import shell
        from hutong.foundation.workflow import kinds, longjobs, machines

        machines.register(models.Batch, batch.MACHINE)
        machines.register(models.ComparisonRun, comparison.MACHINE)
        machines.register(models.Push, push.MACHINE)
        machines.register(models.Amendment, amendment.MACHINE)
        kinds.register(amending.DECIDE, "部门更正请求")
        longjobs.register(pushing.JOB, pushing.run_job, atomic=False)
        longjobs.register(checking.JOB, checking.run_job, atomic=False)
        longjobs.register(comparing.JOB, comparing.run_job, atomic=False)
        shell.register(shell.Entry("数据清单", "exchange:catalogue", "upload", "exchange.view", order=60))
        shell.register(shell.Entry("季度比对", "exchange:runs", "chart", "compare.run", order=61))
