"""Seat tokens: who a socket is, signed by this server. The only secret a phone keeps."""

import hashlib
import hmac
import secrets
from functools import cache
from typing import Literal

from django.core import signing
from pydantic import BaseModel, ConfigDict, ValidationError

LIFETIME_S = 7 * 24 * 60 * 60


class SeatToken(BaseModel):
    """What a token says. A player's `secret` is known to Redis as a hash only."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    room: str
    role: Literal["player", "host", "screen"]
    player: str = ""
    secret: str = ""


def sign(token: SeatToken) -> str:
    """The token as a browser keeps it: letters, digits, `-`, `_` and dots."""
    return _signer().sign_object(token.model_dump())


def read(text: str) -> SeatToken | None:
    """The token that this server signed; None for anything else."""
    try:
        return SeatToken.model_validate(_signer().unsign_object(text, max_age=LIFETIME_S))
    except (signing.BadSignature, ValidationError, ValueError):
        return None


@cache
def _signer() -> signing.TimestampSigner:
    # A token travels as a websocket subprotocol, where ":" isn't allowed.
    return signing.TimestampSigner(salt="games.seats", sep=".")


def new_secret() -> str:
    """A secret nobody can guess."""
    return secrets.token_urlsafe(18)


def new_player() -> str:
    """A public id: names a player to others, resumes nothing."""
    return secrets.token_hex(6)


def fingerprint(secret: str) -> str:
    """What is stored of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()[:32]


PERSONAL_LETTERS = "CDFGHJKLMNPQRTVWXZ"
"""Without those that look alike or like a digit, and without vowels, so that no code is a word."""


def new_personal_code() -> str:
    """Six letters to type on another phone."""
    return "".join(secrets.choice(PERSONAL_LETTERS) for _ in range(6))


def cleaned_code(text: str) -> str:
    """A personal code as it was meant: capital letters, nothing else."""
    return "".join(c for c in text.upper() if c.isalpha())


SECOND_CODE_S = 10


def second_code(secret: str, now_ms: int, ago: int = 0) -> str:
    """The four letters A to F that the projector shows at that moment, or some turns ago."""
    turn = now_ms // (SECOND_CODE_S * 1000) - ago
    mark = hmac.digest(secret.encode(), str(turn).encode(), "sha256")
    return "".join("ABCDEF"[byte % 6] for byte in mark[:4])
