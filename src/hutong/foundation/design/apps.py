from django.apps import AppConfig


class DesignConfig(AppConfig):
    name = "hutong.foundation.design"
    label = "design"
    verbose_name = "界面"
