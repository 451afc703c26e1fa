"""How many questions one may ask a day and a minute, counted for all processes together."""

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from typing import NamedTuple

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lessons.study.models import Learner
from lessons.tallies import count, day_of, minute_of


class Limit(NamedTuple):
    a_minute: int
    a_day: int


OF_LEARNER = Limit(20, 300)
OF_ADDRESS = Limit(300, 6000)
"""Of all who have no account there: a new cookie is a new learner. A whole school has one address."""


class TooMany(Exception):
    """Says so in words; `wait` is until when."""

    def __init__(self, sentence: str, wait: timedelta) -> None:
        super().__init__(sentence)
        self.wait = wait


def count_question_of(learner: Learner, now: datetime) -> None:
    """Raises TooMany."""
    _count(f"learner {learner.pk}", OF_LEARNER, now)


def count_question_from(address: str, now: datetime) -> None:
    """Raises TooMany."""
    # No list of addresses is kept, only what tells them apart.
    _count(salted_hmac("questions from", _network(address)).hexdigest(), OF_ADDRESS, now)


def _network(address: str) -> str:
    """Of IPv6 the half that is a household's or a school's; anybody there has 2**64 addresses."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(int(found) >> 64) if isinstance(found, IPv6Address) else address


def _count(asker: str, limit: Limit, now: datetime) -> None:
    day, minute = day_of(now), minute_of(now)
    if count(f"chat, day: {asker}", day) > limit.a_day:
        wait = day + timedelta(days=1) - now
        raise TooMany(_("You have asked enough for one day. %s") % _again(wait), wait)
    if count(f"chat, minute: {asker}", minute) > limit.a_minute:
        wait = minute + timedelta(minutes=1) - now
        raise TooMany(_("Those were many questions at once. %s") % _again(wait), wait)


def _again(wait: timedelta) -> str:
    seconds = int(wait.total_seconds()) + 1
    if seconds <= 60:
        return ngettext("Ask again in %d second.", "Ask again in %d seconds.", seconds) % seconds
    hours = -(-seconds // 3600)
    return ngettext("Ask again in %d hour.", "Ask again in %d hours.", hours) % hours
