from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "hutong.domains.registry"
    label = "registry"
    verbose_name = "档案"
    default_auto_field = "django.db.models.BigAutoField"
