"""Lessons, their notes, and accounts."""

from django.urls import path

from lessons import gallery, views

urlpatterns = [
    path("lessons/", views.lesson_list, name="lesson_list"),
    path("lessons/<slug:slug>/", views.lesson, name="lesson"),
    path("explanations/", gallery.gallery, name="gallery"),
    path("explanations/<slug:key>/", gallery.explanation, name="explanation"),
    path("explanations/<slug:key>/picture.json", gallery.picture_json, name="picture"),
    path("accounts/log-in/", views.LogIn.as_view(), name="log_in"),
    path("accounts/log-out/", views.LogOut.as_view(), name="log_out"),
    path("accounts/sign-up/", views.sign_up, name="sign_up"),
]
