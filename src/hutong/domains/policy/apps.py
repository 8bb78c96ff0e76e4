from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "hutong.domains.policy"
    label = "policy"
    verbose_name = "政策"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hutong.domains.policy import handlers, panels
        from hutong.domains.registry import panels as registry
        from hutong.foundation.access import shell

        assert handlers
        registry.register(
            registry.Panel("policy", "类别与依据（为什么）", 40, "child.view", panels.categories)
        )
        shell.register(shell.Entry("政策包", "policy:packs", "file", "policy.view", 80))
