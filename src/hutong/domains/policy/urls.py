from django.urls import URLPattern, URLResolver, path

from hutong.domains.policy import views

app_name = "policy"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.packs, name="packs"),
    path("packs/<slug:name>/", views.pack, name="pack"),
    path("packs/<slug:name>/compare/", views.compare, name="compare"),
    path("children/<slug:public_id>/", views.child, name="child"),
    path("children/<slug:public_id>/letter/", views.letter, name="letter"),
    path("children/<slug:public_id>/replay/", views.replay, name="replay"),
    path("children/<slug:public_id>/keep/", views.keep, name="keep"),
    path("children/<slug:public_id>/decisions/<slug:decision>/", views.decision, name="decision"),
]
