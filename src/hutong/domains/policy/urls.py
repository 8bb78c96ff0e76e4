from django.urls import URLPattern, URLResolver, path

from hutong.domains.policy.views import deciding, scenarios
from hutong.domains.policy.views import packs as views

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
    path("scenarios/", scenarios.index, name="scenarios"),
    path("scenarios/new/", scenarios.new, name="scenario_new"),
    path("scenarios/compare/", scenarios.compare, name="scenario_compare"),
    path("scenarios/<slug:public_id>/", scenarios.show, name="scenario"),
    path("scenarios/<slug:public_id>/line/", scenarios.line, name="scenario_line"),
    path("scenarios/<slug:public_id>/remove/", scenarios.remove_line, name="scenario_remove_line"),
    path("scenarios/<slug:public_id>/rules/", scenarios.rules, name="scenario_rules"),
    path("scenarios/<slug:public_id>/compute/", scenarios.compute, name="scenario_compute"),
    path("scenarios/<slug:public_id>/copy/", scenarios.copy, name="scenario_copy"),
    path("scenarios/<slug:public_id>/file/", scenarios.take, name="scenario_take"),
    path("scenarios/<slug:public_id>/places.csv", scenarios.places_csv, name="scenario_places"),
    path("scenarios/<slug:public_id>/step/<slug:event>/", deciding.step, name="scenario_step"),
]
