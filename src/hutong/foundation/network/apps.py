from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "hutong.foundation.network"
    label = "network"
    verbose_name = "网络"
    default_auto_field = "django.db.models.BigAutoField"
