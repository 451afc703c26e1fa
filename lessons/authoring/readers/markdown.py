"""Markdown and plain text, as they are."""

import re

from lessons.authoring.readers import NoText, Problem

_FRONT_MATTER = re.compile(r"\A---\n.*?\n(?:---|\.\.\.)\n", re.DOTALL)


def to_markdown(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NoText(Problem.BROKEN) from error
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        raise NoText(Problem.BROKEN)
    return _FRONT_MATTER.sub("", text)
