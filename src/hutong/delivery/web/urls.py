from django.urls import URLPattern, URLResolver, path

from hutong.delivery.web import views

app_name = "web"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("health", views.health, name="health"),
]
