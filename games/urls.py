"""Joining, hosting, the projector, classes, and finished games."""

from django.urls import path, re_path

from games.views import doors, homework, homework_door, hosting, progress, results, rosters

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
    path("classes/<int:pk>/progress/", progress.progress, name="progress"),
    path("classes/<int:pk>/progress/show/", progress.show_progress, name="show_progress"),
    path("lessons/<slug:slug>/homework/", homework.assign, name="assign_homework"),
    path("games/homework/", homework.homework_list, name="homework_list"),
    path("games/homework/<int:pk>/", homework.results, name="homework_results"),
    path("games/homework/<int:pk>/change/", homework.change, name="change_homework"),
    path("games/homework/<int:pk>/close/", homework.close, name="close_homework"),
    path("games/homework/<int:pk>/remove/", homework.remove, name="remove_homework"),
    path("games/homework/<int:pk>/results.csv", homework.results_csv, name="homework_csv"),
    path("games/homework/<int:pk>/results.xlsx", homework.results_xlsx, name="homework_xlsx"),
    path("homework/<slug:token>/", homework_door.door, name="homework"),
    path("homework/<slug:token>/enter/", homework_door.enter, name="enter_homework"),
    path("homework/<slug:token>/begin/", homework_door.begin, name="begin_homework"),
    path("homework/<slug:token>/agree/", homework_door.agree, name="agree_to_progress"),
    path("games/", hosting.game_list, name="game_list"),
    path("games/of/<slug:room>/", results.game_of_room, name="game_of_room"),
    path("games/<int:pk>/", results.game, name="game"),
    path("games/<int:pk>/players/<int:player>/", results.game_player, name="game_player"),
    path("games/<int:pk>/results.csv", results.game_csv, name="game_csv"),
    path("games/<int:pk>/results.xlsx", results.game_xlsx, name="game_xlsx"),
    path("games/<int:pk>/regrade/", results.regrade, name="regrade"),
    path("games/<int:pk>/regrade/undo/", results.undo_regrade, name="undo_regrade"),
]
