from django.urls import URLPattern, URLResolver, path

from hutong.domains.registry.views import (
    child,
    creating,
    editing,
    exits,
    finding,
    moves,
    pairs,
    proposals,
    reasons,
)

app_name = "registry"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", finding.search, name="search"),
    path("new/", creating.new, name="new"),
    path("corrections/", proposals.index, name="proposals"),
    path("corrections/<slug:public_id>/", proposals.show, name="proposal"),
    path("corrections/<slug:public_id>/revise/", proposals.revise, name="revise_proposal"),
    path("corrections/<slug:public_id>/steps/<slug:event>/", proposals.step, name="proposal_step"),
    path("moves/", moves.moves, name="moves"),
    path("moves/<slug:public_id>/", moves.show, name="move"),
    path("moves/<slug:public_id>/letter/", moves.letter, name="move_letter"),
    path("moves/<slug:public_id>/<slug:event>/", moves.step, name="move_step"),
    path("exits/<slug:public_id>/", exits.show, name="exit"),
    path("exits/<slug:public_id>/<slug:event>/", exits.step, name="exit_step"),
    path("pairs/", pairs.index, name="pairs"),
    path("pairs/scan/", pairs.scan, name="scan_pairs"),
    path("pairs/<slug:public_id>/", pairs.show, name="pair"),
    path("pairs/<slug:public_id>/steps/<slug:event>/", pairs.step, name="pair_step"),
    path("<slug:public_id>/", child.show, name="child"),
    path("<slug:public_id>/reason/", reasons.state, name="reason"),
    path("<slug:public_id>/viewers/", child.viewers, name="viewers"),
    path("<slug:public_id>/edit/<slug:part>/", editing.edit, name="edit"),
    path("<slug:public_id>/add/<slug:section>/", editing.add, name="add"),
    path("<slug:public_id>/facts/<slug:fact_id>/", editing.correct, name="correct"),
    path("<slug:public_id>/kin/<uuid:person_id>/<slug:relation>/", editing.end_kin, name="end_kin"),
    path("<slug:public_id>/corrections/", proposals.propose, name="propose"),
    path("<slug:public_id>/place/", moves.assign_place, name="assign_place"),
    path("<slug:public_id>/move/", moves.propose, name="propose_move"),
    path("<slug:public_id>/steps/<slug:event>/", editing.step, name="step"),
]
