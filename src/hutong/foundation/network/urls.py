from django.urls import URLPattern, URLResolver, path

from hutong.foundation.network.views import bodies, places, posts

app_name = "network"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", bodies.bodies, name="bodies"),
    path("bodies/add/", bodies.add_body, name="add_body"),
    path("bodies/<uuid:public_id>/", bodies.body, name="body"),
    path("bodies/<uuid:public_id>/edit/", bodies.edit_body, name="edit_body"),
    path("bodies/<uuid:public_id>/posts/add/", bodies.add_post, name="add_post"),
    path("posts/<uuid:public_id>/", posts.post, name="post"),
    path("posts/<uuid:public_id>/appoint/", posts.appoint, name="appoint"),
    path("posts/<uuid:public_id>/close/", posts.close, name="close_post"),
    path("holdings/<uuid:public_id>/end/", posts.end, name="end_holding"),
    path("coverage/", places.coverage, name="coverage"),
    path("areas/find/", places.find_areas, name="find_areas"),
]
