from django.urls import URLPattern, URLResolver, path

from hutong.foundation.documents import views

app_name = "documents"

urlpatterns: list[URLPattern | URLResolver] = [
    path("<slug:public_id>/", views.download, name="download"),
    path("<slug:public_id>/withdraw/", views.withdraw, name="withdraw"),
    path("to/<str:ticket>/", views.upload, name="upload"),
]
