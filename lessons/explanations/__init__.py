"""The pictures that follow a round: one file here is one concept, found by its name.

A module of this folder has, in this order (see `angles.py`):

    docstring   what the picture teaches, the formula and its source
    TITLE       one line, as a headline says it
    SOURCE      where formula and figures come from
    KNOBS       what a reader may turn
    Params      pydantic model, every field bounded, all with defaults
    Result      pydantic model of rounded numbers, all that the drawing needs
    compute(params, rng) -> Result          numpy, pure
    checks(params, result) -> list[Check]   measured against theory, drawn under the picture
    caption(params, result) -> str          a sentence or two with this picture's numbers
    text(params, result) -> str             the text equivalent, with this picture's numbers
    class_text(params, answers) -> str      what the class answered, for the text equivalent; optional
    draw(params, result, figure)            the picture on paper: fills the matplotlib Figure it is given

`text`, `caption` and `class_text` speak for the picture as it is handed over; what changes when a
knob is turned, the drawing of the same name in `frontend/src/explanations/` prints itself.
"""

import hashlib
import importlib
import json
import pkgutil
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, computed_field

if TYPE_CHECKING:
    from matplotlib.figure import Figure

VERSION = 1
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
    v: int = VERSION
    seed: int
    title: str
    caption: str
    text: str
    source: str
    params: dict[str, Any]
    knobs: list[Knob]
    data: dict[str, Any]
    check: list[Check]
    class_: ClassAnswers = Field(default_factory=ClassAnswers, alias="class")


class Explanation(Protocol):
    """The shape of a module in this folder."""

    TITLE: str
    SOURCE: str
    KNOBS: Sequence[Knob]
    Params: type[BaseModel]
    Result: type[BaseModel]

    def compute(self, params: Any, rng: np.random.Generator, /) -> Any: ...
    def checks(self, params: Any, result: Any, /) -> list[Check]: ...
    def caption(self, params: Any, result: Any, /) -> str: ...
    def text(self, params: Any, result: Any, /) -> str: ...
    def draw(self, params: Any, result: Any, figure: "Figure", /) -> None: ...


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
    """Compute the picture, or take it from the cache. Heavy numpy: call it from a worker thread."""
    return _computed(key, json.dumps(validated(key, params), sort_keys=True), seed)


def with_class(picture: Picture, answers: ClassAnswers) -> Picture:
    """The picture with the class in it: its answers to draw, and to tell in the text equivalent."""
    explanation = find(picture.id)
    class_text = getattr(explanation, "class_text", None)
    text = picture.text
    if class_text is not None:
        params = explanation.Params.model_validate(picture.params)
        text = f"{text} {class_text(params, answers)}".rstrip()
    return picture.model_copy(update={"class_": answers, "text": text})


def digest(key: str, params: Mapping[str, Any], seed: int = DEFAULT_SEED) -> str:
    """Names the content: equal for equal pictures, new when the form of pictures changes."""
    content = json.dumps([VERSION, key, validated(key, params), seed], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


@lru_cache(maxsize=256)
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
        source=explanation.SOURCE,
        params=params.model_dump(mode="json"),
        knobs=[_started(knob, params) for knob in explanation.KNOBS],
        data=result.model_dump(mode="json"),
        check=explanation.checks(params, result),
    )


def _started(knob: Knob, params: BaseModel) -> Knob:
    """A knob of the same name as a parameter starts at its value."""
    return knob.model_copy(update={"start": getattr(params, knob.key, knob.start)})
