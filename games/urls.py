"""Joining, hosting, the projector, and finished games."""

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
