import pytest

from lessons.markdown import rendered


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
    ],
)
def test_notes_as_html(notes: str, html: str) -> None:
    assert rendered(notes) == html


def test_a_table() -> None:
    assert rendered("| a |\n|---|\n| b |").count("<td>b</td>") == 1
