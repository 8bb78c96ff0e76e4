from django.urls import URLPattern, URLResolver, path

from hutong.domains.leads.views import corrections, figures, lead, lists

app_name = "leads"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", lists.mine, name="mine"),
    path("all/", lists.everything, name="all"),
    path("figures/", figures.funnel, name="funnel"),
    path("figures/<slug:which>.csv", figures.download, name="figures_csv"),
    path("corrections/", corrections.index, name="corrections"),
    path("corrections/<slug:public_id>/", corrections.show, name="correction"),
    path("<slug:public_id>/", lead.show, name="lead"),
    path("<slug:public_id>/verdict/", lead.verdict, name="verdict"),
    path("<slug:public_id>/after/", lead.after, name="after"),
    path("<slug:public_id>/decide/", lead.decide, name="decide"),
    path("<slug:public_id>/review/", lead.review, name="review"),
    path("<slug:public_id>/reassign/", lead.reassign, name="reassign"),
]
