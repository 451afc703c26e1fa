"""Joining, hosting, the projector, classes, and finished games."""

from django.urls import path, re_path

from games.views import doors, hosting, results, rosters

urlpatterns = [
    path("", doors.landing, name="landing"),
    path("join/", doors.find_room, name="find_room"),
    re_path(r"^(?P<code>\d{6})/?$", doors.join, name="join"),
    path("lessons/<slug:slug>/open-room/", hosting.open_room, name="open_room"),
    path("host/<slug:room>/", hosting.host, name="host"),
    path("screen/<str:token>/", hosting.screen, name="screen"),
    path("remote/<str:token>/", hosting.remote_control, name="remote"),
    path("classes/", rosters.roster_list, name="roster_list"),
    path("classes/<int:pk>/", rosters.roster, name="roster"),
    path("classes/<int:pk>/add/", rosters.add_pupils, name="add_pupils"),
    path("classes/<int:pk>/rename/", rosters.rename_roster, name="rename_roster"),
    path("classes/<int:pk>/remove/", rosters.remove_roster, name="remove_roster"),
    path("classes/<int:pk>/pupils/<int:pupil>/", rosters.change_pupil, name="change_pupil"),
    path("classes/<int:pk>/codes/", rosters.code_slips, name="code_slips"),
    path("games/", hosting.game_list, name="game_list"),
    path("games/of/<slug:room>/", results.game_of_room, name="game_of_room"),
    path("games/<int:pk>/", results.game, name="game"),
    path("games/<int:pk>/players/<int:player>/", results.game_player, name="game_player"),
    path("games/<int:pk>/results.csv", results.game_csv, name="game_csv"),
    path("games/<int:pk>/results.xlsx", results.game_xlsx, name="game_xlsx"),
    path("games/<int:pk>/regrade/", results.regrade, name="regrade"),
    path("games/<int:pk>/regrade/undo/", results.undo_regrade, name="undo_regrade"),
]
