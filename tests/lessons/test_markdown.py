import re
from html import unescape
from html.parser import HTMLParser

import pytest
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from lessons.markdown import INLINE_TAGS, TAGS, enriched, inline, literal, rendered


@pytest.mark.parametrize(
    ("notes", "html"),
    [
        ("A *right* angle", "<p>A <em>right</em> angle</p>\n"),
        ("# Title", "<h3>Title</h3>\n"),
        ("##### Deep", "<h6>Deep</h6>\n"),
        ("3. three", '<ol start="3">\n<li>three</li>\n</ol>\n'),
        ("~~no~~", "<p><s>no</s></p>\n"),
        ("`a < b`", "<p><code>a &lt; b</code></p>\n"),
        (
            "[there](https://example.org)",
            '<p><a href="https://example.org" rel="noopener noreferrer">there</a></p>\n',
        ),
        ("<b onclick=x>hi</b>", "<p>&lt;b onclick=x&gt;hi&lt;/b&gt;</p>\n"),
        ("![x](data:text/html,1)", "<p>![x](data:text/html,1)</p>\n"),
        ("So $a < b$.", '<p>So <span class="math">a &lt; b</span>.</p>\n'),
        ("$5 and $6", "<p>$5 and $6</p>\n"),
        ("`$x$`", "<p><code>$x$</code></p>\n"),
        ("$$\n\\frac{a}{b}\n$$", '<div class="math">\\frac{a}{b}</div>\n'),
        ("So:\n$$a<b$$\nIndeed.", '<p>So:</p>\n<div class="math">a&lt;b</div>\n<p>Indeed.</p>\n'),
        (
            "- one\n\n  $$a$$",
            '<ul>\n<li>\n<p>one</p>\n<div class="math">a</div>\n</li>\n</ul>\n',
        ),
        ("- one\n$$a$$", '<ul>\n<li>one</li>\n</ul>\n<div class="math">a</div>\n'),
        ("$$a", "<p>$$a</p>\n"),
        ("```math\n$x$\n```", "<pre><code>$x$\n</code></pre>\n"),
    ],
)
def test_notes_as_html(notes: str, html: str) -> None:
    assert rendered(notes) == html


def test_a_table() -> None:
    assert rendered("| a |\n|---|\n| b |").count("<td>b</td>") == 1


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("A *right* angle", "A <em>right</em> angle"),
        ("__so__ ~~no~~", "<strong>so</strong> <s>no</s>"),
        ("`a < b` & *c*", "<code>a &lt; b</code> &amp; <em>c</em>"),
        ("$x^2$", '<span class="math">x^2</span>'),
        ("$x$ is 5", '<span class="math">x</span> is 5'),
        ("a $x_1$, $y_1$", 'a <span class="math">x_1</span>, <span class="math">y_1</span>'),
        ("$a<b$", '<span class="math">a&lt;b</span>'),
        ("$\\$5$", '<span class="math">\\$5</span>'),
        ("\\*args", "*args"),
        ("\\$x$", "$x$"),
        ("*A* ___ here", "<em>A</em> ___ here"),
        ("*x*<script>alert(1)</script>", "<em>x</em>&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("*<img src=x onerror=y>*", "<em>&lt;img src=x onerror=y&gt;</em>"),
        ("$</span><script>$", '<span class="math">&lt;/span&gt;&lt;script&gt;</span>'),
        ('`"><svg onload=x>`', '<code>"&gt;&lt;svg onload=x&gt;</code>'),
        ("*[x](javascript:y)*", "<em>[x](javascript:y)</em>"),
    ],
)
def test_a_line_as_html(text: str, html: str) -> None:
    assert inline(text) == html
    assert enriched(text, "plain") == {text: inline(text)}


@pytest.mark.parametrize(
    "text",
    [
        "Is 1 < 2 & 3 > 2?",
        '“It\'s” "so"',
        "A right angle has ___ degrees.",
        "(___) and (_____), un___ing",
        "$5 and $6",
        "US$ 5, 5$ or 6$",
        "costs $",
        "$$x$$",
        "snake_case_name",
        "2 * 3 * 4",
        "*args and **kwargs",
        "# 1",
        "- 1",
        "1. One",
        "> 1",
        "[there](https://example.org)",
        "![it](https://example.org/it.png)",
        "https://example.org",
        "<b>bold</b>",
        "&lt;b&gt; &amp; &copy;",
        "C:\\Users",
        "one\ntwo  \n\nthree",
        "",
    ],
)
def test_what_is_plain_stays_as_it_is(text: str) -> None:
    assert inline(text) == escape(text)
    assert enriched(text) == {}


MARKS = """* ** _ ___ ` ``` ~~ $ $$ \\ | > - # < > " ' & &lt; <script> </script> </span> <!-- <![CDATA[
    <img/src=x/onerror=y> <svg/onload=y> <span/class=x> <math> <style> <javascript:y> <p/class=math>
    [a](javascript:y) ![a](x) ![a](data:y) [a]:data:x x 1"""
hostile = st.lists(
    st.sampled_from([*MARKS.split(), " ", "\n", "\n\n"]) | st.text(max_size=4), max_size=12
).map("".join)


@given(hostile)
def test_a_line_has_no_tag_but_those_allowed(text: str) -> None:
    tags = Tags.of(inline(text))

    assert {name for name, _ in tags.found} <= INLINE_TAGS
    assert {pair for _, attributes in tags.found for pair in attributes} <= {("class", "math")}
    assert [name for name, attributes in tags.found if attributes and name != "span"] == []


@given(hostile)
def test_notes_have_no_tag_but_those_allowed(text: str) -> None:
    for name, attributes in Tags.of(rendered(text)).found:
        assert name in TAGS
        assert {key for key, _ in attributes} <= {
            "class",
            "href",
            "src",
            "alt",
            "title",
            "rel",
            "start",
        }
        for key, value in attributes:
            assert key != "class" or (name in {"span", "div"} and value == "math")
            assert key not in {"href", "src"} or not re.match(r"\s*(javascript|data):", value or "")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="*_`~$\\")))
def test_a_text_without_marks_is_plain(text: str) -> None:
    assert inline(text) == escape(text)


@given(
    st.text(
        st.characters(exclude_categories=["Cs", "Cc", "Z"], exclude_characters="\\$"), min_size=1
    )
)
def test_a_formula_comes_through_as_it_is_written(tex: str) -> None:
    html = inline(f"So ${tex}$.")

    assert unescape(html) == f'So <span class="math">{tex}</span>.'


class Tags(HTMLParser):
    """The tags that open in a piece of HTML, as a browser sees them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, list[tuple[str, str | None]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, attrs))

    @classmethod
    def of(cls, html: str) -> "Tags":
        parser = cls()
        parser.feed(html)
        parser.close()
        return parser


def test_an_image_from_elsewhere_shows_its_words_alone() -> None:
    assert rendered("![a corner](https://example.org/a.png)") == '<p><img alt="a corner"></p>\n'
    own = f"/media/{'0' * 32}.webp"
    assert rendered(f"![a corner]({own})") == f'<p><img src="{own}" alt="a corner"></p>\n'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a*b*c, `x`, __y__, ~~z~~", "a*b*c, `x`, __y__, ~~z~~"),
        (
            "$x_1^*$ and $$y_2$$",
            '<span class="math">x_1^*</span> and <span class="math">y_2</span>',
        ),
        ("$5 and $6, a ___ and \\alpha", "$5 and $6, a ___ and \\alpha"),
        ("<b>1 & 2</b>", "&lt;b&gt;1 &amp; 2&lt;/b&gt;"),
    ],
)
def test_of_a_literal_text_only_the_formulas_are_more_than_letters(text: str, html: str) -> None:
    assert literal(text) == html


@given(st.text(alphabet="ab1 \\*_`~<&é", max_size=40))
def test_a_literal_text_keeps_all_its_letters(text: str) -> None:
    assert literal(text) == escape(text)
