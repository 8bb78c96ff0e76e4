from django.urls import URLPattern, URLResolver, path

from hutong.domains.policy import views

app_name = "policy"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.packs, name="packs"),
    path("packs/<slug:name>/", views.pack, name="pack"),
    path("children/<slug:public_id>/", views.child, name="child"),
    path("children/<slug:public_id>/letter/", views.letter, name="letter"),
]
