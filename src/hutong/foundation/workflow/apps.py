from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    name = "hutong.foundation.workflow"
    label = "workflow"
    verbose_name = "流程"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hutong.foundation.access.shell import Entry, register
        from hutong.foundation.workflow import selectors

        register(
            Entry(
                "督办",
                "workflow:supervise",
                "eye",
                "work.supervise",
                order=60,
                count=selectors.count_late_supervised,
            )
        )
        register(Entry("后台任务", "workflow:jobs", "clock", "job.view", order=900))
        register(Entry("事件投递", "workflow:undelivered", "network", "event.retry", order=910))
