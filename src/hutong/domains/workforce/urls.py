from django.urls import URLPattern, URLResolver, path

from hutong.domains.workforce.views import people, team

app_name = "workforce"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", team.index, name="index"),
    path("mine/", team.mine, name="mine"),
    path("import/", team.bring_in, name="import"),
    path("import/template.xlsx", team.template, name="template"),
    path("file/", team.hand_out, name="hand_out"),
    path("register/<uuid:public_id>/", people.register, name="register"),
    path("people/<slug:public_id>/", people.show, name="worker"),
    path("people/<slug:public_id>/edit/", people.edit, name="edit"),
    path("people/<slug:public_id>/add/<slug:kind>/", people.add, name="add"),
    path("people/<slug:public_id>/withdraw/<slug:kind>/<slug:record_id>/", people.withdraw, name="withdraw"),
    path("people/<slug:public_id>/posts/<slug:appointment_id>/<slug:event>/", people.step, name="step"),
]
