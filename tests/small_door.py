"""`python -m tests.small_door`: quizgame.daphne with a door for a few, to fill in a test."""

from quizgame import turnstile

turnstile.COMING_IN, turnstile.STRANGERS = 2, 3

from quizgame import daphne  # noqa: E402  # it makes its turnstile

daphne.UNREAD = 4

if __name__ == "__main__":
    daphne.main()
