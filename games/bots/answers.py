"""Some answer that fits a question."""

import random
from typing import Any


def an_answer(question: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """Some answer that fits a question, as it was shown."""
    places = list(range(len(question["options"])))
    match question["kind"]:
        case "single_choice" | "true_false" | "poll":
            return {"kind": "choice", "choice": chance.choice(places)}
        case "several_right":
            chosen = chance.sample(places, chance.randint(1, len(places)))
            return {"kind": "choices", "choices": chosen}
        case "number_guess":
            low, high = question["scale"]["low"], question["scale"]["high"]
            middle, spread = (low + high) / 2, (high - low) / 6
            number = round(min(high, max(low, chance.gauss(middle, spread))), 1)
            return {"kind": "number", "number": number}
        case "typed_number":
            return {"kind": "number", "number": chance.randint(0, 100)}
        case "order_steps":
            chance.shuffle(places)
            return {"kind": "order", "order": places}
        case _:
            words = ("tokens", "superposition", "ReLU", "90", "query", "features", "attention")
            return {"kind": "text", "text": chance.choice(words)}
