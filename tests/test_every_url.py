"""Who gets what: every address there is, as everybody there is.

A new address without a row fails. What hana and mia own, nobody else's request may change.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any, NamedTuple

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.db import models, transaction
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from games import seats
from games.archive import Facts, write_game
from games.models import Homework, HomeworkRun, Pupil, Roster
from games.rules import Phase, RoomSettings
from games.store import SeatRecord
from lessons.authoring.draft import Draft
from lessons.authoring.models import Proposal
from lessons.drafts import CardDraft
from lessons.images import keep
from lessons.models import Lesson
from lessons.podcast.audio import path_of as recording_at
from lessons.podcast.episodes import approve, keep_script
from lessons.podcast.models import Recording
from lessons.podcast.script import Chapter, Script, Turn
from lessons.podcast.sources import for_everybody
from lessons.spans import Span
from lessons.study.models import KnownCard, Learner
from lessons.study.practice import begin_run
from lessons.study.scheduling import Rating
from lessons.study.spaced_repetition import Item, rate
from tests.games.reports.conftest import ANGLE, choice, given, quiz_of
from tests.games.views.conftest import opened, set_phase
from tests.games.views.test_open_room import USUAL
from tests.lessons.conftest import drawing
from tests.lessons.podcast.conftest import written
from tests.lessons.podcast.tones import Chosen, Tones

ROLES = ("nobody", "pupil", "host", "author", "root", "owner")
"""A visitor; ada, who has an account; noor, who hosts; ian, who writes lessons; sam, who may do all;
and whose it is: hana's, or mia's where it is about studying."""
FOREIGN = ROLES[:4]
"""Who may not change what isn't theirs."""


class Row(NamedTuple):
    """What each of ROLES gets for looking, and for sending something; one status for all alike."""

    get: str
    post: str
    of: str = ""
    """What the address names, of `things_of`."""
    sent: dict[str, str] | str = {}
    """A form, or a JSON text, that does something when its owner sends it; filled with `ids`."""

    @property
    def expected(self) -> dict[str, list[int]]:
        told = {"get": self.get.split(), "post": self.post.split()}
        return {
            method: [int(one) for one in (said * len(ROLES) if len(said) == 1 else said)]
            for method, said in told.items()
        }


ALL, NOT_SENT, NOT_LOOKED_AT = "200", "405", "405"
LOGGED_IN = "302 200 200 200 200 200"
LOGGED_IN_NOT_SENT = "302 405 405 405 405 405"
ONLY_OWNER = "302 404 404 404 404 200"
ONLY_OWNER_SENDS = "302 404 404 404 404 302"
DRAFT = "404 404 404 404 200 200"
STAFF = "302 302 302 200 200 200"
STAFF_NOT_SENT = "302 302 302 405 405 405"
ROOT = "302 302 302 403 200 403"
ROOT_SENDS = "302 302 302 403 302 403"
NOBODY_THERE = "302 302 302 403 403 403"
OWN = "302 302 302 404 200 200"
ROOT_OR_OWNER = "302 302 302 403 200 200"
ROWS = {
    # Lessons
    "lesson_list": Row(ALL, NOT_SENT),
    "lesson": Row(DRAFT, NOT_SENT, "draft"),
    "kept_image": Row(ALL, NOT_SENT, "image"),
    "gallery": Row(ALL, NOT_SENT),
    "explanation": Row(ALL, NOT_SENT, "explanation"),
    "picture": Row(ALL, NOT_SENT, "explanation"),
    # Study
    "practice": Row(DRAFT, NOT_SENT, "draft"),
    "begin_practice": Row(NOT_LOOKED_AT, "404 404 404 404 302 302", "draft"),
    "practice_run": Row("404 404 404 404 404 200", NOT_SENT, "run"),
    "answer_practice": Row(
        NOT_LOOKED_AT,
        "404 404 404 404 404 200",
        "run",
        '{"round": 0, "answer": null, "elapsed_ms": 1}',
    ),
    # It was the teacher's question, none made for mia.
    "report_question": Row(NOT_LOOKED_AT, "404 404 404 404 404 400", "run", '{"round": 0}'),
    "flashcards": Row(DRAFT, NOT_SENT, "draft"),
    "know_flashcard": Row(DRAFT, DRAFT, "draft", '{"flashcard": %(card)s, "is_known": true}'),
    "flashcards_apkg": Row(DRAFT, NOT_SENT, "draft"),
    "flashcards_csv": Row(DRAFT, NOT_SENT, "draft"),
    "review_lesson": Row(DRAFT, NOT_SENT, "draft"),
    "study": Row(ALL, NOT_SENT),
    "review": Row(ALL, NOT_SENT),
    "next_card": Row(ALL, NOT_SENT),
    "rate_card": Row(
        NOT_LOOKED_AT,
        DRAFT,
        sent='{"card": "flashcard-%(card)s-forward", "rating": 1, "seen": 0, "duration_ms": 9}',
    ),
    "undo_review": Row(NOT_LOOKED_AT, "409 200 409 409 409 409", sent="{}"),
    "put_aside": Row(
        NOT_LOOKED_AT, DRAFT, sent='{"card": "flashcard-%(card)s-forward", "what": "suspend"}'
    ),
    "study_card": Row(
        "404 404 404 404 404 200", "404 404 404 404 404 302", "memory", {"do": "forget"}
    ),
    "study_settings": Row(ALL, ALL),
    "fit_parameters": Row(ALL, "200 302 200 200 200 200", sent={"do": "take"}),
    "study_data": Row("404 200 404 404 404 404", NOT_SENT),
    "study_delete": Row(
        "404 200 200 200 200 200", "404 302 200 200 200 200", sent={"what": "study"}
    ),
    "chat": Row(DRAFT, NOT_SENT, "draft"),
    "chat_suggestions": Row(DRAFT, NOT_SENT, "draft"),
    "ask_lesson": Row(NOT_LOOKED_AT, DRAFT, "draft", '{"question": "How large is it?"}'),
    "clear_chat": Row(NOT_LOOKED_AT, DRAFT, "draft"),
    "podcast": Row(DRAFT, NOT_SENT, "draft"),
    "podcast_state": Row(DRAFT, NOT_SENT, "draft"),
    "podcast_audio": Row(DRAFT, NOT_SENT, "audio"),
    "podcast_vtt": Row(DRAFT, NOT_SENT, "draft"),
    "podcast_text": Row(DRAFT, NOT_SENT, "draft"),
    "podcast_chapters": Row(DRAFT, NOT_SENT, "draft"),
    # Nobody subscribes to a draft.
    "podcast_feed": Row("404", NOT_SENT, "draft"),
    "podcasts_feed": Row(ALL, NOT_SENT),
    # Rooms
    "landing": Row(ALL, NOT_SENT),
    "find_room": Row(NOT_LOOKED_AT, "404", sent={"code": "000000"}),
    "join": Row(ALL, NOT_SENT, "code"),
    "open_room": Row("302 404 404 404 200 200", "302 404 404 404 302 302", "draft", USUAL),
    "host": Row(ONLY_OWNER, LOGGED_IN_NOT_SENT, "room"),
    # The link is the key.
    "screen": Row(ALL, NOT_SENT, "screen"),
    "remote": Row(ALL, NOT_SENT, "remote"),
    # Classes
    "roster_list": Row(LOGGED_IN, "302", sent={"name": "8c"}),
    "roster": Row(ONLY_OWNER, LOGGED_IN_NOT_SENT, "roster"),
    "add_pupils": Row(LOGGED_IN_NOT_SENT, ONLY_OWNER_SENDS, "roster", {"names": "Zoe"}),
    "rename_roster": Row(LOGGED_IN_NOT_SENT, ONLY_OWNER_SENDS, "roster", {"name": "7c"}),
    "remove_roster": Row(LOGGED_IN_NOT_SENT, ONLY_OWNER_SENDS, "roster"),
    "change_pupil": Row(LOGGED_IN_NOT_SENT, ONLY_OWNER_SENDS, "pupil", {"do": "remove"}),
    "code_slips": Row(ONLY_OWNER, LOGGED_IN_NOT_SENT, "roster"),
    "progress": Row(ONLY_OWNER, LOGGED_IN_NOT_SENT, "roster"),
    "show_progress": Row(LOGGED_IN_NOT_SENT, ONLY_OWNER_SENDS, "roster", {"show": "no"}),
    # Homework
    "assign_homework": Row(
        "302 404 404 404 200 200",
        "302 404 404 404 422 422",  # a draft
        "draft",
        {"closes_at": "2099-01-01T10:00", "counts": "best"},
    ),
    "homework_list": Row(LOGGED_IN, LOGGED_IN_NOT_SENT),
    "homework_results": Row(ONLY_OWNER, LOGGED_IN_NOT_SENT, "homework"),
    "change_homework": Row(
        LOGGED_IN_NOT_SENT,
        ONLY_OWNER_SENDS,
        "homework",
        {"closes_at": "2099-01-01T10:00", "counts": "last"},
    ),
    "close_homework": Row(LOGGED_IN_NOT_SENT, ONLY_OWNER_SENDS, "homework"),
    "remove_homework": Row(LOGGED_IN_NOT_SENT, ONLY_OWNER_SENDS, "homework"),
    "homework_csv": Row(ONLY_OWNER, LOGGED_IN_NOT_SENT, "homework"),
    "homework_xlsx": Row(ONLY_OWNER, LOGGED_IN_NOT_SENT, "homework"),
    # Whoever has the link may knock; in comes who has the code of a pupil.
    "homework": Row(ALL, NOT_SENT, "door"),
    "enter_homework": Row(NOT_LOOKED_AT, "422 422 422 422 422 302", "door", {"code": "QWERTY"}),
    "begin_homework": Row(NOT_LOOKED_AT, "302", "door"),
    "agree_to_progress": Row(NOT_LOOKED_AT, "302", "door", {"answer": "no"}),
    # Games
    "game_list": Row(LOGGED_IN, LOGGED_IN_NOT_SENT),
    # Leads to the game, which is its host's.
    "game_of_room": Row("302", LOGGED_IN_NOT_SENT, "past_room"),
    "game": Row(ONLY_OWNER, LOGGED_IN_NOT_SENT, "game"),
    "game_player": Row(ONLY_OWNER, LOGGED_IN_NOT_SENT, "player"),
    "game_csv": Row(ONLY_OWNER, LOGGED_IN_NOT_SENT, "game"),
    "game_xlsx": Row(ONLY_OWNER, LOGGED_IN_NOT_SENT, "game"),
    "regrade": Row(ONLY_OWNER, "302 404 404 404 404 422", "game", {"action": "apply"}),
    "undo_regrade": Row(LOGGED_IN_NOT_SENT, ONLY_OWNER_SENDS, "game"),
    # Accounts: one's own. noor and hana have a second factor; nobody here has a password.
    "account": Row(LOGGED_IN, LOGGED_IN_NOT_SENT),
    "log_in": Row("200 302 302 302 302 302", "200 302 302 302 302 302"),
    "log_out": Row(NOT_LOOKED_AT, "302"),
    "sign_up": Row(ALL, ALL),
    "change_password": Row("302 404 404 404 404 404", "302 404 404 404 404 404"),
    # No such server is set.
    "go_to_server": Row(NOT_LOOKED_AT, "404", "server"),
    "disconnect": Row(LOGGED_IN_NOT_SENT, "302 404 302 404 404 302", "server"),
    "openid_connect_callback": Row("404", "404", "server"),
    # A code is asked for between the password and the log-in.
    "mfa_authenticate": Row("302", "302"),
    "account_reauthenticate": Row("302 403 302 403 403 302", "302 403 302 403 403 302"),
    "mfa_reauthenticate": Row("302 403 200 403 403 200", "302 403 200 403 403 200"),
    "mfa_activate_totp": Row("302 200 302 200 200 302", "302 200 302 200 200 302"),
    "mfa_deactivate_totp": Row("302 404 302 404 404 302", "302 404 302 404 404 302"),
    "mfa_view_recovery_codes": Row("302 404 302 404 404 302", LOGGED_IN_NOT_SENT),
    "mfa_generate_recovery_codes": Row("302 200 302 200 200 302", "302 200 302 200 200 302"),
    # The server
    "worker": Row(ALL, NOT_SENT),
    # The admin
    "admin/login/": Row("302 403 403 302 302 302", "302 403 403 200 200 200"),
    "admin:login": Row("302 403 403 302 302 302", "302 403 403 200 200 200"),
    "admin/logout/": Row(NOT_LOOKED_AT, "302"),
    "admin:logout": Row(NOT_LOOKED_AT, "302"),
    "admin:index": Row(STAFF, STAFF),
    "admin:app_list": Row(STAFF, STAFF, "app"),
    "admin:password_change": Row(STAFF, STAFF),
    "admin:password_change_done": Row(STAFF, STAFF_NOT_SENT),
    "admin:autocomplete": Row(NOBODY_THERE, STAFF_NOT_SENT),
    "admin:jsi18n": Row(STAFF, STAFF_NOT_SENT),
    "admin:view_on_site": Row("302 302 302 404 404 404", "302 302 302 404 404 404", "on_site"),
    "admin/(?P<url>.*)$": Row("302 302 302 404 404 404", "302 302 302 404 404 404", "no_page"),
    "admin:auth_user_password_change": Row(ROOT, ROOT, "user"),
    "admin:authoring_new": Row(STAFF, STAFF),
    "admin:authoring_drafts": Row(OWN, OWN, "own_lesson"),
    "admin:authoring_add": Row(OWN, OWN, "own_lesson"),
    "admin:authoring_make": Row(STAFF_NOT_SENT, "302 302 302 404 302 302", "own_lesson"),
    "admin:authoring_progress": Row(OWN, "302 302 302 405 405 405", "own_lesson"),
    # Whose it isn't is sent back to the lessons.
    "admin:authoring_decide": Row(STAFF_NOT_SENT, "302", "proposal", {"do": "reject"}),
    "admin:authoring_edit": Row("302 302 302 302 200 200", "302 302 302 302 200 200", "proposal"),
    "admin:podcast_script": Row(
        ROOT_OR_OWNER, "302 302 302 403 302 302", "script", {"do": "discard"}
    ),
    "admin:podcast_progress": Row(ROOT_OR_OWNER, ROOT_OR_OWNER, "script"),
}
OF_MIA = ("run", "memory")
TOUCHED_BY_OWNER = (*OF_MIA, "roster", "pupil", "homework", "game")
ALIASES = {"mfa_index": "account", "account_login": "log_in", "account_signup": "sign_up"}
"""Names that allauth has for pages of ours."""
DELETES, PUBLISHES = {"post": "yes"}, {"action": "publish", "_selected_action": "%(draft)s"}
NO_ADDING = Row(NOBODY_THERE, NOBODY_THERE)
ANY_ACTION = {"changelist": Row(ROOT, ROOT), "history": Row(ROOT, ROOT)}
TO_TAKE_AWAY = {**ANY_ACTION, "add": NO_ADDING, "delete": Row(ROOT, ROOT_SENDS, sent=DELETES)}
ADMIN = {
    "auth_user": {
        **TO_TAKE_AWAY,
        "add": Row(ROOT, ROOT),
        "change": Row(ROOT, ROOT),
    },
    "auth_group": {**TO_TAKE_AWAY, "add": Row(ROOT, ROOT), "change": Row(ROOT, ROOT)},
    "django_tasks_database_dbtaskresult": {
        **ANY_ACTION,
        "add": NO_ADDING,
        "delete": NO_ADDING,
        "change": Row(ROOT, NOBODY_THERE),
    },
    "mfa_authenticator": {**TO_TAKE_AWAY, "change": Row(ROOT, NOBODY_THERE)},
    "socialaccount_socialaccount": {**TO_TAKE_AWAY, "change": Row(ROOT, NOBODY_THERE)},
    "games_game": {**TO_TAKE_AWAY, "change": Row(ROOT, ROOT)},
    "games_roster": {**TO_TAKE_AWAY, "change": Row(ROOT, ROOT)},
    "games_homework": {**TO_TAKE_AWAY, "change": Row(ROOT, ROOT_SENDS)},
    # Authors find their own.
    "lessons_lesson": {
        "changelist": Row(STAFF, "302 302 302 302 302 302", sent=PUBLISHES),
        "add": Row(STAFF, STAFF),
        "history": Row("302 302 302 302 200 200", "302 302 302 302 200 200"),
        "delete": Row("302 302 302 302 200 200", "302", sent=DELETES),
        "change": Row("302 302 302 302 200 200", "302 302 302 302 200 200"),
    },
}


SAID = Script(
    chapters=(Chapter(title="Angles", turns=(Turn(speaker="a", text="A quarter of a turn."),)),)
)


class World(NamedTuple):
    """What there is, and how it is addressed."""

    clients: dict[str, Client]
    mia: Client
    arguments: dict[str, dict[str, Any]]
    """By the name of an address, or by the model of one of the admin's."""
    guarded: dict[type[models.Model], dict[Any, dict[str, Any]]]
    """The rows of hana and mia."""


@pytest.fixture
def world(db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> World:
    settings.REDIS_PREFIX = f"test-{seats.new_player()}"
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PODCAST_VOICES = "tests.lessons.podcast.tones.chosen"
    monkeypatch.setattr(Chosen, "voices", Tones())
    users = {
        "pupil": User.objects.create_user("ada"),
        "host": User.objects.create_user("noor"),
        "author": User.objects.create_user("ian", is_staff=True),
        "root": User.objects.create_superuser("sam"),
        "owner": User.objects.create_user("hana", is_staff=True),
        "mia": User.objects.create_user("mia"),
    }
    clients = {role: Client() for role in (*ROLES, "mia")}
    for role, user in users.items():
        clients[role].force_login(user)
    arguments = things_of(users["owner"], users["mia"])
    guarded = {model: rows for model in kept_models() if (rows := rows_of(model))}
    things_of(users["host"], users["pupil"])
    lesson_of(users["author"], "ians")
    return World(clients, clients.pop("mia"), arguments, guarded)


def lesson_of(host: User, slug: str, is_published: bool = False) -> Lesson:
    lesson = Lesson.objects.create(slug=slug, title=slug, owner=host, is_published=is_published)
    section = lesson.sections.create(title="The right angle", notes="A quarter.", position=0)
    lesson.questions.create(kind="single_choice", prompt="How large?", answers="*90\n100")
    lesson.flashcards.create(term="Right angle", definition="A quarter.", section=section)
    return lesson


def things_of(host: User, pupil: User) -> dict[str, dict[str, Any]]:
    """One thing of each kind, and what addresses need to name it."""
    now = timezone.now()
    draft, lesson = lesson_of(host, f"{host}-draft"), lesson_of(host, f"{host}s", True)
    file = keep(drawing(size=(host.pk, 6))).file
    roster = Roster.objects.create(host=host, name="7b", shows_progress=True)
    learner = Learner.objects.create(user=pupil)
    known = Pupil.objects.create(
        roster=roster, name="Mia", code="BCDFGH", learner=learner, agreed_at=now
    )
    homework = Homework.objects.create(
        host=host, lesson=lesson, title="Angles", roster=roster, closes_at=now + timedelta(days=1)
    )
    run = begin_run(learner, draft, now)
    done = begin_run(learner, lesson, now, is_homework=True, closes_at=homework.closes_at)
    HomeworkRun.objects.create(homework=homework, run=done, pupil=known, name="Mia")
    card = draft.flashcards.get()
    drafted = Draft(
        CardDraft(term="Turn", definition="Four right angles."),
        "The right angle",
        Span("section", 0, 0, 10),
        "A quarter.",
        1.0,
    )
    proposal = Proposal.objects.create(
        lesson=draft,
        fingerprint=drafted.fingerprint,
        kind="flashcard",
        item=drafted.item.model_dump(mode="json"),
        section="The right angle",
        span=drafted.span,
        sentence=drafted.sentence,
        score=drafted.score,
    )
    episode = written(draft, SAID)
    approve(episode, host)
    keep_script(episode, SAID, for_everybody(draft))
    Recording.objects.update(state=Recording.State.RECORDED, cues=[[0, 1000]])
    recording = Recording.objects.get()
    recording_at(recording.key).parent.mkdir(parents=True, exist_ok=True)
    recording_at(recording.key).write_bytes(b"sound")
    KnownCard.objects.create(learner=learner, flashcard=card)
    memory = rate(learner, Item(draft.pk, card.pk, "forward"), Rating.Good, now)
    game = write_game(f"past-{host}", played_by(host))
    room = opened(host)
    set_phase(room, Phase.ASKING)
    second_factor = TOTP.activate(host, generate_totp_secret()).instance
    RecoveryCodes.activate(host)
    account = SocialAccount.objects.create(user=host, provider="school", uid=str(host.pk))
    group = Group.objects.create(name=f"friends of {host}")
    result = DBTaskResult.objects.create(
        args_kwargs={}, task_path="x", run_after=now, backend_name="default"
    )
    return {
        "ids": {"draft": draft.pk, "card": card.pk},
        "draft": {"slug": draft.slug},
        "own_lesson": {"pk": draft.pk},
        "proposal": {"pk": proposal.pk},
        "script": {"lesson": draft.pk},
        "audio": {"slug": draft.slug, "key": recording.key},
        "image": {"file": file},
        "run": {"slug": draft.slug, "key": run.key},
        "memory": {"pk": memory.pk},
        "room": {"room": room},
        "screen": {"token": seats.sign(seats.SeatToken(room=room, role="screen"))},
        "remote": {"token": seats.sign(seats.SeatToken(room=room, role="host"))},
        "roster": {"pk": roster.pk},
        "pupil": {"pk": roster.pk, "pupil": known.pk},
        "homework": {"pk": homework.pk},
        "door": {"token": homework.token},
        "past_room": {"room": game.room},
        "game": {"pk": game.pk},
        "player": {"pk": game.pk, "player": game.players.get().pk},
        "user": {"id": host.pk},
        "auth_user": {"object_id": host.pk},
        "auth_group": {"object_id": group.pk},
        "django_tasks_database_dbtaskresult": {"object_id": result.pk},
        "mfa_authenticator": {"object_id": second_factor.pk},
        "socialaccount_socialaccount": {"object_id": account.pk},
        "lessons_lesson": {"object_id": draft.pk},
        "games_game": {"object_id": game.pk},
        "games_roster": {"object_id": roster.pk},
        "games_homework": {"object_id": homework.pk},
        # Nobody's
        "": {},
        "explanation": {"key": "angles"},
        "code": {"code": "123456"},
        "server": {"server": "school", "provider_id": "school"},
        "app": {"app_label": "lessons"},
        "on_site": {"content_type_id": 1, "object_id": 1},
        "no_page": {"url": "nothing"},
    }


def played_by(host: User) -> Facts:
    return Facts(
        quiz=quiz_of(ANGLE),
        settings=RoomSettings(),
        host=host.pk,
        seated={"Mia": SeatRecord("Mia", None, "Mia")},
        limits={0: 20_000},
        rounds={0: {"Mia": given((choice(1), 100))}},
        first_votes={},
    )


def kept_models() -> Iterator[type[models.Model]]:
    """All that is kept of anybody, but for sessions."""
    for model in apps.get_models():
        if model._meta.app_label not in {"sessions", "contenttypes", "admin"}:
            yield model


def changed(world: World) -> list[str]:
    """The rows of hana and mia that aren't what they were."""
    found = []
    for model, before in world.guarded.items():
        now = rows_of(model)
        found += [f"{model.__name__} {pk}" for pk, row in before.items() if now.get(pk) != row]
    return found


def rows_of(model: type[models.Model]) -> dict[Any, dict[str, Any]]:
    told = [field.attname for field in model._meta.concrete_fields if field.name != "last_login"]
    return {row["pk"]: row for row in model._base_manager.values("pk", *told)}


def every_address() -> Iterator[tuple[str, str]]:
    """The name, or the route where there is none, and how a path is made of arguments."""

    def walk(found: URLResolver, route: str, name: str) -> Iterator[tuple[str, str]]:
        for each in found.url_patterns:
            there = route + str(each.pattern)
            if isinstance(each, URLResolver):
                inside = f"{name}{each.namespace}:" if each.namespace else name
                yield from walk(each, there, inside)
            else:
                # The old addresses of changes, which lead to the new ones.
                if each.name or not there.endswith("/<path:object_id>/"):
                    yield (f"{name}{each.name}" if each.name else there), there

    yield from walk(get_resolver(), "", "")


def path_of(route: str, arguments: dict[str, Any]) -> str:
    """The path that a route makes of its arguments."""
    plain = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", route)
    plain = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(arguments[found[1]]), plain)
    return "/" + plain.replace("^", "").replace("\\Z", "").replace("/?$", "/").replace("$", "")


def row_of(name: str) -> Row | None:
    """The row of an address; those of the admin are about the model in their name."""
    found = re.fullmatch(r"admin:(\w+)_(changelist|add|history|delete|change)", name)
    if found and found[1] in ADMIN:
        return ADMIN[found[1]][found[2]]._replace(of=found[1])
    return ROWS.get(ALIASES.get(name, name))


def status(world: World, row: Row, path: str, role: str, method: str) -> int:
    """What somebody gets; the browser is afterwards what it was before."""
    client = world.mia if role == "owner" and row.of in OF_MIA else world.clients[role]
    cookies = SimpleCookie(client.cookies)
    try:
        if method == "get":
            return int(client.get(path).status_code)
        ids = world.arguments["ids"]
        if isinstance(row.sent, str):
            sent: Any = row.sent % ids
            return int(client.post(path, sent, content_type="application/json").status_code)
        sent = {name: value % ids for name, value in row.sent.items()}
        return int(client.post(path, sent).status_code)
    finally:
        client.cookies = cookies


def test_everybody_gets_what_the_table_says(world: World) -> None:
    without_row, otherwise, touched = [], [], []
    for name, route in every_address():
        row = row_of(name)
        if row is None:
            without_row.append(name)
            continue
        path = path_of(route, world.arguments[row.of])
        for method, expected in row.expected.items():
            got = []
            for role in ROLES:
                with transaction.atomic():
                    got.append(status(world, row, path, role, method))
                    if method == "post" and role in FOREIGN and got[-1] < 400:
                        touched += [
                            f"{name}, {method} by {role}: {what}" for what in changed(world)
                        ]
                    transaction.set_rollback(True)
            if got != expected:
                otherwise.append(f"{name} {method}: {got}, not {expected}")

    assert without_row == []
    assert otherwise == []
    assert touched == []


def test_the_table_has_no_row_too_many() -> None:
    names = {name for name, _ in every_address()}

    of_models = {f"admin:{model}_{page}" for model in ADMIN for page in ADMIN[model]}

    assert (set(ROWS) | of_models) - names == set()
    assert set(ALIASES.values()) - set(ROWS) == set()


def test_what_an_owner_sends_does_something(world: World) -> None:
    """Else nobody could tell whether others are kept from it."""
    idle = []
    for name, route in every_address():
        row = row_of(name)
        if row is None or row.of not in TOUCHED_BY_OWNER or not row.expected["post"][-1] < 400:
            continue
        with transaction.atomic():
            status(world, row, path_of(route, world.arguments[row.of]), "owner", "post")
            if not changed(world):
                idle.append(name)
            transaction.set_rollback(True)

    # One adds what wasn't there, and nothing was regraded.
    assert idle == ["add_pupils", "undo_regrade"]
