"""Which page is where."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("lessons.urls")),
    path("", include("games.urls")),
]
