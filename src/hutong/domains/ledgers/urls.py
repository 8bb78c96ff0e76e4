from django.urls import URLPattern, URLResolver, path

from hutong.domains.ledgers.views import completeness, exports, ledger, papers

app_name = "ledgers"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", ledger.index, name="index"),
    path("completeness/", completeness.places, name="completeness"),
    path("completeness/files/", completeness.incomplete, name="incomplete"),
    path("exports/", exports.exports, name="exports"),
    path("exports/ask/", exports.ask, name="ask"),
    path("exports/<slug:public_id>/", exports.export, name="export"),
    path("exports/<slug:public_id>/decide/", exports.decide, name="decide"),
    path("exports/<slug:public_id>/withdraw/", exports.withdraw, name="withdraw"),
    path("exports/<slug:public_id>/retry/", exports.retry, name="retry"),
    path("exports/<slug:public_id>/file/", exports.file, name="file"),
    path("forms/<slug:public_id>/<slug:code>/", papers.paper, name="paper"),
    path("forms/<slug:public_id>/<slug:code>/file/", papers.paper_file, name="paper_file"),
]
