from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "hutong.domains.policy"
    label = "policy"
    verbose_name = "政策"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hutong.domains.policy import handlers, panels, permissions, services
        from hutong.domains.policy import machines as machine
        from hutong.domains.policy.models import Scenario
        from hutong.domains.registry import panels as registry
        from hutong.foundation.access import shell
        from hutong.foundation.workflow import kinds, longjobs, machines

        assert handlers
        assert permissions
        for kind, label in services.WORK.items():
            kinds.register(kind, label)
        machines.register(Scenario, machine.MACHINE, child=None)
        longjobs.register(services.JOB, services.run_job)
        registry.register(
            registry.Panel("policy", "类别与依据（为什么）", 40, "child.view", panels.categories)
        )
        shell.register(shell.Entry("政策包", "policy:packs", "file", "policy.view", 80))
        shell.register(shell.Entry("政策测算", "policy:scenarios", "chart", "policy.simulate", 81))
