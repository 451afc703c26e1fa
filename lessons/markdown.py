"""What authors write in Markdown, with LaTeX between dollar signs, as HTML that is safe to show.

A formula stays LaTeX, in a `<span class="math">` or, between $$ on lines of its own, a
`<div class="math">`: whoever reads without JavaScript reads that, else KaTeX draws it.
"""

import re
from collections.abc import Sequence

import nh3
from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.dollarmath.index import math_block_dollar

TAGS = frozenset(
    [
        "a",
        "blockquote",
        "br",
        "code",
        "del",
        "div",
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
        "span",
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

INLINE_TAGS = frozenset(["code", "em", "s", "span", "strong"])
CLASSES = {"span": {"class": {"math"}}, "div": {"class": {"math"}}}


def rendered(notes: str, below: int = 2) -> SafeString:
    """The notes as HTML. Their headings stand below those of that level."""
    tokens = _notes.parse(notes)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + below, 6)}"
    html = _notes.renderer.render(tokens, _notes.options, {})
    safe = nh3.clean(
        html,
        tags=set(TAGS),
        attributes=ATTRIBUTES,
        attribute_filter=_only_own_images,
        tag_attribute_values=CLASSES,
        url_schemes={"http", "https", "mailto"},
    )
    return mark_safe(safe)  # noqa: S308  # cleaned above


def _only_own_images(tag: str, attribute: str, value: str) -> str | None:
    """Images are uploaded: one from elsewhere would tell that place who reads. Its words stay."""
    if (tag, attribute) == ("img", "src") and not value.startswith(settings.MEDIA_URL):
        return None
    return value


def enriched(*texts: str) -> dict[str, str]:
    """For each of these one-line texts that isn't plain: the same as safe HTML."""
    html = {text: inline(text) for text in texts}
    return {text: shown for text, shown in html.items() if shown != escape(text)}


def inline(text: str) -> SafeString:
    """A text on one line as safe HTML: emphasis, code and LaTeX between dollar signs.

    Blanks to fill in, of three underscores or more, stay; so does whatever else is plain.
    """
    tokens = _line.parseInline(text)
    parts = tokens[0].children or []
    if {part.type for part in parts} <= {"text"} and "".join(p.content for p in parts) == text:
        return escape(text)
    html = _line.renderer.render(tokens, _line.options, {})
    safe = nh3.clean(html, tags=set(INLINE_TAGS), attributes={}, tag_attribute_values=CLASSES)
    return mark_safe(safe)  # noqa: S308  # cleaned above


def literal(text: str) -> SafeString:
    """A text on one line without Markdown as safe HTML: nothing but its formulas is more than letters."""
    return inline(_SIGN.sub(lambda m: f"${m[1]}$" if m[1] else m[0] if m[2] else f"\\{m[0]}", text))


_FORMULA = re.compile(r"\$(?![\s$])((?:\\.|[^\\$])+)(?<!\s)\$(?!\d)", re.DOTALL)
_BLANK = re.compile(r"_{3,}")
_SIGN = re.compile(rf"\$\$([^$]+)\$\$|({_FORMULA.pattern})|[\\`*_~]", re.DOTALL)


def _formula(state: StateInline, silent: bool) -> bool:
    """`$x^2$`, but not the prices in “$5 and $6”.

    Not the plugin's own rule, which takes the last letter of the text for the one before the first.
    """
    before = state.src[state.pos - 1 : state.pos]
    found = _FORMULA.match(state.src, state.pos, state.posMax)
    if not found or before.isdigit() or before == "$":
        return False
    if not silent:
        state.push("math_inline", "", 0).content = found[1]
    state.pos = found.end()
    return True


_display_rule = math_block_dollar(allow_labels=False)


def _display(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`$$` to `$$`, right after other lines too."""
    line, tokens = state.line, len(state.tokens)
    is_there = _display_rule(state, start, end, silent)
    # The plugin goes ahead even where it is only asked whether a paragraph ends here.
    if silent:
        state.line = line
        del state.tokens[tokens:]
    return is_there


def _blank(state: StateInline, silent: bool) -> bool:
    """Underscores that wait to be filled in, which may stand between letters."""
    found = _BLANK.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        state.pending += found[0]
    state.pos = found.end()
    return True


def _formula_html(
    _: RendererProtocol, tokens: Sequence[Token], i: int, options: OptionsDict, env: EnvType
) -> str:
    return f'<span class="math">{escape(tokens[i].content)}</span>'


def _display_html(
    _: RendererProtocol, tokens: Sequence[Token], i: int, options: OptionsDict, env: EnvType
) -> str:
    return f'<div class="math">{escape(tokens[i].content.strip())}</div>\n'


def _parser(preset: str, rules: list[str]) -> MarkdownIt:
    parser = MarkdownIt(preset, {"html": False}).enable(rules)
    parser.inline.ruler.before("escape", "math_inline", _formula)
    parser.add_render_rule("math_inline", _formula_html)
    return parser


_notes = _parser("commonmark", ["table", "strikethrough"])
_notes.block.ruler.before(
    "fence", "math_block", _display, {"alt": ["paragraph", "blockquote", "list"]}
)
_notes.add_render_rule("math_block", _display_html)
_line = _parser("zero", ["backticks", "emphasis", "escape", "strikethrough"])
_line.inline.ruler.before("emphasis", "blank", _blank)
