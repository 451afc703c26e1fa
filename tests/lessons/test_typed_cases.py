"""The browser compares typed answers as the server does: it reads the cases that this file keeps.

`python -m tests.lessons.test_typed_cases` writes them anew.
"""

import json
from pathlib import Path
from typing import Any

from lessons.questions import TextAnswer, TypedText, folded, is_right

CASES = Path(__file__).parents[2] / "frontend" / "src" / "shared" / "typed.cases.json"
TEXTS = (
    "Johnson-Lindenstrauss",
    "johnson lindenstrauss",
    "Jonson–Lindenstraus",
    "The dot product",
    "dot products",
    "an  embedding",
    "the",
    "ReLU",
    "relu.",
    "RELU",
    "rleu",
    "Straße",
    "STRASSE",
    "Ὀδυσσεύς",
    "ΣΊΣΥΦΟΣ",
    "ﬁne‑tuning",
    "fine tuning",
    "finetuning",
    "90",
    "91",
    "90°",
    "x²",
    "café",
    "cafe\u0301",
    "superposition",
    "superpositoin",
    "super\u00adposition",
    "supreposition",
    "q\u200buery",
    "１２３",
    "日本語",
    "…",
)


def cases() -> dict[str, Any]:
    """`strict` and `forgiving` have a row for each text as the answer: 1 where the text of that column is right."""
    return {
        "texts": TEXTS,
        "folded": [folded(text) for text in TEXTS],
        "strict": [row(accepted, typos=False) for accepted in TEXTS],
        "forgiving": [row(accepted, typos=True) for accepted in TEXTS],
    }


def row(accepted: str, typos: bool) -> str:
    if not folded(accepted):
        return "0" * len(TEXTS)
    question = TypedText(prompt="?", accepted=(accepted,), typos=typos)
    return "".join(str(int(is_right(question, TextAnswer(text=given)))) for given in TEXTS)


def test_the_browser_has_todays_cases() -> None:
    assert json.loads(CASES.read_text()) == json.loads(json.dumps(cases()))


if __name__ == "__main__":
    CASES.write_text(json.dumps(cases(), ensure_ascii=False, indent=1) + "\n")
