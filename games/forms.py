"""What a host may choose when opening a room."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from games.rules import GENERATED_TEAM_NAMES, RoomSettings


class OpenRoomForm(forms.Form):
    """Every field has a default: opening a room needs no reading."""

    teams = forms.ChoiceField(
        label=_("Teams"),
        choices=[
            ("none", _("Everyone for themselves")),
            ("balanced", _("Teams, shared out evenly")),
            ("chosen", _("Teams, each player chooses")),
        ],
        initial="none",
        help_text=_("A team scores the mean of its members' points, so sizes needn't match."),
    )
    team_count = forms.IntegerField(
        label=_("Number of teams"),
        min_value=2,
        max_value=len(GENERATED_TEAM_NAMES),
        initial=3,
        help_text=_("Used when you play in teams."),
    )
    scoring = forms.ChoiceField(
        label=_("Points"),
        choices=[
            ("standard", _("Right and fast: half the points are for speed")),
            ("accuracy", _("Right: speed doesn't matter")),
        ],
        initial="standard",
        help_text=_("What a right answer earns."),
    )
    streak_bonus = forms.BooleanField(
        label=_("Streak bonus"),
        required=False,
        help_text=_("100 more for each further right answer in a row, up to 500."),
    )
    late_join = forms.BooleanField(
        label=_("Latecomers may join"),
        required=False,
        initial=True,
        help_text=_("They begin with 0 points. You can lock the door at any time."),
    )
    autoplay = forms.BooleanField(
        label=_("Autoplay"),
        required=False,
        help_text=_("The room moves on by itself; you can still press Next."),
    )

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["team_count"].required = False

    def chosen(self) -> RoomSettings:
        """The settings of a valid form."""
        values = self.cleaned_data
        count = (values["team_count"] or 3) if values["teams"] != "none" else 0
        return RoomSettings(
            teams=values["teams"],
            team_names=GENERATED_TEAM_NAMES[:count],
            scoring=values["scoring"],
            streak_bonus=values["streak_bonus"],
            late_join=values["late_join"],
            autoplay=values["autoplay"],
        )
