"""PowerPoint's format, as LibreOffice and others write it too: a slide is a section."""

from collections.abc import Iterable, Iterator
from typing import Any

import pptx
from pptx.slide import Slide

from lessons.authoring.readers import (
    MOST_PAGES,
    NoText,
    Problem,
    escaped,
    heading,
    table,
    unzippable,
)

_NUMBERED = "{http://schemas.openxmlformats.org/drawingml/2006/main}buAutoNum"
DEEPEST_GROUP = 10


def to_markdown(data: bytes) -> str:
    slides = pptx.Presentation(unzippable(data)).slides
    if len(slides) > MOST_PAGES:
        raise NoText(Problem.TOO_LONG)
    lines = [line for number, slide in enumerate(slides, start=1) for line in _slide(slide, number)]
    has_pictures = any(_has_picture(slide) for slide in slides)
    if has_pictures and not any(line and not line.startswith("#") for line in lines):
        raise NoText(Problem.PICTURES_ONLY)
    return "\n".join(lines)


def _slide(slide: Slide, number: int) -> Iterator[str]:
    title = slide.shapes.title
    name = title.text_frame.text.strip() if title is not None else ""
    kinds = {_placeholder(shape) for shape in slide.placeholders}
    is_cover = number == 1 and bool(kinds & {"CENTER_TITLE", "SUBTITLE"})
    yield from ("", heading(name or f"{number}", 1 if is_cover else 2), "")
    for shape in _shapes(slide.shapes):
        if title is not None and shape.shape_id == title.shape_id:
            continue
        if getattr(shape, "has_table", False):
            yield ""
            yield from table([[cell.text for cell in row.cells] for row in shape.table.rows])
            yield ""
        elif shape.has_text_frame:
            yield from _paragraphs(shape.text_frame.paragraphs)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        for paragraph in slide.notes_slide.notes_text_frame.paragraphs:
            yield from ("", escaped(paragraph.text))


def _shapes(shapes: Iterable[Any], depth: int = 0) -> Iterator[Any]:
    """All shapes, those in groups too."""
    for shape in shapes:
        if hasattr(shape, "shapes") and depth < DEEPEST_GROUP:
            yield from _shapes(shape.shapes, depth + 1)
        elif _placeholder(shape) not in {"DATE", "FOOTER", "SLIDE_NUMBER"}:
            yield shape


def _placeholder(shape: Any) -> str:
    """What the layout meant it for; nothing if it isn't the layout's."""
    kind = shape.placeholder_format.type if shape.is_placeholder else None
    return kind.name if kind is not None else ""


def _paragraphs(paragraphs: Iterable[Any]) -> Iterator[str]:
    spoken = [p for p in paragraphs if p.text.strip()]
    if len(spoken) == 1:
        yield from ("", escaped(spoken[0].text), "")
        return
    yield ""
    for paragraph in spoken:
        properties = paragraph._p.pPr
        is_numbered = properties is not None and properties.find(_NUMBERED) is not None
        text = escaped(paragraph.text)
        yield f"{'    ' * min(paragraph.level, 3)}{'1.' if is_numbered else '-'} {text}"
    yield ""


def _has_picture(slide: Slide) -> bool:
    return any(hasattr(shape, "image") for shape in _shapes(slide.shapes))
