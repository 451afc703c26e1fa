"""The one door to a language model: any server that speaks OpenAI's chat completions, or none.

OpenAI, Ollama, llama.cpp, vLLM and LM Studio do. `LLM_BASE_URL` and `LLM_MODEL` name one; without
them `language_model()` is None, and whoever asks does without.
"""

import asyncio
import json
import logging
import re
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import aclosing, contextmanager
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol, TypeVar

from asgiref.sync import async_to_sync, sync_to_async
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext
from pydantic import BaseModel, ValidationError

from lessons.tallies import count, counted, day_of

if TYPE_CHECKING:
    from openai import AsyncOpenAI, AsyncStream
    from openai.types.chat import ChatCompletionChunk

logger = logging.getLogger(__name__)

Shape = TypeVar("Shape", bound=BaseModel)

CONNECT_S = 5.0
LONGEST_CHARACTERS = 60_000
"""Of one reply: a small model may repeat itself for ever."""
CHARACTERS_PER_TOKEN = 4
"""Of English, where the server doesn't count."""


class ModelFailed(Exception):
    """There is no reply. As text it is a sentence for the user; its cause is in the log."""


class Said(NamedTuple):
    """One turn of a conversation."""

    by: Literal["user", "assistant"]
    text: str


class Budget(Protocol):
    """How many tokens may still be spent."""

    async def is_spent(self) -> bool: ...
    async def spend(self, tokens: int) -> None: ...


@cache
def language_model() -> "LanguageModel | None":
    """The model of this server; None if none is configured. Not on the event loop the first time."""
    if not settings.LLM_BASE_URL:
        return None
    budget = DailyBudget(settings.LLM_DAILY_TOKENS) if settings.LLM_DAILY_TOKENS else None
    return LanguageModel(
        settings.LLM_BASE_URL, settings.LLM_MODEL, settings.LLM_API_KEY, budget=budget
    )


class LanguageModel:
    """One model of one server. `silence_s` is the longest wait for the next piece of a reply."""

    def __init__(
        self,
        base_url: str,
        model: str,
        api_key: str = "",
        *,
        silence_s: float = 20,
        budget: Budget | None = None,
    ) -> None:
        # A second or two to import, and 0.1 s for the certificates: here, not amid a reply.
        import openai  # noqa: F401
        from httpx2 import create_ssl_context

        self._certificates = create_ssl_context()
        self.name = model
        self._base_url = base_url
        self._api_key = api_key
        self._silence_s = silence_s
        self._budget = budget
        self._is_plain = False
        """The server refused what goes beyond model and messages."""

    async def streamed(
        self, instructions: str, said: Sequence[Said], *, within_s: float = 60
    ) -> AsyncGenerator[str, None]:
        """The reply, piece by piece; closing the iterator hangs up. Raises ModelFailed."""
        messages = _messages(instructions, said)
        # Else the inner iterator would be closed only when it is swept up.
        async with aclosing(self._pieces(messages, within_s=within_s, retries=0)) as pieces:
            async for piece in pieces:
                yield piece

    def structured(
        self, instructions: str, material: str, shape: type[Shape], *, within_s: float = 120
    ) -> Shape:
        """A reply of that shape, checked; one that isn't is sent back once. Raises ModelFailed."""
        return async_to_sync(self._structured)(instructions, material, shape, within_s)

    async def _structured(
        self, instructions: str, material: str, shape: type[Shape], within_s: float
    ) -> Shape:
        schema = shape.model_json_schema()
        told = f"{instructions}\n\nReply with JSON of this schema, and nothing else:\n{json.dumps(schema)}"
        wanted = {"name": shape.__name__, "schema": schema, "strict": True}
        extras = {"response_format": {"type": "json_schema", "json_schema": wanted}}
        said = [Said("user", material)]
        ends = time.monotonic() + within_s
        for is_last in (False, True):
            pieces = self._pieces(
                _messages(told, said),
                within_s=ends - time.monotonic(),
                retries=2,
                extras=extras,
            )
            reply = "".join([piece async for piece in pieces])
            try:
                # Servers that accept a schema needn't enforce it.
                return shape.model_validate_json(_json_in(reply))
            except ValidationError as error:
                if is_last:
                    logger.warning("%s replied what isn't %s: %s", self.name, shape, error)
                    raise ModelFailed(
                        gettext("The language model’s reply made no sense.")
                    ) from error
                problem = f"That doesn’t fit the schema: {error}\nReply again, with JSON alone."
                said += [Said("assistant", reply), Said("user", problem)]
        raise AssertionError("the last try returns or raises")

    async def _pieces(
        self,
        messages: list[dict[str, str]],
        *,
        within_s: float,
        retries: int,
        extras: dict[str, Any] | None = None,
    ) -> AsyncGenerator[str, None]:
        if self._budget and await self._budget.is_spent():
            raise ModelFailed(gettext("The language model has done its share for today."))
        import openai

        spent = _Spent(sum(len(message["content"]) for message in messages))
        ends = time.monotonic() + within_s
        with _failures_in_words(self.name):
            async with openai.AsyncOpenAI(
                base_url=self._base_url,
                api_key=self._api_key or "none",
                timeout=openai.Timeout(self._silence_s, connect=CONNECT_S),
                max_retries=retries,
                http_client=openai.DefaultAsyncHttpxClient(verify=self._certificates),
            ) as client:
                async with asyncio.timeout(within_s):
                    stream = await self._opened(client, messages, extras or {})
                is_finished = False
                try:
                    async with stream:
                        chunks = aiter(stream)
                        while chunk := await _next(chunks, ends - time.monotonic()):
                            spent.note(chunk)
                            for choice in chunk.choices[:1]:
                                is_finished = is_finished or choice.finish_reason == "stop"
                                if choice.delta.content:
                                    yield choice.delta.content
                            if spent.characters > LONGEST_CHARACTERS:
                                break
                finally:
                    # A reply that nobody waited for has been paid for all the same.
                    if self._budget:
                        await self._budget.spend(spent.tokens)
        if not is_finished:
            raise ModelFailed(gettext("The language model stopped in mid-sentence."))

    async def _opened(
        self, client: "AsyncOpenAI", messages: list[dict[str, str]], extras: dict[str, Any]
    ) -> "AsyncStream[ChatCompletionChunk]":
        """The stream of a reply; with no more than model and messages where a server asks for that."""
        import openai

        create: Callable[..., Awaitable[AsyncStream[ChatCompletionChunk]]] = (
            client.chat.completions.create
        )
        bare = {"model": self.name, "messages": messages, "stream": True}
        wished = {"temperature": 0, "stream_options": {"include_usage": True}} | extras
        if not self._is_plain:
            try:
                return await create(**bare, **wished)
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                logger.info("%s refuses some of %s: %s", self.name, sorted(wished), error)
        stream = await create(**bare)
        self._is_plain = True
        return stream


class DailyBudget:
    """So many tokens a day, for all processes of this server together."""

    OF = "tokens of the language model"

    def __init__(self, tokens: int) -> None:
        self._tokens = tokens

    async def is_spent(self) -> bool:
        return await sync_to_async(counted)(self.OF, self._today()) >= self._tokens

    async def spend(self, tokens: int) -> None:
        await sync_to_async(count)(self.OF, self._today(), tokens)

    def _today(self) -> datetime:
        return day_of(timezone.localtime())


class _Spent:
    """What a reply costs: as the server counts it, else by its length."""

    def __init__(self, asked_characters: int) -> None:
        self.characters = 0
        self._asked = asked_characters
        self._counted: int | None = None

    def note(self, chunk: "ChatCompletionChunk") -> None:
        if chunk.usage:
            self._counted = chunk.usage.total_tokens
        self.characters += sum(len(c.delta.content or "") for c in chunk.choices)

    @property
    def tokens(self) -> int:
        if self._counted is not None:
            return self._counted
        return (self._asked + self.characters) // CHARACTERS_PER_TOKEN


async def _next(
    chunks: "AsyncIterator[ChatCompletionChunk]", left_s: float
) -> "ChatCompletionChunk | None":
    async with asyncio.timeout(left_s):
        return await anext(chunks, None)


def _messages(instructions: str, said: Sequence[Said]) -> list[dict[str, str]]:
    spoken = [{"role": turn.by, "content": turn.text} for turn in said]
    return [{"role": "system", "content": instructions}, *spoken]


_THOUGHT = re.compile(r"<think>.*?</think>", re.DOTALL)


def _json_in(reply: str) -> str:
    """The object in a reply, without thoughts before it and a fence around it."""
    rest = _THOUGHT.sub("", reply)
    start, end = rest.find("{"), rest.rfind("}")
    return rest[start : end + 1] if 0 <= start < end else rest


@contextmanager
def _failures_in_words(model: str) -> Iterator[None]:
    """Whatever goes wrong with the server as ModelFailed."""
    import httpx2
    import openai

    try:
        yield
    except (openai.OpenAIError, httpx2.HTTPError, TimeoutError, ValueError, OSError) as error:
        logger.warning("%s failed: %r", model, error)
        raise ModelFailed(_sentence(error)) from error


def _sentence(error: Exception) -> str:
    import httpx2
    import openai

    match error:
        case openai.APITimeoutError() | httpx2.TimeoutException() | TimeoutError():
            return gettext("The language model took too long.")
        case openai.AuthenticationError() | openai.PermissionDeniedError():
            return gettext("The language model refuses this server’s key.")
        case openai.NotFoundError():
            return gettext("The server of the language model doesn’t know that model.")
        case openai.RateLimitError():
            return gettext("The language model is busy. Try again in a minute.")
        case ValueError():
            return gettext("The language model’s reply made no sense.")
        case openai.APIConnectionError() | httpx2.NetworkError() | OSError():
            return gettext("The language model can’t be reached.")
        case _:
            return gettext("The language model failed.")
