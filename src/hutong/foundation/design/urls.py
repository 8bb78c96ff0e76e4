from django.urls import URLPattern, URLResolver, path

from hutong.foundation.design import views

app_name = "design"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.gallery, name="gallery"),
    path("drawer/", views.drawer, name="drawer"),
    path("places/", views.places, name="places"),
    path("job/", views.job, name="job"),
    path("chart.csv", views.chart_csv, name="chart_csv"),
]
