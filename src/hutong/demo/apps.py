from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "hutong.demo"
    label = "demo"
    verbose_name = "示范"
    default_auto_field = "django.db.models.BigAutoField"
