from django.urls import URLPattern, URLResolver, path

from hutong.foundation.access.views import acting_post

app_name = "access"

urlpatterns: list[URLPattern | URLResolver] = [
    path("post/", acting_post.switch, name="post"),
]
