from django.urls import URLPattern, URLResolver, path

from hutong.domains.ledgers.views import completeness, exports, ledger, papers, quarterly

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
    path("quarterly/", quarterly.quarterly, name="quarterly"),
    path("quarterly/make/", quarterly.make, name="quarter_make"),
    path("quarterly/<slug:public_id>/", quarterly.quarter, name="quarter"),
    path("quarterly/<slug:public_id>/check/", quarterly.check, name="quarter_check"),
    path("quarterly/<slug:public_id>/reject/", quarterly.reject, name="quarter_reject"),
    path("quarterly/<slug:public_id>/discard/", quarterly.discard, name="quarter_discard"),
    path("quarterly/<slug:public_id>/sent/", quarterly.sent, name="quarter_sent"),
    path("quarterly/<slug:public_id>/file/", quarterly.quarter_file, name="quarter_file"),
    path("forms/<slug:public_id>/<slug:code>/", papers.paper, name="paper"),
    path("forms/<slug:public_id>/<slug:code>/file/", papers.paper_file, name="paper_file"),
]
