from django.urls import URLPattern, URLResolver, path

from hutong.domains.outreach.views import child, figures, lists, self_check

app_name = "outreach"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", lists.mine, name="mine"),
    path("all/", lists.everything, name="all"),
    path("questions/", lists.questions, name="questions"),
    path("figures/", figures.figures, name="figures"),
    path("figures.csv", figures.download, name="figures_csv"),
    path("children/<slug:public_id>/", child.show, name="child"),
    path("self-check/", self_check.self_check, name="self_check"),
    path("<slug:public_id>/act/", child.act, name="act"),
]
