"""What a seat token tells this server, and what it refuses to be."""

import re
import time

import pytest
from django.core import signing

from games import seats
from games.seats import SeatToken

ADA = SeatToken(room="0123456789abcdef", role="player", player="a1b2c3", secret="s3cret")


@pytest.mark.parametrize(
    "token",
    [ADA, SeatToken(room=ADA.room, role="host"), SeatToken(room=ADA.room, role="screen")],
)
def test_a_token_says_what_was_signed(token: SeatToken) -> None:
    assert seats.read(seats.sign(token)) == token


def test_a_token_may_travel_as_a_subprotocol() -> None:
    # RFC 9110 allows more in a token, but no comma, colon or space.
    assert re.fullmatch(r"[A-Za-z0-9_.-]+", seats.sign(ADA))


def test_a_changed_token_is_refused() -> None:
    signed = seats.sign(ADA)
    host = seats.sign(SeatToken(room=ADA.room, role="host"))
    changed = [
        signed[:-1] + ("A" if signed[-1] != "A" else "B"),
        "x" + signed,
        signed + ".",
        # ada's signature under the host's claim
        ".".join([host.split(".")[0], *signed.split(".")[1:]]),
    ]

    assert [seats.read(text) for text in changed] == [None] * 4


@pytest.mark.parametrize("text", ["", ".", "..", "a.b.c", "ünï.cö.de", "x" * 5000])
def test_noise_is_no_token(text: str) -> None:
    assert seats.read(text) is None


def test_the_signature_of_another_purpose_is_no_seat() -> None:
    signer = signing.TimestampSigner(salt="accounts", sep=".")

    assert seats.read(signer.sign_object(ADA.model_dump())) is None


def test_a_signed_claim_of_another_form_is_no_seat() -> None:
    signer = signing.TimestampSigner(salt="games.seats", sep=".")
    claims = [
        {"room": "1", "role": "admin"},
        {"role": "host"},
        {**ADA.model_dump(), "points": 5000},
        ["room"],
    ]

    assert [seats.read(signer.sign_object(claim)) for claim in claims] == [None] * 4


def test_a_token_of_a_server_with_another_key_is_refused() -> None:
    other = signing.TimestampSigner(key="another" * 8, salt="games.seats", sep=".")

    assert seats.read(other.sign_object(ADA.model_dump())) is None


def test_a_token_is_good_for_a_week() -> None:
    signer = signing.TimestampSigner(salt="games.seats", sep=".")
    week_s = 7 * 24 * 60 * 60

    def signed_ago(seconds: int) -> str:
        value = signer.sign_object(ADA.model_dump()).split(".")[0]
        stamp = signing.b62_encode(int(time.time()) - seconds)
        return f"{value}.{stamp}.{signer.signature(f'{value}.{stamp}')}"

    assert seats.read(signed_ago(week_s - 60)) == ADA
    assert seats.read(signed_ago(week_s + 60)) is None


def test_secrets_and_players_are_never_the_same() -> None:
    assert len({seats.new_secret() for _ in range(500)}) == 500
    assert len({seats.new_player() for _ in range(500)}) == 500
    assert min(len(seats.new_secret()) for _ in range(50)) >= 24


def test_a_fingerprint_tells_nothing_but_whether_it_is_the_same() -> None:
    assert seats.fingerprint("s3cret") == seats.fingerprint("s3cret")
    assert seats.fingerprint("s3cret") != seats.fingerprint("s3creT")
    assert "s3cret" not in seats.fingerprint("s3cret")
    assert re.fullmatch(r"[0-9a-f]{32}", seats.fingerprint("s3cret"))
