from django.urls import URLPattern, URLResolver, path

from hutong.domains.library.views import desk, shelf

app_name = "library"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", shelf.index, name="index"),
    path("search.json", shelf.find, name="find"),
    path("ask/", shelf.ask, name="ask"),
    path("rules/", shelf.rules, name="rules"),
    path("rules/<slug:name>/", shelf.rule, name="rule"),
    path("desk/", desk.desk, name="desk"),
    path("desk/import/", desk.bring_in, name="import"),
    path("desk/begin/", desk.begin, name="begin"),
    path("desk/gaps/", desk.gaps, name="gaps"),
    path("desk/reviews/", desk.reviews, name="reviews"),
    path("desk/reviews/<slug:public_id>/", desk.review, name="review"),
    path("documents/<slug:public_id>/", shelf.document, name="document"),
    path("documents/<slug:public_id>/head/", desk.head, name="head"),
    path("documents/<slug:public_id>/history/", desk.history, name="history"),
    path("documents/<slug:public_id>/review/", desk.open_review, name="open_review"),
    path("documents/<slug:public_id>/relations/", desk.relate, name="relate"),
    path("documents/<slug:public_id>/relations/<slug:target>/end/", desk.unrelate, name="unrelate"),
    path("documents/<slug:public_id>/clauses/<slug:clause>/", desk.edit_clause, name="clause"),
    path("documents/<slug:public_id>/clauses/<slug:clause>/<slug:act>/", desk.clause_act, name="clause_act"),
    path("documents/<slug:public_id>/steps/<slug:event>/", desk.step, name="step"),
]
