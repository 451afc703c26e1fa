"""The door to a language model, against a real server that speaks the protocol."""

import subprocess
import sys
import time
from contextlib import aclosing
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.utils import timezone
from pydantic import BaseModel
from pytest_django import Settings

from lessons.language_model import DailyBudget, LanguageModel, ModelFailed, Said, language_model
from lessons.tallies import count, day_of
from tests.lessons.llm_server import LlmServer, Reply, serving

HELLO = [Said("user", "Hello")]


class Card(BaseModel):
    term: str
    definition: str


class Purse:
    """A budget that remembers what was spent."""

    def __init__(self, left: int) -> None:
        self.left = left

    async def is_spent(self) -> bool:
        return self.left <= 0

    async def spend(self, tokens: int) -> None:
        self.left -= tokens


async def test_a_reply_arrives_piece_by_piece() -> None:
    with serving(Reply(("Good ", "morning"))) as server:
        pieces = [p async for p in model_of(server, api_key="secret").streamed("Be kind.", HELLO)]

    assert pieces == ["Good ", "morning"]
    assert server.keys == ["Bearer secret"]
    assert server.requests[0]["messages"] == [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "Hello"},
    ]


async def test_a_piece_is_there_before_the_next_is_written() -> None:
    with serving(Reply(("Good ", "morning"), pause_s=0.3)) as server:
        started = time.monotonic()
        async with aclosing(model_of(server).streamed("", HELLO)) as pieces:
            first = await anext(pieces)
            took_s = time.monotonic() - started
            rest = [piece async for piece in pieces]

    assert (first, rest) == ("Good ", ["morning"])
    # The second takes 0.3 s more than the first.
    assert time.monotonic() - started - took_s > 0.25


async def test_whoever_stops_reading_hangs_up() -> None:
    with serving(Reply(("more ",) * 500, pause_s=0.01)) as server:
        async with aclosing(model_of(server).streamed("", HELLO)) as pieces:
            await anext(pieces)

        assert server.hung_up.wait(timeout=5)


@pytest.mark.parametrize(
    ("reply", "sentence"),
    [
        (Reply(status=401), "The language model refuses this server’s key."),
        (Reply(status=403), "The language model refuses this server’s key."),
        (Reply(status=404), "The server of the language model doesn’t know that model."),
        (Reply(status=429), "The language model is busy. Try again in a minute."),
        (Reply(status=500), "The language model failed."),
        (Reply(status=400), "The language model failed."),
        (Reply(raw=b"data: {not json}\n\n"), "The language model’s reply made no sense."),
        (Reply(("Half a",), finish=None), "The language model stopped in mid-sentence."),
        (Reply(("Half a",), finish="length"), "The language model stopped in mid-sentence."),
        (Reply(("word",), pause_s=1), "The language model took too long."),
    ],
)
async def test_a_failure_is_one_sentence(reply: Reply, sentence: str) -> None:
    with serving(reply) as server, pytest.raises(ModelFailed) as failed:
        [_ async for _ in model_of(server, silence_s=0.3).streamed("", HELLO)]

    assert str(failed.value) == sentence


async def test_a_connection_that_breaks_is_a_failure_after_the_pieces_before_it() -> None:
    with serving(Reply(("Half ", "a"), hang_up=True)) as server:
        pieces = model_of(server).streamed("", HELLO)
        assert [await anext(pieces), await anext(pieces)] == ["Half ", "a"]

        with pytest.raises(ModelFailed):
            await anext(pieces)


async def test_a_server_that_is_not_there_is_a_failure() -> None:
    with serving(Reply()) as server:
        gone = model_of(server)

    with pytest.raises(ModelFailed, match=r"^The language model can’t be reached\.$"):
        [_ async for _ in gone.streamed("", HELLO)]


async def test_a_reply_that_drips_on_and_on_ends_at_its_deadline() -> None:
    with serving(Reply(("on ",) * 100, pause_s=0.1)) as server:
        started = time.monotonic()
        with pytest.raises(ModelFailed, match="took too long"):
            [_ async for _ in model_of(server).streamed("", HELLO, within_s=0.5)]

    assert time.monotonic() - started < 2


async def test_a_reply_without_end_is_cut() -> None:
    with serving(Reply(("o" * 1000,) * 100)) as server:
        pieces = model_of(server).streamed("", HELLO)
        length = sum([len(await anext(pieces)) for _ in range(61)])

        with pytest.raises(ModelFailed):
            await anext(pieces)

    assert length == 61_000


async def test_tokens_are_counted_as_the_server_says() -> None:
    purse = Purse(100)
    with serving(Reply(("Hi",), tokens=42)) as server:
        [_ async for _ in model_of(server, budget=purse).streamed("", HELLO)]

    assert purse.left == 58


async def test_a_server_that_counts_nothing_is_counted_by_length() -> None:
    purse = Purse(100)
    with serving(Reply(("x" * 80,))) as server:
        [_ async for _ in model_of(server, budget=purse).streamed("i" * 75, HELLO)]

    assert purse.left == 100 - (75 + 5 + 80) // 4


async def test_a_request_that_is_refused_costs_nothing_and_one_that_is_cut_off_does() -> None:
    purse = Purse(100)
    with serving(Reply(status=500), Reply(("x" * 80,), finish=None)) as server:
        model = model_of(server, budget=purse)
        for left in (100, 100 - (5 + 80) // 4):
            with pytest.raises(ModelFailed):
                [_ async for _ in model.streamed("", HELLO)]
            assert purse.left == left


async def test_a_spent_budget_asks_nothing() -> None:
    with serving(Reply(("Hi",))) as server, pytest.raises(ModelFailed) as failed:
        [_ async for _ in model_of(server, budget=Purse(0)).streamed("", HELLO)]

    assert str(failed.value) == "The language model has done its share for today."
    assert server.requests == []


async def test_a_server_that_knows_only_messages_gets_only_these() -> None:
    with serving(Reply(("Hi",)), refuses=("temperature",)) as server:
        model = model_of(server)
        for _ in "12":
            assert [p async for p in model.streamed("", HELLO)] == ["Hi"]

    assert [sorted(asked) for asked in server.requests] == [
        ["messages", "model", "stream", "stream_options", "temperature"],
        ["messages", "model", "stream"],
        ["messages", "model", "stream"],  # it is remembered
    ]


def test_a_structured_reply_is_checked() -> None:
    with serving(Reply(('{"term": "Angle", ', '"definition": "A turn."}'))) as server:
        card = model_of(server).structured("Make a card.", "An angle is a turn.", Card)

    assert card == Card(term="Angle", definition="A turn.")
    assert server.requests[0]["response_format"]["json_schema"]["schema"]["title"] == "Card"


def test_thoughts_and_a_fence_around_a_structured_reply_are_taken_off() -> None:
    reply = '<think>{"no": 1}</think>\n```json\n{"term": "Angle", "definition": "A turn."}\n```'
    with serving(Reply((reply,))) as server:
        assert model_of(server).structured("", "", Card).term == "Angle"


def test_a_reply_that_does_not_fit_is_sent_back_once() -> None:
    good = Reply(('{"term": "Angle", "definition": "A turn."}',))
    with serving(Reply(('{"term": "Angle"}',)), good) as server:
        card = model_of(server).structured("", "", Card)

    assert card.definition == "A turn."
    assert [m["role"] for m in server.requests[1]["messages"]] == [
        "system",
        "user",
        "assistant",
        "user",
    ]
    assert "definition" in server.requests[1]["messages"][3]["content"]


def test_a_reply_that_never_fits_is_a_failure() -> None:
    with serving(Reply(("I'd rather not.",))) as server, pytest.raises(ModelFailed) as failed:
        model_of(server).structured("", "", Card)

    assert str(failed.value) == "The language model’s reply made no sense."
    assert len(server.requests) == 2


@pytest.mark.django_db
def test_a_day_has_so_many_tokens() -> None:
    budget = DailyBudget(100)

    async_to_sync(budget.spend)(60)
    assert async_to_sync(budget.is_spent)() is False
    async_to_sync(budget.spend)(60)
    assert async_to_sync(budget.is_spent)() is True
    assert async_to_sync(DailyBudget(100).is_spent)() is True
    assert async_to_sync(DailyBudget(1000).is_spent)() is False


@pytest.mark.django_db
def test_tokens_of_yesterday_count_no_more() -> None:
    yesterday = day_of(timezone.localtime() - timedelta(days=1))
    count(DailyBudget.OF, yesterday, 500)

    assert async_to_sync(DailyBudget(100).is_spent)() is False


def test_no_address_is_no_model(settings: Settings) -> None:
    language_model.cache_clear()
    settings.LLM_BASE_URL = ""

    assert language_model() is None

    language_model.cache_clear()
    settings.LLM_BASE_URL, settings.LLM_MODEL = "http://localhost:1/v1", "small"
    model = language_model()
    language_model.cache_clear()
    assert model
    assert model.name == "small"


def test_an_address_needs_a_model_and_a_model_an_address(tmp_path: object) -> None:
    ended = subprocess.run(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), "check"],
        env={"DATA_DIR": str(tmp_path), "LLM_MODEL": "small"},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert (ended.returncode, ended.stderr) == (
        1,
        "LLM_BASE_URL and LLM_MODEL need each other: set both or neither.\n",
    )


def model_of(server: LlmServer, **how: object) -> LanguageModel:
    return LanguageModel(server.base_url, "test", **how)  # type: ignore[arg-type]  # of its own keywords
