"""A recording's transcript for players: WebVTT, one cue per turn. Pure.

Source: w3.org/TR/webvtt1
"""

from collections.abc import Iterable, Sequence
from html import escape

from lessons.podcast.script import Script


def webvtt(script: Script, cues: Sequence[Sequence[int]]) -> str:
    """The turns that are recorded.

    cues  (turns, 2)  start and end, in ms
    """
    return "\n\n".join(["WEBVTT", *_blocks(script, cues)]) + "\n"


def _blocks(script: Script, cues: Sequence[Sequence[int]]) -> Iterable[str]:
    for turn, (start_ms, end_ms) in zip(script.turns, cues, strict=False):
        said = escape(" ".join(turn.text.split()), quote=False)
        voice = f"<v {turn.speaker.upper()}>"
        yield f"{_time(start_ms)} --> {_time(end_ms)}\n{voice}{said}"


def _time(ms: int) -> str:
    seconds, ms = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{ms:03}"
