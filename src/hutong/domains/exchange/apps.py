from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "hutong.domains.exchange"
    label = "exchange"
    verbose_name = "交换"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hutong.domains.exchange import models
        from hutong.domains.exchange.machines import batch, comparison
        from hutong.domains.exchange.services import checking, comparing
        from hutong.foundation.access import shell
        from hutong.foundation.workflow import longjobs, machines

        machines.register(models.Batch, batch.MACHINE)
        machines.register(models.ComparisonRun, comparison.MACHINE)
        longjobs.register(checking.JOB, checking.run_job, atomic=False)
        longjobs.register(comparing.JOB, comparing.run_job, atomic=False)
        shell.register(shell.Entry("数据清单", "exchange:catalogue", "upload", "exchange.view", order=60))
        shell.register(shell.Entry("季度比对", "exchange:runs", "chart", "compare.run", order=61))
