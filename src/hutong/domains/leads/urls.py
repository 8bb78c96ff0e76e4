from django.urls import URLPattern, URLResolver, path

from hutong.domains.leads import views

app_name = "leads"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.mine, name="mine"),
    path("<slug:public_id>/", views.lead, name="lead"),
    path("corrections/<slug:public_id>/", views.lead, name="correction"),
]
