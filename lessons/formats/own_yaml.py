r"""Our own format, `.lesson.yaml`: a whole lesson, to read, edit and keep beside other texts.

    quizgame: 1                       # the version of this format
    slug: vectors                     # the last part of its page's address
    title: Vectors
    language: en                      # en unless it says otherwise
    summary: What an angle tells.
    sections:
      - title: Angles
        notes: |                      # Markdown
          A right angle is 90 degrees.
        explanation: mlp              # the picture beside it
        params: {bias: -0.5}          # what is left out keeps its default
    questions:                        # in the order of a game
      - kind: single_choice           # or several_right
        prompt: How large is a right angle?
        options:
          - right: 90 degrees
          - wrong: 100 degrees
        section: Angles               # where the notes tell about it
        limit_s: 20                   # 5 to 240, or none; 20 unless it says otherwise
        points: 1000                  # 0, 1000 or 2000; 1000 unless it says otherwise
        note: A quarter of a turn.    # shown with the right answer
        explanation: angles           # the picture that follows, with params as above
      - kind: several_right
        prompt: Which are right angles?
        options:
          - right: 90 degrees
          - right: 100 gon
          - wrong: 1 turn
        per_option: true              # each counts by itself; all or nothing unless it says so
      - kind: true_false
        prompt: A right angle is 90 degrees.
        right: true
      - kind: typed_text
        prompt: A right angle has ___ degrees.
        accepted: ["90", ninety]      # compared without case, punctuation and article
        typos: true                   # forgives slips in long words; false unless it says so
      - kind: typed_number
        prompt: What is $\sin 30°$?
        right: 0.5
        tolerance: 0.01               # 0 unless it says otherwise
        unit: ""                      # nothing unless it says otherwise
      - kind: number_guess
        prompt: How large is a right angle?
        right: 90
        tolerance: 5
        low: 0
        high: 180
        unit: °
        zero_at: 30                   # so far off earns nothing; left out, all beyond tolerance
      - kind: order_steps
        prompt: From small to large
        steps: [acute, right, obtuse]
      - kind: poll                    # this and what follows has no points
        prompt: Degrees or radians?
        options: [degrees, radians]
      - kind: word_cloud
        prompt: Where do you see right angles?
      - kind: info_slide
        prompt: Angles in the room
        body: Take a **book** and a sheet of paper.
        limit_s: 30                   # none unless it says otherwise
        image:                        # any question may have one
          alt: A sheet of paper in the corner of a door
          data: |                     # PNG, JPEG, WebP or GIF in base64
            R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==
    flashcards:
      - term: Right angle
        definition: A quarter of a turn.
        section: Angles               # explanation, params and image, as above
      - term: Degrees                 # {{c1::gap}} to fill in, {{c2::another::with a hint}}
        definition: A right angle has {{c1::90}} degrees.

Prompts, options, steps and notes are Markdown on one line; notes of sections, bodies of slides and
definitions may be longer. LaTeX stands between dollar signs. Text that YAML would take for a
number, a date or true and false stands in quotes. Aliases and tags aren't used.
"""

import base64
import binascii
from collections.abc import Mapping
from typing import Any, assert_never

import pydantic
import yaml
from django.core.exceptions import ValidationError
from pydantic_core import ErrorDetails

from lessons import images
from lessons.drafts import CardDraft, LessonDraft, QuestionDraft, SectionDraft
from lessons.formats import Loss, Unreadable
from lessons.questions import (
    ExplanationRef,
    Image,
    InfoSlide,
    NumberGuess,
    OrderSteps,
    Poll,
    Question,
    SeveralRight,
    SingleChoice,
    TrueFalse,
    TypedNumber,
    TypedText,
    WordCloud,
    is_scored,
)

VERSION = 1
LARGEST_BYTES = 20_000_000
DEEPEST = 20

Path = tuple[str | int, ...]


def read(data: bytes) -> tuple[LessonDraft, list[Loss]]:
    """The lesson in a `.lesson.yaml`, its images kept; nothing is ever lost. Raises Unreadable."""
    if len(data) > LARGEST_BYTES:
        raise Unreadable(f"The file is larger than {LARGEST_BYTES // 1_000_000} MB.")
    lines: dict[Path, int] = {}
    try:
        written = _plain(_node(data), (), lines)
        return LessonDraft.model_validate(_lesson(written)), []
    except _Misplaced as error:
        raise Unreadable(_at(error.path, lines, error.problem)) from error
    except pydantic.ValidationError as error:
        problems = [_at(_path(e["loc"]), lines, _problem(e)) for e in error.errors()]
        raise Unreadable(*problems) from error


def write(draft: LessonDraft) -> tuple[bytes, list[Loss]]:
    """The lesson as a `.lesson.yaml`; nothing is lost but an image whose file is gone."""
    losses: list[Loss] = []
    written = {
        "quizgame": VERSION,
        "slug": draft.slug,
        "title": draft.title,
        "language": draft.language,
        "summary": draft.summary,
        "sections": [_written_section(section) for section in draft.sections],
        "questions": [
            _written_question(question, f"question {n}", losses)
            for n, question in enumerate(draft.questions, start=1)
        ],
        "flashcards": [
            _written_card(card, f"flashcard {n}", losses)
            for n, card in enumerate(draft.flashcards, start=1)
        ],
    }
    text = yaml.dump(written, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)
    return text.encode(), losses


class _Misplaced(Exception):
    """Something in the tree isn't what stands at that place."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(problem)
        self.path = path
        self.problem = problem


# From bytes to plain values


def _node(data: bytes) -> yaml.Node:
    """The tree of the text, after a look at its outline: libyaml's parser is recursive in C."""
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    depth = 0
    try:
        for event in yaml.parse(data, Loader=loader):
            line = event.start_mark.line + 1 if event.start_mark else 1
            if isinstance(event, yaml.AliasEvent):
                raise Unreadable(f"Line {line}: aliases (*) aren't used here; write it out.")
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                raise Unreadable(f"Line {line}: this is nested deeper than a lesson is.")
        node = yaml.compose(data, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise Unreadable(f"Line {line}: this isn't YAML: {error.problem}.") from error
    except (yaml.YAMLError, UnicodeError) as error:
        raise Unreadable(f"This isn't YAML text in UTF-8: {error}") from error
    if node is None:
        raise Unreadable("The file is empty.")
    return node


def _plain(node: yaml.Node, path: Path, lines: dict[Path, int]) -> Any:
    """The node as dicts, lists, texts, numbers, booleans and None; notes the line of each path."""
    lines[path] = node.start_mark.line + 1
    kind = node.tag.removeprefix("tag:yaml.org,2002:")
    if isinstance(node, yaml.SequenceNode) and kind == "seq":
        return [_plain(item, (*path, i), lines) for i, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode) and kind == "map":
        found: dict[str, Any] = {}
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else "?"
            lines[(*path, name)] = key.start_mark.line + 1
            if name in found:
                raise _Misplaced((*path, name), "stands here twice")
            found[name] = _plain(value, (*path, name), lines)
        return found
    # A date is text to a lesson, and so is = or <<.
    if kind in {"str", "timestamp", "value", "merge"}:
        return node.value
    if kind in {"int", "float", "bool", "null"}:
        try:
            return yaml.SafeLoader("").construct_object(node)
        except ValueError as error:
            raise _Misplaced(path, "isn't a number") from error
    raise _Misplaced(path, "has a tag (!), which isn't used here")


# From plain values to the fields of a draft


def _lesson(written: Any) -> dict[str, Any]:
    lesson = _mapping(written, ())
    version = lesson.pop("quizgame", None)
    if version != VERSION:
        raise _Misplaced((), f"a lesson of this format begins with “quizgame: {VERSION}”")
    drafts = {"sections": _explained, "questions": _question, "flashcards": _illustrated}
    for name, draft in drafts.items():
        parts = lesson.get(name)
        if isinstance(parts, list):
            lesson[name] = [
                draft(_mapping(part, (name, i)), (name, i)) for i, part in enumerate(parts)
            ]
        elif parts is None:
            lesson.pop(name, None)
    return lesson


def _explained(part: dict[str, Any], path: Path) -> dict[str, Any]:
    """`explanation` and `params` become one reference."""
    params = part.pop("params", None)
    if "explanation" in part:
        key = part["explanation"]
        part["explanation"] = key and {"key": key, "params": {} if params is None else params}
    elif params is not None:
        raise _Misplaced((*path, "params"), "need an explanation")
    return part


def _illustrated(part: dict[str, Any], path: Path) -> dict[str, Any]:
    """What may have a picture of either sort: an explanation, or an image of its own."""
    if "image" in part:
        part["image"] = _image(part["image"], (*path, "image"))
    return _explained(part, path)


def _question(part: dict[str, Any], path: Path) -> dict[str, Any]:
    section = part.pop("section", None)
    question = _illustrated(part, path)
    if "limit_s" in question:
        limit_s = question.pop("limit_s")
        is_seconds = isinstance(limit_s, int) and 5 <= limit_s <= 240
        if not is_seconds and limit_s != "none":
            raise _Misplaced((*path, "limit_s"), "must be a whole number from 5 to 240, or none")
        question["limit_ms"] = limit_s * 1000 if is_seconds else None
    kind = question.get("kind")
    has_options = kind == "single_choice" or kind == "several_right"
    if has_options and isinstance(question.get("options"), list):
        marked = [
            _marked(option, (*path, "options", i)) for i, option in enumerate(question["options"])
        ]
        question["options"] = [text for _, text in marked]
        right = [i for i, (is_right, _) in enumerate(marked) if is_right]
        if kind == "single_choice" and len(right) != 1:
            raise _Misplaced((*path, "options"), "exactly one must be right")
        question["right"] = right if kind == "several_right" else right[0]
    return {"question": question, "section": section}


def _image(written: Any, path: Path) -> dict[str, Any]:
    """`data` becomes a file of our own."""
    image = _mapping(written, path)
    data = image.pop("data", None)
    if own := image.keys() - {"alt"}:
        raise _Misplaced((*path, min(own)), "isn't a name that is known here")
    if not isinstance(data, str):
        raise _Misplaced((*path, "data"), "must be an image in base64")
    try:
        kept = images.keep(base64.b64decode("".join(data.split()), validate=True))
    except (binascii.Error, ValueError) as error:
        raise _Misplaced((*path, "data"), "isn't base64") from error
    except ValidationError as error:
        problem = error.messages[0].removesuffix(".")
        raise _Misplaced((*path, "data"), problem[0].lower() + problem[1:]) from error
    return image | kept._asdict()


def _marked(option: Any, path: Path) -> tuple[bool, Any]:
    match option:
        case {"right": text, **others} if not others:
            return True, text
        case {"wrong": text, **others} if not others:
            return False, text
        case _:
            raise _Misplaced(path, "must be “right: …” or “wrong: …”")


def _mapping(value: Any, path: Path) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _Misplaced(path, "names and values are expected here, such as “title: Vectors”")
    return dict(value)


# Naming the place


def _path(loc: Path) -> Path:
    """Where in the file a field of the draft is written."""
    match loc:
        case ("questions", int(i), "question", _, *inner):
            names = {"limit_ms": "limit_s"}
            return ("questions", i, *(names.get(str(p), p) for p in inner if p != "key"))
        case _:
            return tuple(p for p in loc if p not in {"question", "key"})


def _at(path: Path, lines: Mapping[Path, int], problem: str) -> str:
    known = path
    while known not in lines:
        known = known[:-1]
    words: list[str] = []
    for before, part in zip((None, *path), path, strict=False):
        if isinstance(part, int):
            words[-1] = f"{str(before).removesuffix('s')} {part + 1}"
        else:
            words.append(part)
    return f"Line {lines[known]}: {', '.join([*words, problem]) if words else problem}."


def _problem(error: ErrorDetails) -> str:
    match error["type"]:
        case "string_type":
            return "must be text; if it looks like a number, put it in quotes"
        case "missing":
            return "is missing"
        case "extra_forbidden":
            return "isn't a name that is known here"
        case "value_error":
            return str(error["ctx"]["error"]).removesuffix(".")
        case "union_tag_not_found":
            return "kind is missing"
        case "union_tag_invalid":
            return f"kind must be one of {error['ctx']['expected_tags']}"
        case _:
            return error["msg"][0].lower() + error["msg"][1:]


# Writing


def _written_section(section: SectionDraft) -> dict[str, Any]:
    return {"title": section.title, "notes": section.notes} | _written_ref(section.explanation)


def _written_card(card: CardDraft, place: str, losses: list[Loss]) -> dict[str, Any]:
    return (
        {"term": card.term, "definition": card.definition}
        | _written_image(card.image, place, losses)
        | _written_place(card.section)
        | _written_ref(card.explanation)
    )


def _written_question(draft: QuestionDraft, place: str, losses: list[Loss]) -> dict[str, Any]:
    question = draft.question
    limit_s = question.limit_ms // 1000 if question.limit_ms is not None else "none"
    return (
        {"kind": question.kind, "prompt": question.prompt}
        | _written_key(question)
        | _written_image(question.image, place, losses)
        | _written_place(draft.section)
        | {"limit_s": limit_s}
        | ({"points": question.points} if is_scored(question) else {})
        | {"note": question.note}
        | _written_ref(question.explanation)
    )


def _written_key(question: Question) -> dict[str, Any]:
    """What only a question of this kind has."""
    match question:
        case SingleChoice():
            return {"options": _written_options(question.options, {question.right})}
        case SeveralRight():
            options = _written_options(question.options, set(question.right))
            return {"options": options, "per_option": question.per_option}
        case TrueFalse():
            return {"right": question.right}
        case TypedText():
            return {"accepted": list(question.accepted), "typos": question.typos}
        case TypedNumber():
            return question.model_dump(include={"right", "tolerance", "unit"})
        case NumberGuess():
            names = {"right", "tolerance", "low", "high", "unit", "zero_at"}
            return question.model_dump(include=names, exclude_none=True)
        case OrderSteps():
            return {"steps": list(question.steps)}
        case Poll():
            return {"options": list(question.options)}
        case WordCloud():
            return {}
        case InfoSlide():
            return {"body": question.body}
        case _:
            assert_never(question)


def _written_options(options: tuple[str, ...], right: set[int]) -> list[dict[str, str]]:
    return [{"right" if i in right else "wrong": text} for i, text in enumerate(options)]


def _written_image(image: Image | None, place: str, losses: list[Loss]) -> dict[str, Any]:
    if image is None:
        return {}
    data = images.kept_bytes(image.file)
    if data is None:
        losses.append(Loss(place, "its image, whose file is gone"))
        return {}
    return {"image": {"alt": image.alt, "data": base64.encodebytes(data).decode()}}


def _written_place(section: str | None) -> dict[str, Any]:
    return {"section": section} if section is not None else {}


def _written_ref(ref: ExplanationRef | None) -> dict[str, Any]:
    if ref is None:
        return {}
    return {"explanation": ref.key} | ({"params": ref.params} if ref.params else {})


class _Dumper(yaml.SafeDumper):
    """Texts of several lines stand as a block, as a person would write them."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    # PyYAML itself takes quotes where a block can't hold the text.
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)
