"""What this process counts and times, for an operator's Prometheus: see `quizgame/operations.py`.

Names and units follow Prometheus' own rules (prometheus.io/docs/practices/naming).
"""

from prometheus_client import Counter, Gauge, Histogram

# A class notices a tenth of a second; a script in Redis takes a tenth of a millisecond.
_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)

ROOMS = Gauge("quizgame_rooms", "Rooms with somebody connected to this process.")
SOCKETS = Gauge("quizgame_sockets", "Open websockets, those at the door included.", ["role"])
ANSWERS = Counter("quizgame_answers", "Answers that were accepted.")
REFUSALS = Counter("quizgame_refusals", "Commands that the game said no to.", ["reason"])
DISMISSALS = Counter("quizgame_dismissals", "Websockets that the server closed.", ["code"])
TURNED_AWAY = Counter(
    "quizgame_turned_away", "Websockets that weren't let in because too many came at once."
)
FAN_OUT = Histogram(
    "quizgame_fan_out_seconds",
    "From a stage's arrival until it was written to every socket of its room in this process.",
    buckets=_SECONDS,
)
BELL_DELAY = Histogram(
    "quizgame_bell_delay_seconds",
    "How long after its time, by the Redis clock, a bell was rung that moved a room on.",
    buckets=_SECONDS,
)
REDIS = Histogram(
    "quizgame_redis_seconds",
    "From a script's call until its reply, waiting for a connection included.",
    ["script"],
    buckets=_SECONDS,
)
