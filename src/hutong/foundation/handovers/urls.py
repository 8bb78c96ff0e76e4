from django.urls import URLPattern, URLResolver, path

from hutong.foundation.handovers import views

app_name = "handovers"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.index, name="index"),
    path("new/<uuid:public_id>/", views.new, name="new"),
    path("<slug:public_id>/", views.show, name="show"),
    path("<slug:public_id>/<slug:event>/", views.step, name="step"),
]
