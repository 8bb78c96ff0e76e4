from django.urls import URLPattern, URLResolver, path

from hutong.domains.compartments.views import cards, matters, people

app_name = "compartments"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", matters.mine, name="mine"),
    path("matters/<slug:public_id>/", matters.finish, name="finish"),
    path("people/", people.people, name="people"),
    path("people/propose/", people.propose, name="propose"),
    path("people/<slug:public_id>/<slug:event>/", people.decide, name="decide"),
    path("of/<slug:public_id>/<slug:compartment>/", cards.card, name="card"),
    path("of/<slug:public_id>/<slug:compartment>/whole/", cards.whole, name="whole"),
    path("of/<slug:public_id>/<slug:compartment>/add/", cards.add, name="add"),
    path("of/<slug:public_id>/<slug:compartment>/<slug:fact_id>/close/", cards.close, name="close"),
]
