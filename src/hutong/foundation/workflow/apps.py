from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    name = "hutong.foundation.workflow"
    label = "workflow"
    verbose_name = "流程"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hutong.foundation.access import explaining
        from hutong.foundation.access.shell import Entry, register
        from hutong.foundation.workflow import selectors

        explaining.register(
            explaining.Explainer(
                "work",
                "待办事项",
                10,
                "SELECT public_id FROM workflow_workitem WHERE child_id = %(child)s AND owner_post_id = %(post)s "
                "AND closed_at IS NULL",
            )
        )
        explaining.register(
            explaining.Explainer(
                "own",
                "本人近期经办",
                30,
                "SELECT machine || ':' || id FROM workflow_statuschange WHERE child_id = %(child)s "
                "AND actor_id = %(user)s AND at > %(recently)s AND event <> 'create'",  # a run makes thousands
            )
        )
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
