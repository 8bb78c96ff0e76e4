from django.apps import AppConfig

KINDS_OF_WORK = {
    "registry.approve": "审核建档",
    "registry.revise": "补正档案",
    "registry.close": "办理退出",
    "registry.correct": "审批更正",
    "registry.correct_revise": "补正更正申请",
}


class RegistryConfig(AppConfig):
    name = "hutong.domains.registry"
    label = "registry"
    verbose_name = "档案"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hutong.domains.registry import services
        from hutong.domains.registry.machines import correcting
        from hutong.domains.registry.machines.child_file import CHILD_FILE
        from hutong.domains.registry.machines.file_correction import FILE_CORRECTION
        from hutong.domains.registry.models import Child, Proposal
        from hutong.foundation.access import shell
        from hutong.foundation.workflow import deadlines, kinds, machines

        assert services  # notices are registered where they are written
        for kind, label in KINDS_OF_WORK.items():
            kinds.register(kind, label)
        deadlines.take_parameters_from(correcting.term)
        machines.register(Child, CHILD_FILE, area="residence_area", child="pk")
        machines.register(Proposal, FILE_CORRECTION, area="area_code")
        shell.register(shell.Entry("儿童档案", "registry:search", "child", "child.search", 20))
        shell.register(shell.Entry("更正申请", "registry:proposals", "edit", "child.propose", 22))
