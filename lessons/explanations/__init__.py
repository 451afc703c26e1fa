"""The pictures that follow a round: one file here is one concept, found by its name.

A module of this folder has, in this order (see `angles.py`):

    docstring   what the picture teaches, the formula and its source
    TITLE       one line, as a headline says it
    IDEA        the point of it in a sentence, without numbers of one picture
    CORRECTION  what is often told wrongly about it, and what is true
    FORMULA     what is computed, in LaTeX
    SOURCE      where formula and figures come from
    KNOBS       what a reader may turn
    Params      pydantic model, every field bounded, all with defaults
    Result      pydantic model of rounded numbers, all that the drawing needs
    with_answers(params, answers) -> Params  what the class answered, where numpy is to work with it; optional
    compute(params, rng) -> Result          numpy, pure
    checks(params, result) -> list[Check]   measured against theory, drawn under the picture
    caption(params, result) -> str          a sentence or two with this picture's numbers
    text(params, result) -> str             the text equivalent, with this picture's numbers
    class_text(params, answers) -> str      what the class answered, for the text equivalent; optional

A knob that the server turns has the name of a parameter. `text`, `caption` and `class_text` speak for
the picture as it is handed over; what changes when a knob is turned in the browser, the drawing of
the same name in `frontend/src/explanations/` says itself.
"""

import hashlib
import importlib
import inspect
import json
import pkgutil
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError, computed_field

DEFAULT_SEED = 7


class Check(BaseModel):
    """One number of the picture, held against what theory says it should be."""

    name: str
    got: FiniteFloat
    want: FiniteFloat
    tol: FiniteFloat = Field(ge=0)
    unit: str = ""
    """Printed after the numbers, with its space if it wants one: "°", " %"."""

    @computed_field  # type: ignore[prop-decorator]  # pydantic's documented order of decorators
    @property
    def ok(self) -> bool:
        return abs(self.got - self.want) <= self.tol


class Knob(BaseModel):
    """A number the reader may turn. `where` says who computes the new picture."""

    key: str
    label: str
    min: float
    max: float
    step: float
    start: float
    scale: Literal["linear", "log"] = "linear"
    where: Literal["client", "server"] = "client"
    options: list[str] = []
    """Names of the values 0, 1, 2, ... where the knob chooses rather than measures."""


class ClassAnswers(BaseModel):
    """What a class answered to the question before the picture, without names."""

    n: int = 0
    values: list[float] = []
    """The numbers that were guessed, where the question asked for one."""
    counts: list[int] = []
    """How many chose each option, where the question offered some."""
    options: list[str] = []


class Picture(BaseModel):
    """All that a browser needs to draw one explanation."""

    model_config = ConfigDict(populate_by_name=True)

    id: str
    seed: int
    title: str
    caption: str
    text: str
    correction: str
    source: str
    params: dict[str, Any]
    knobs: list[Knob]
    data: dict[str, Any]
    check: list[Check]
    class_: ClassAnswers = Field(default_factory=ClassAnswers, alias="class")
    class_text: str = ""
    """What the class answered, in words; goes with `text`."""


class Explanation(Protocol):
    """The shape of a module in this folder."""

    TITLE: str
    IDEA: str
    CORRECTION: str
    FORMULA: str
    SOURCE: str
    KNOBS: Sequence[Knob]
    Params: type[BaseModel]
    Result: type[BaseModel]

    def compute(self, params: Any, rng: np.random.Generator, /) -> Any: ...
    def checks(self, params: Any, result: Any, /) -> list[Check]: ...
    def caption(self, params: Any, result: Any, /) -> str: ...
    def text(self, params: Any, result: Any, /) -> str: ...


class UnknownExplanation(LookupError):
    """No explanation has this key."""


def keys() -> list[str]:
    """The key of every explanation in this folder."""
    return sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_"))


def find(key: str) -> Explanation:
    """The module of that key; raises UnknownExplanation."""
    if key not in keys():
        raise UnknownExplanation(f"There is no explanation “{key}”; there are {', '.join(keys())}.")
    module: Any = importlib.import_module(f"{__name__}.{key}")
    explanation: Explanation = module
    return explanation


def validated(key: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """All parameters with defaults filled in; raises UnknownExplanation or pydantic's ValidationError."""
    return find(key).Params.model_validate(params).model_dump(mode="json")


def picture(key: str, params: Mapping[str, Any], seed: int = DEFAULT_SEED) -> Picture:
    """Compute the picture, or take it from memory. Heavy numpy: see `lessons.pictures`."""
    return _computed(key, json.dumps(validated(key, params), sort_keys=True), seed)


def answered(key: str, params: Mapping[str, Any], answers: ClassAnswers) -> dict[str, Any]:
    """The parameters with what the class answered in them, where the picture is computed from it.

    A class whose answers don't fit (a question of another kind leads here) changes nothing.
    """
    explanation = find(key)
    valid = explanation.Params.model_validate(params)
    with_answers = getattr(explanation, "with_answers", None)
    if with_answers is not None and answers.n:
        valid = with_answers(valid, answers)
    return valid.model_dump(mode="json")


def with_class(picture: Picture, answers: ClassAnswers) -> Picture:
    """The picture with the class in it: its answers to draw, and to tell in the text equivalent."""
    explanation = find(picture.id)
    class_text = getattr(explanation, "class_text", None)
    said = ""
    if class_text is not None and answers.n:
        said = class_text(explanation.Params.model_validate(picture.params), answers)
    return picture.model_copy(update={"class_": answers, "class_text": said})


def digest(key: str, params: Mapping[str, Any], seed: int = DEFAULT_SEED) -> str:
    """Names the content: equal for equal pictures, new when the code that computes them changes."""
    content = json.dumps([_code(), key, validated(key, params), seed], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def source_code(key: str) -> dict[str, str]:
    """The Python code that computes this picture, by file: its module, and what that takes from `_*.py`."""
    module: Any = find(key)
    helpers = {
        name
        for value in vars(module).values()
        if (name := getattr(value, "__module__", "")).startswith(f"{__name__}._")
    }
    modules = [module, *(importlib.import_module(name) for name in sorted(helpers))]
    return {f"{m.__name__.rpartition('.')[2]}.py": inspect.getsource(m) for m in modules}


def in_words(error: ValidationError, key: str) -> str:
    """The first thing that is wrong with parameters, as one sentence: which, and what it may be."""
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"])
    if not name:
        message = first["msg"].removeprefix("Value error, ")
        return f"{message[:1].upper()}{message[1:]}."
    fields = find(key).Params.model_json_schema()["properties"]
    if name not in fields:
        return f"“{key}” has no parameter “{name}”; it has {', '.join(fields)}."
    kind = {"integer": "a whole number", "number": "a number"}.get(fields[name].get("type"))
    low, high = fields[name].get("minimum"), fields[name].get("maximum")
    if kind is None or low is None or high is None:
        return f"{name}: {first['msg']}."
    return f"{name} must be {kind} from {low} to {high}, not {first['input']}."


@cache
def _code() -> str:
    """A digest of this folder: its Python and its assets."""
    files = sorted(
        f for f in Path(__file__).parent.rglob("*") if f.suffix in {".py", ".npz", ".txt"}
    )
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


@lru_cache(maxsize=64)
def _computed(key: str, params_json: str, seed: int) -> Picture:
    explanation = find(key)
    params = explanation.Params.model_validate_json(params_json)
    result = explanation.compute(params, np.random.default_rng(seed))
    return Picture(
        id=key,
        seed=seed,
        title=explanation.TITLE,
        caption=explanation.caption(params, result),
        text=explanation.text(params, result),
        correction=explanation.CORRECTION,
        source=explanation.SOURCE,
        params=params.model_dump(mode="json"),
        knobs=[_started(knob, params) for knob in explanation.KNOBS],
        data=result.model_dump(mode="json"),
        check=explanation.checks(params, result),
    )


def _started(knob: Knob, params: BaseModel) -> Knob:
    """A knob of the same name as a parameter starts at its value."""
    return knob.model_copy(update={"start": getattr(params, knob.key, knob.start)})
