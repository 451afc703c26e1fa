"""Which page is where."""

from django.contrib import admin
from django.urls import include, path, re_path

from lessons.offline import worker
from lessons.views import LogOut, kept_image

urlpatterns = [
    # Ours leaves a shared device to the next one.
    path("admin/logout/", LogOut.as_view()),
    path("admin/", admin.site.urls),
    re_path(r"^media/(?P<file>[0-9a-f]{32}\.webp)\Z", kept_image, name="kept_image"),
    path("worker.js", worker, name="worker"),
    path("", include("lessons.urls")),
    path("", include("lessons.study.urls")),
    path("", include("lessons.podcast.urls")),
    path("", include("games.urls")),
]
