from django.urls import URLPattern, URLResolver, path

from hutong.delivery.api.views import keys

app_name = "door"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", keys.systems, name="systems"),
    path("new/", keys.new, name="new"),
    path("<slug:public_id>/", keys.system, name="system"),
    path("<slug:public_id>/keys/", keys.request_key, name="request_key"),
    path("keys/<slug:key_id>/approve/", keys.approve, name="approve"),
    path("keys/<slug:key_id>/refuse/", keys.refuse, name="refuse"),
    path("keys/<slug:key_id>/revoke/", keys.revoke, name="revoke"),
    path("keys/<slug:key_id>/cut-off/", keys.cut_off, name="cut_off"),
]
