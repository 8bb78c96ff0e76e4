from django.urls import URLPattern, URLResolver, path

from hutong.foundation.access.views import acting_post, logs, people

app_name = "access"

urlpatterns: list[URLPattern | URLResolver] = [
    path("post/", acting_post.switch, name="post"),
    path("people/", people.people, name="people"),
    path("people/add/", people.add_person, name="add_person"),
    path("people/of/<str:username>/", people.person, name="person"),
    path("people/of/<str:username>/reset/", people.reset_password, name="reset_password"),
    path("people/of/<str:username>/change/", people.change_person, name="change_person"),
    path("log/changes/", logs.changes, name="changes"),
    path("log/chain/", logs.chain, name="chain"),
    path("log/reads/", logs.reads, name="reads"),
]
