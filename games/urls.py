"""Joining, hosting, the projector, and finished games."""

from django.urls import path, re_path

from games import views

urlpatterns = [
    path("", views.landing, name="landing"),
    path("join/", views.find_room, name="find_room"),
    re_path(r"^(?P<code>\d{6})/?$", views.join, name="join"),
    path("lessons/<slug:slug>/open-room/", views.open_room, name="open_room"),
    path("host/<slug:room>/", views.host, name="host"),
    path("screen/<str:token>/", views.screen, name="screen"),
    path("games/", views.game_list, name="game_list"),
    path("games/of/<slug:room>/", views.game_of_room, name="game_of_room"),
    path("games/<int:pk>/", views.game, name="game"),
    path("games/<int:pk>/results.csv", views.game_csv, name="game_csv"),
]
