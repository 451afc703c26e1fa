"""With a language model: drafts that it writes, and what goes wrong with it."""

import json
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.urls import reverse
from pytest_django import Settings

from lessons.authoring.making import ask_for_drafts
from lessons.authoring.models import Making
from lessons.language_model import language_model
from lessons.models import Lesson, Section
from tests.lessons.authoring.test_authoring_admin import page_of
from tests.lessons.authoring.test_proposals import drafts_of
from tests.lessons.authoring.test_with_model import GOOD, NOTES
from tests.lessons.conftest import work
from tests.lessons.llm_server import LlmServer, Reply, serving
from tests.lessons.test_lesson_admin import as_user


@pytest.fixture
def llm(settings: Settings) -> Iterator[LlmServer]:
    """A model that writes good drafts of NOTES."""
    with serving(Reply(pieces=(json.dumps({"drafts": GOOD}),))) as server:
        settings.LLM_BASE_URL, settings.LLM_MODEL = server.base_url, "tiny"
        language_model.cache_clear()
        caches["default"].clear()  # the day's tokens
        yield server
    language_model.cache_clear()


@pytest.fixture
def plants(hana: User) -> Lesson:
    lesson = Lesson.objects.create(slug="plants", title="Plants", owner=hana)
    Section.objects.create(lesson=lesson, title="Sugar", notes=NOTES)
    return lesson


def by_model(lesson: Lesson) -> Making:
    ask_for_drafts(lesson, "Sugar")
    work()
    return Making.objects.get(section="Sugar")


def test_a_model_s_drafts_stand_beside_those_of_rules(plants: Lesson, llm: LlmServer) -> None:
    rules = {draft.pk for draft in drafts_of(plants)}

    found = by_model(plants)

    written = plants.proposals.filter(model="tiny")
    assert (found.state, found.found) == ("done", written.count())
    assert "several_right" in {draft.kind for draft in written}  # no rule makes one
    assert rules <= {draft.pk for draft in plants.proposals.all()}
    drafts_of(plants)
    assert written.count() == found.found  # looking again by rules leaves them


def test_what_the_notes_don_t_bear_out_is_dropped(plants: Lesson, llm: LlmServer) -> None:
    invented = GOOD[0] | {"quote": "The stroma is made of gold and silver."}
    llm.replies = [Reply(pieces=(json.dumps({"drafts": [invented]}),))]

    found = by_model(plants)

    assert (found.found, found.dropped) == (0, 1)


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        (Reply(status=401), "The language model refuses this server’s key."),
        (Reply(pieces=("no JSON at all",)), "The language model’s reply made no sense."),
        (Reply(pieces=("half",), finish=None), "The language model stopped in mid-sentence."),
    ],
)
def test_a_model_that_fails_says_so_in_words(
    plants: Lesson, llm: LlmServer, reply: Reply, problem: str
) -> None:
    llm.replies = [reply]

    found = by_model(plants)

    assert (found.state, found.problem) == ("failed", problem)


def test_the_day_s_tokens_are_a_cap(plants: Lesson, llm: LlmServer, settings: Settings) -> None:
    settings.LLM_DAILY_TOKENS = 5
    language_model.cache_clear()
    llm.replies = [llm.replies[0]._replace(tokens=9)]
    assert by_model(plants).state == "done"

    found = by_model(plants)

    assert found.problem == "The language model has done its share for today."
    assert len(llm.requests) == 1


def test_without_a_model_nothing_is_asked(plants: Lesson) -> None:
    assert by_model(plants).problem == "This server has no language model any more."


def test_a_section_that_was_renamed_is_not_read(plants: Lesson, llm: LlmServer) -> None:
    ask_for_drafts(plants, "Sugar")
    Section.objects.update(title="Starch")
    work()

    assert Making.objects.get().problem == "This section has been renamed or deleted meanwhile."
    assert llm.requests == []


def test_with_a_model_each_section_can_have_more(
    plants: Lesson, hana: User, llm: LlmServer
) -> None:
    drafts_of(plants)
    client = as_user(hana)
    assert "More, by tiny" in client.get(page_of(plants)).text

    client.post(reverse("admin:authoring_make", args=[plants.pk]), {"section": "Sugar"})
    assert Making.objects.get(section="Sugar").is_under_way
    found = by_model(plants).found

    page = client.get(page_of(plants)).text
    assert f"{found} new drafts." in page
    assert '<span class="model">by tiny</span>' in page


def test_what_a_model_was_asked_and_can_t_be_any_more(
    plants: Lesson, hana: User, settings: Settings
) -> None:
    client = as_user(hana)
    make = reverse("admin:authoring_make", args=[plants.pk])

    page = client.post(make, {"section": "Sugar"}, follow=True).text

    assert "This server has no language model any more." in page
    assert not Making.objects.exists()
