from django.urls import URLPattern, URLResolver, path

from hutong.domains.registry.views import child, finding

app_name = "registry"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", finding.search, name="search"),
    path("<slug:public_id>/", child.show, name="child"),
]
