"""Which page is where."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path, re_path

from lessons.accounts import LogOut
from lessons.offline import worker
from lessons.views import kept_image

urlpatterns = [
    # One door for all: it counts wrong passwords and asks for the second factor.
    path("admin/login/", secure_admin_login(admin.site.login)),
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
