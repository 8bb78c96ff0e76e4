from django.urls import URLPattern, URLResolver, path

from hutong.delivery.web import views, watching

app_name = "web"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("health", watching.health, name="health"),
    path("health/ready", watching.ready, name="ready"),
    path("metrics", watching.metrics, name="metrics"),
]
