from django.urls import URLPattern, URLResolver, path

from hutong.foundation.adjustments import views

app_name = "adjustments"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.index, name="index"),
    path("new/", views.new, name="new"),
    path("of/<slug:code>/", views.place, name="place"),
    path("<slug:public_id>/", views.show, name="show"),
    path("<slug:public_id>/plain/", views.plain, name="plain"),
    path("<slug:public_id>/rows/<slug:code>/", views.row, name="row"),
    path("<slug:public_id>/<slug:event>/", views.step, name="step"),
]
