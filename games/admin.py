"""Finished games and classes in the admin: to look at and to forget, not to rewrite."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from games.models import Game, Homework, Player, Pupil, Roster


class PlayerInline(admin.TabularInline):  # type: ignore[type-arg]  # not subscriptable
    model = Player
    extra = 0
    can_delete = False
    fields = readonly_fields = ("rank", "nickname", "team", "points", "right")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Game)
class GameAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not subscriptable
    list_display = ["title", "host", "played_at", "rounds"]
    list_filter = ["played_at"]
    search_fields = ["title", "host__username"]
    fields = readonly_fields = ("title", "host", "lesson", "played_at", "rounds", "settings")
    inlines = [PlayerInline]

    @admin.display(description=_("rounds"))
    def rounds(self, game: Game) -> int:
        """How many were closed."""
        return len(game.closed)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


class PupilInline(admin.TabularInline):  # type: ignore[type-arg]  # not subscriptable
    """Without the codes: who reads them can play as that pupil."""

    model = Pupil
    extra = 0
    can_delete = False
    fields = readonly_fields = ("name", "time_factor")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Roster)
class RosterAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not subscriptable
    list_display = ["name", "host", "pupils_count"]
    search_fields = ["name", "host__username"]
    list_select_related = ["host"]
    fields = readonly_fields = ("name", "host")
    inlines = [PupilInline]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Roster]:
        rosters: QuerySet[Roster] = super().get_queryset(request)
        return rosters.annotate(pupils_count=Count("pupils"))

    @admin.display(description=_("pupils"))
    def pupils_count(self, roster: Any) -> int:
        return int(roster.pupils_count)


@admin.register(Homework)
class HomeworkAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not subscriptable
    """Without the address: who reads it can do the homework."""

    list_display = ["title", "host", "roster", "closes_at"]
    list_filter = ["closes_at"]
    search_fields = ["title", "host__username"]
    list_select_related = ["host", "roster"]
    fields = readonly_fields = (
        *("title", "host", "lesson", "roster", "opens_at", "closes_at", "attempts", "counts"),
        "note",
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
