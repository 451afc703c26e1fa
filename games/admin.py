"""Finished games in the admin: to look at and to forget, not to rewrite."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from games.models import Game, Player


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
