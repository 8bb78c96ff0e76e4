from django.urls import URLPattern, URLResolver, path

from hutong.foundation.workflow import views

app_name = "workflow"

urlpatterns: list[URLPattern | URLResolver] = [
    path("waiting/", views.waiting, name="waiting"),
    path("done/", views.done, name="done"),
    path("supervise/", views.supervise, name="supervise"),
    path("items/<slug:public_id>/", views.item, name="item"),
    path("jobs/", views.jobs, name="jobs"),
    path("jobs/<slug:public_id>/", views.job, name="job"),
    path("jobs/<slug:public_id>/cancel/", views.cancel_job, name="cancel_job"),
    path("events/", views.undelivered, name="undelivered"),
]
