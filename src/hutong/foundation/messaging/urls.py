from django.urls import URLPattern, URLResolver, path

from hutong.foundation.messaging import views

app_name = "messaging"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.notices, name="notices"),
    path("read/", views.read_all, name="read_all"),
    path("<uuid:notice_id>/", views.open_notice, name="open"),
]
