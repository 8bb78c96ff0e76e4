from django.urls import URLPattern, URLResolver, path

from hutong.domains.glass import views

app_name = "glass"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.openings, name="openings"),
    path("open/", views.break_glass, name="break"),
    path("<slug:public_id>/", views.opening, name="opening"),
    path("<slug:public_id>/end/", views.end, name="end"),
    path("<slug:public_id>/review/<slug:event>/", views.review, name="review"),
]
