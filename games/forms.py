"""What a host may choose when opening a room."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from games.models import HostPreferences, Roster
from games.nicknames import folded_nickname
from games.rules import GENERATED_TEAM_NAMES, RoomSettings, RosterEntry

DEFAULTS = RoomSettings()
TEAM_COUNT = 3


def _named(name: Any, line: Any) -> str:
    return format_html("<b>{}</b> <span>{}</span>", name, line)


_told: Callable[[Any, Any], Any] = lazy(_named, str)
"""A way to choose, and what it does, once the language is known."""


def _seconds(name: str, label: Any, help_text: Any) -> forms.IntegerField:
    """Seconds within the bounds that the rules know; an empty field is the default."""
    field = RoomSettings.model_fields[name]
    low, high = (
        next(getattr(bound, side) for bound in field.metadata if hasattr(bound, side))
        for side in ("ge", "le")
    )
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        min_value=low,
        max_value=high,
        required=False,
        initial=field.default,
    )


def _switch(name: str, label: Any, help_text: Any) -> forms.BooleanField:
    default = RoomSettings.model_fields[name].default
    return forms.BooleanField(label=label, help_text=help_text, required=False, initial=default)


class OpenRoomForm(forms.Form):
    """Every field has a default: opening a room needs no reading."""

    teams = forms.ChoiceField(
        label=_("Who plays"),
        choices=[
            ("none", _told(_("Everyone for themselves"), _("A phone each, points each."))),
            (
                "balanced",
                _told(_("Teams, shared out evenly"), _("Who comes goes to the smallest team.")),
            ),
            ("chosen", _told(_("Teams, chosen at the door"), _("Each player picks a team."))),
            (
                "shared",
                _told(_("One phone for each team"), _("The door asks for its members’ names.")),
            ),
        ],
        widget=forms.RadioSelect,
        initial=DEFAULTS.teams,
    )
    team_count = forms.IntegerField(
        label=_("Number of teams"),
        help_text=_("From 2 to 8. They are called Vectors, Tokens, Neurons and so on."),
        min_value=2,
        max_value=len(GENERATED_TEAM_NAMES),
        required=False,
        initial=TEAM_COUNT,
    )
    team_names = forms.CharField(
        label=_("Own team names"),
        help_text=_("One per line, two to eight of them. Leave it empty for ours."),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        required=False,
        max_length=1000,
    )
    team_score = forms.ChoiceField(
        label=_("A team scores"),
        help_text=_("With the mean, teams needn’t be of one size."),
        choices=[
            ("mean", _("the mean of its members’ points")),
            ("sum", _("the sum of its members’ points")),
            ("best", _("the points of its best member")),
        ],
        initial=DEFAULTS.team_score,
    )
    team_talk_s = _seconds(
        "team_talk_s",
        _("Team talk, seconds"),
        _("Each question shows this long before anybody can answer. 0 is none."),
    )

    scoring = forms.ChoiceField(
        label=_("A right answer earns"),
        choices=[
            (
                "standard",
                _told(_("Right and fast"), _("1000 points at once, falling to 500 at the bell.")),
            ),
            ("linear", _told(_("Fast above all"), _("1000 at once, falling to 0 at the bell."))),
            ("accuracy", _told(_("Right is right"), _("1000, whatever the time."))),
            (
                "accuracy_first",
                _told(
                    _("Right first, then fast"),
                    _("Speed only decides between players who got equally many right."),
                ),
            ),
            (
                "graceful",
                _told(
                    _("Time to read"),
                    _("All 1000 for the first two seconds, then falling to 50."),
                ),
            ),
        ],
        widget=forms.RadioSelect,
        initial=DEFAULTS.scoring,
    )
    streak_bonus = _switch(
        "streak_bonus",
        _("Streak bonus"),
        _("100 more for each further right answer in a row, up to 500."),
    )

    is_revoting = _switch(
        "is_revoting",
        _("Vote, talk, vote again"),
        _("Neighbours talk between two votes; the result shows both. You can switch it any time."),
    )
    revote_talk_s = _seconds(
        "revote_talk_s",
        _("Talk between the votes, seconds"),
        _("0 is until you go on."),
    )
    shuffles_options = _switch(
        "shuffles_options",
        _("Options in another order on each phone"),
        _("So that a neighbour’s thumb says nothing."),
    )
    has_standings = _switch(
        "has_standings",
        _("Standings after each question"),
        _("You can switch them any time. The podium is always shown."),
    )
    has_sounds = _switch(
        "has_sounds",
        _("Sounds"),
        _("From your page and the projector; phones stay silent."),
    )

    roster = forms.ModelChoiceField(
        label=_("Class with personal codes"),
        help_text=_("Then only its pupils get in, each with an own code, and keep their results."),
        queryset=Roster.objects.none(),
        empty_label=_("None: whoever has the room’s code"),
        required=False,
    )
    late_join = _switch(
        "late_join",
        _("Latecomers may join"),
        _("They begin with 0 points. You can lock the door at any time."),
    )
    approves_seats = _switch(
        "approves_seats",
        _("You let each one in"),
        _("Whoever comes waits until you say yes."),
    )
    has_second_code = _switch(
        "has_second_code",
        _("Second code that changes"),
        _("On the projector, new every ten seconds: only who is in the room gets in."),
    )
    nicknames = forms.ChoiceField(
        label=_("Nicknames"),
        help_text=_("Offered ones are friendly, such as Curious Otter."),
        choices=[
            ("typed", _("Players type their own")),
            ("offered", _("Players choose from a few that are offered")),
        ],
        initial=DEFAULTS.nicknames,
    )
    filters_nicknames = _switch(
        "filters_nicknames",
        _("Keep nicknames decent"),
        _("Rude ones are refused at the door."),
    )

    autoplay = _switch(
        "autoplay",
        _("Autoplay"),
        _("The room moves on by itself; you can still press Next."),
    )
    get_ready_s = _seconds(
        "get_ready_s", _("Get ready, seconds"), _("A breath before each question. 0 is none.")
    )
    result_s = _seconds(
        "result_s", _("Result, seconds"), _("Who chose what, before the explanation.")
    )
    explanation_s = _seconds(
        "explanation_s", _("Explanation, seconds"), _("The picture, and slides without a clock.")
    )
    standings_s = _seconds(
        "standings_s", _("Standings, seconds"), _("Who leads, before the next question.")
    )

    def __init__(self, host: User, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        rosters = self.fields["roster"]
        assert isinstance(rosters, forms.ModelChoiceField)
        rosters.queryset = Roster.objects.filter(host=host)

    def clean_team_names(self) -> str:
        """Names one per line, as players will see them."""
        lines = [" ".join(line.split()) for line in self.cleaned_data["team_names"].splitlines()]
        names = [name for name in lines if name]
        if names and not 2 <= len(names) <= 8:
            raise ValidationError(_("Give two to eight names, or none."))
        for name in names:
            if len(name) > 24:
                raise ValidationError(
                    _("“%(name)s” has more than 24 characters."), params={"name": name}
                )
            if not any(character.isalnum() for character in name):
                raise ValidationError(
                    _("“%(name)s” needs at least one letter or digit."), params={"name": name}
                )
        folded = [folded_nickname(name) for name in names]
        for n, name in enumerate(names):
            if folded[n] in folded[:n]:
                raise ValidationError(
                    _("“%(name)s” is there twice, or too much like another."),
                    params={"name": name},
                )
        return "\n".join(names)

    def clean_roster(self) -> Roster | None:
        roster: Roster | None = self.cleaned_data["roster"]
        if roster is not None and not roster.pupils.exists():
            raise ValidationError(
                _("%(name)s has nobody in it yet. Add its pupils first, or choose none."),
                params={"name": roster.name},
            )
        return roster

    def clean(self) -> None:
        # What doesn't apply isn't shown, so it can't be mended either.
        for name in list(self.errors):
            if name in APPLIES and not self.applies(name):
                del self.errors[name]
        values = self.cleaned_data
        if values.get("teams") == "shared" and values.get("roster"):
            self.add_error(
                "roster",
                _("Personal codes are for a phone each. Choose no class, or another way to play."),
            )

    def applies(self, name: str) -> bool:
        """Does this field matter, with the others as they stand in the form?"""
        return all(self.value_of(other) in fit for other, fit in APPLIES.get(name, ()))

    def value_of(self, name: str) -> str:
        """A field as the browser knows it; a ticked box is "on"."""
        return _plain(self[name].value())

    def chosen(self) -> RoomSettings:
        """The settings of a valid form."""
        values = {
            name: value
            for name, value in self.cleaned_data.items()
            if name in RoomSettings.model_fields and value is not None and self.applies(name)
        }
        names: tuple[str, ...] = ()
        if self.applies("team_count"):
            names = GENERATED_TEAM_NAMES[: self.cleaned_data["team_count"] or TEAM_COUNT]
        elif self.applies("team_names"):
            names = tuple(self.cleaned_data["team_names"].split("\n"))
        return RoomSettings(
            **{**values, "team_names": names, "has_roster": self.cleaned_data["roster"] is not None}
        )

    def roster_entries(self) -> dict[str, RosterEntry]:
        """Who may sit down, by personal code; nobody in particular without a class."""
        roster: Roster | None = self.cleaned_data["roster"]
        pupils = roster.pupils.all() if roster else ()
        return {
            pupil.code: RosterEntry(pupil=pupil.pk, name=pupil.name, time_factor=pupil.time_factor)
            for pupil in pupils
        }

    # What the page shows

    def groups(self) -> Iterator["Group"]:
        for key, (title, names) in GROUPS.items():
            settings = [
                Setting(
                    self[name],
                    said := {value: str(phrase) for value, phrase in SAID[name].items()},
                    [[other, list(fit)] for other, fit in APPLIES.get(name, ())],
                    self._default(name),
                    self._phrase(name, said),
                )
                for name in names
            ]
            yield Group(key, str(title), settings)

    def summary(self) -> str:
        """What differs from the defaults, in a line; empty if nothing does."""
        said = [setting.phrase for group in self.groups() for setting in group.settings]
        return capfirst(", ".join(filter(None, said)))

    def _phrase(self, name: str, said: Mapping[str, str]) -> str:
        value = self.value_of(name)
        if value == self._default(name) or not self.applies(name):
            return ""
        return said.get(value, said.get("*", "") if value else "").replace("{}", value)

    def _default(self, name: str) -> str:
        # How many teams there are is always said.
        return "" if name == "team_count" else _plain(self.fields[name].initial)


@dataclass(frozen=True)
class Setting:
    """A field on the page, and what the browser needs to hide it and to sum it up."""

    field: forms.BoundField
    said: dict[str, str]
    applies: list[Any]
    default: str
    phrase: str

    @property
    def is_group(self) -> bool:
        return isinstance(self.field.field.widget, forms.RadioSelect)

    @property
    def for_browser(self) -> str:
        """JSON for `open-room.ts`."""
        told = {
            "name": self.field.name,
            "default": self.default,
            "said": self.said,
            "applies": self.applies,
        }
        return json.dumps(told, ensure_ascii=False)


@dataclass(frozen=True)
class Group:
    """Settings that belong together. One with an error is open."""

    key: str
    title: str
    settings: list[Setting]

    @property
    def has_errors(self) -> bool:
        return any(setting.field.errors for setting in self.settings)

    @property
    def summary(self) -> str:
        return capfirst(", ".join(filter(None, (setting.phrase for setting in self.settings))))


GROUPS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "teams": (_("Teams"), ("teams", "team_count", "team_names", "team_score", "team_talk_s")),
    "points": (_("Points"), ("scoring", "streak_bonus")),
    "round": (
        _("The round"),
        ("is_revoting", "revote_talk_s", "shuffles_options", "has_standings", "has_sounds"),
    ),
    "door": (
        _("The door"),
        (
            *("roster", "late_join", "approves_seats", "has_second_code"),
            *("nicknames", "filters_nicknames"),
        ),
    ),
    "pace": (
        _("Pace"),
        ("autoplay", "get_ready_s", "result_s", "explanation_s", "standings_s"),
    ),
}

APPLIES: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "team_count": (("teams", ("balanced", "chosen")), ("team_names", ("",))),
    "team_names": (("teams", ("balanced", "chosen")),),
    "team_score": (("teams", ("balanced", "chosen")),),
    "team_talk_s": (("teams", ("balanced", "chosen", "shared")),),
    "revote_talk_s": (("is_revoting", ("on",)),),
    "nicknames": (("roster", ("",)),),
    "filters_nicknames": (("roster", ("",)), ("nicknames", ("typed",))),
    "result_s": (("autoplay", ("on",)),),
    "explanation_s": (("autoplay", ("on",)),),
    "standings_s": (("autoplay", ("on",)),),
}
"""Which values of which other fields make a field matter; all of them must."""

SAID: dict[str, dict[str, Any]] = {
    "teams": {
        "balanced": "",
        "chosen": _("teams chosen by players"),
        "shared": _("a phone for each team"),
    },
    "team_count": {"*": _("{} teams")},
    "team_names": {"*": _("teams of your own names")},
    "team_score": {"sum": _("team points added up"), "best": _("the best of a team counts")},
    "team_talk_s": {"*": _("{} s of team talk")},
    "scoring": {
        "linear": _("points for speed above all"),
        "accuracy": _("accuracy points"),
        "accuracy_first": _("accuracy first"),
        "graceful": _("time to read"),
    },
    "streak_bonus": {"on": _("streak bonus")},
    "is_revoting": {"on": _("two votes")},
    "revote_talk_s": {"*": _("{} s of talk")},
    "shuffles_options": {"on": _("shuffled options")},
    "has_standings": {"": _("no standings between")},
    "has_sounds": {"": _("no sounds")},
    "roster": {"*": _("a class with personal codes")},
    "late_join": {"": _("no latecomers")},
    "approves_seats": {"on": _("you let each one in")},
    "has_second_code": {"on": _("a changing second code")},
    "nicknames": {"offered": _("offered nicknames")},
    "filters_nicknames": {"": _("any nickname")},
    "autoplay": {"on": _("autoplay")},
    "get_ready_s": {"*": _("{} s to get ready")},
    "result_s": {"*": _("{} s of result")},
    "explanation_s": {"*": _("{} s of explanation")},
    "standings_s": {"*": _("{} s of standings")},
}
"""How the summary says a value that isn't the default; `*` is any other, {} the value."""


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else ""
    return "" if value is None else str(value).strip()


def remembered(host: User) -> dict[str, Any]:
    """How this host's last room was set: what is still a good value of what was stored."""
    stored = HostPreferences.objects.filter(host=host).values_list("form", flat=True).first()
    if not isinstance(stored, dict):
        return {}
    plain = {name: value for name, value in stored.items() if isinstance(value, str | int | None)}
    form = OpenRoomForm(host, plain)
    form.is_valid()
    good = {name: form.cleaned_data[name] for name in plain if name in form.cleaned_data}
    return {name: _storable(value) for name, value in good.items() if value is not None}


def remember(host: User, form: OpenRoomForm) -> None:
    """Keep a valid form's values for the host's next room."""
    kept = {name: _storable(value) for name, value in form.cleaned_data.items()}
    HostPreferences.objects.update_or_create(host=host, defaults={"form": kept})


def _storable(value: Any) -> Any:
    return value.pk if isinstance(value, Roster) else value
