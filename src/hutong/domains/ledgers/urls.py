from django.urls import URLPattern, URLResolver, path

from hutong.domains.ledgers.views import exports, ledger

app_name = "ledgers"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", ledger.index, name="index"),
    path("exports/", exports.exports, name="exports"),
    path("exports/ask/", exports.ask, name="ask"),
    path("exports/<slug:public_id>/", exports.export, name="export"),
    path("exports/<slug:public_id>/decide/", exports.decide, name="decide"),
    path("exports/<slug:public_id>/withdraw/", exports.withdraw, name="withdraw"),
    path("exports/<slug:public_id>/retry/", exports.retry, name="retry"),
    path("exports/<slug:public_id>/file/", exports.file, name="file"),
]
