from django.urls import URLPattern, URLResolver, path

from hutong.domains.exchange.views import amendments, batches, catalogue, runs, uploading

app_name = "exchange"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", catalogue.catalogue, name="catalogue"),
    path("lists/<slug:code>/", catalogue.one_list, name="list"),
    path("lists/<slug:code>/template.<str:form>", catalogue.template, name="template"),
    path("upload/", uploading.upload, name="upload"),
    path("batches/", batches.batches, name="batches"),
    path("batches/<slug:public_id>/", batches.batch, name="batch"),
    path("batches/<slug:public_id>/columns/", uploading.columns, name="columns"),
    path("batches/<slug:public_id>/check/", uploading.check, name="check"),
    path("batches/<slug:public_id>/rejected.xlsx", batches.rejected, name="rejected"),
    path("batches/<slug:public_id>/confirm/", batches.confirm, name="confirm"),
    path("batches/<slug:public_id>/refuse/", batches.refuse, name="refuse"),
    path("batches/<slug:public_id>/withdraw/", batches.withdraw, name="withdraw"),
    path("pushes/", amendments.pushes, name="pushes"),
    path("amendments/", amendments.amendments, name="amendments"),
    path("amendments/<slug:public_id>/", amendments.amendment, name="amendment"),
    path("amendments/<slug:public_id>/accept/", amendments.accept, name="accept_amendment"),
    path("amendments/<slug:public_id>/refuse/", amendments.refuse, name="refuse_amendment"),
    path("runs/", runs.runs, name="runs"),
    path("runs/start/", runs.start, name="run_start"),
    path("runs/<slug:public_id>/", runs.run, name="run"),
    path("runs/<slug:public_id>/cancel/", runs.cancel, name="run_cancel"),
]
