"""Podcasts. Pages of one lesson have its `slug`, so that they are locked while a room plays it."""

from django.urls import path

from lessons.podcast import views

urlpatterns = [
    path("lessons/<slug:slug>/podcast/", views.podcast, name="podcast"),
    path("lessons/<slug:slug>/podcast/state/", views.state, name="podcast_state"),
    path("lessons/<slug:slug>/podcast/<slug:key>.mp3", views.recorded_audio, name="podcast_audio"),
    path("lessons/<slug:slug>/podcast/transcript.vtt", views.vtt, name="podcast_vtt"),
    path("lessons/<slug:slug>/podcast/transcript.txt", views.text, name="podcast_text"),
    path("lessons/<slug:slug>/podcast/chapters.json", views.chapters, name="podcast_chapters"),
    path("lessons/<slug:slug>/podcast/feed.xml", views.lesson_feed, name="podcast_feed"),
    path("podcast.xml", views.site_feed, name="podcasts_feed"),
]
