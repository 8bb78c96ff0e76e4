from django.apps import AppConfig


class AdjustmentsConfig(AppConfig):
    name = "hutong.foundation.adjustments"
    label = "adjustments"
    verbose_name = "区划调整"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hutong.foundation.access import shell
        from hutong.foundation.adjustments import counting, selectors
        from hutong.foundation.adjustments.machines import ADJUSTMENT
        from hutong.foundation.adjustments.models import Adjustment
        from hutong.foundation.adjustments.services import asking
        from hutong.foundation.workflow import kinds, machines

        for kind, label in asking.KINDS.items():
            kinds.register(kind, label)
        machines.register(Adjustment, ADJUSTMENT)
        counting.register("岗位", selectors.count_posts)
        shell.register(shell.Entry("区划调整", "adjustments:index", "place", "area.revise", 88))
