"""Word's format, as LibreOffice and others write it too: headings, lists, tables, bold words."""

import re
from collections.abc import Iterator
from typing import Any

import docx
from docx.document import Document
from docx.table import Table
from docx.text.paragraph import Paragraph

from lessons.authoring.readers import escaped, heading, table, unzippable


def to_markdown(data: bytes) -> str:
    document = docx.Document(unzippable(data))
    return "\n".join(_lines(document))


def _lines(document: Document) -> Iterator[str]:
    formats = _list_formats(document)
    for part in document.iter_inner_content():
        if isinstance(part, Table):
            yield ""
            yield from table([[cell.text for cell in row.cells] for row in part.rows])
            yield ""
        elif part.text.strip():
            yield from _paragraph(part, formats)


def _paragraph(paragraph: Paragraph, formats: dict[str, list[str]]) -> Iterator[str]:
    style = (paragraph.style.name or "") if paragraph.style else ""
    if level := _level(style):
        yield from ("", heading(paragraph.text, level), "")
        return
    listed = _listed(paragraph, style, formats)
    if listed is None:
        yield from ("", _with_bold(paragraph))
        return
    depth, is_numbered = listed
    yield f"{'    ' * depth}{'1.' if is_numbered else '-'} {_with_bold(paragraph)}"


def _level(style: str) -> int:
    """Of a heading, below the title, which is 1; 0 of everything else."""
    if style == "Title":
        return 1
    seen = re.fullmatch(r"Heading (\d)", style, re.IGNORECASE)
    return int(seen[1]) + 1 if seen else 0


def _with_bold(paragraph: Paragraph) -> str:
    """The text with its bold runs marked, those that are only a part of it."""
    runs = [(bool(run.bold), run.text) for run in paragraph.runs]
    if "".join(text for _, text in runs) != paragraph.text or all(is_bold for is_bold, _ in runs):
        return escaped(paragraph.text)
    joined: list[tuple[bool, str]] = []
    for is_bold, text in runs:
        if joined and joined[-1][0] == is_bold:
            joined[-1] = (is_bold, joined[-1][1] + text)
        else:
            joined.append((is_bold, text))
    return "".join(_run(text, is_bold) for is_bold, text in joined).strip()


def _run(text: str, is_bold: bool) -> str:
    """Stars need a letter on their inside: spaces at the ends stay without."""
    inner = text.strip()
    if not inner:
        return " "
    marked = f"**{escaped(inner)}**" if is_bold else escaped(inner)
    return f"{' ' * text[0].isspace()}{marked}{' ' * text[-1].isspace()}"


def _list_formats(document: Document) -> dict[str, list[str]]:
    """Of each list's number, the formats of its levels: “bullet”, “decimal”, ..."""
    namespace = document.element.nsmap["w"]

    def tag(name: str) -> str:
        return f"{{{namespace}}}{name}"

    try:
        numbering = document.part.numbering_part.element
    except (KeyError, NotImplementedError):
        return {}
    abstract = {
        each.get(tag("abstractNumId")): [
            fmt.get(tag("val"), "") for fmt in each.iter(tag("numFmt"))
        ]
        for each in numbering.iter(tag("abstractNum"))
    }
    found = {}
    for each in numbering.iter(tag("num")):
        of = each.find(tag("abstractNumId"))
        if of is not None:
            found[each.get(tag("numId"))] = abstract.get(of.get(tag("val")), [])
    return found


def _listed(
    paragraph: Paragraph, style: str, formats: dict[str, list[str]]
) -> tuple[int, bool] | None:
    """How deep in a list the paragraph is, and whether that is numbered; None outside of lists."""
    own = _numbering(paragraph._p.pPr)
    if own is None and paragraph.style is not None:
        own = _numbering(paragraph.style.element.pPr)
    if own is not None and own.numId is not None and own.numId.val:
        depth = own.ilvl.val if own.ilvl is not None else 0
        levels = formats.get(str(own.numId.val), [])
        fmt = levels[depth] if depth < len(levels) else "bullet"
        return min(depth, 3), fmt not in {"bullet", "none", ""}
    if style.startswith("List"):
        return 0, style.startswith("List Number")
    return None


def _numbering(properties: Any) -> Any:
    return properties.numPr if properties is not None else None
