"""The gallery's pages, and the numbers they give."""

import json
import re
from collections import Counter

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lessons import explanations, gallery, pictures
from lessons.questions import ExplanationRef

EVERY = explanations.keys()

pytestmark = pytest.mark.django_db


def page(client: Client, address: str, status: int = 200) -> str:
    reply = client.get(address)
    assert reply.status_code == status
    return reply.content.decode()


def picture_in(html: str) -> dict[str, object]:
    [found] = re.findall(r'<script type="application/json">(.*?)</script>', html, re.DOTALL)
    picture: dict[str, object] = json.loads(found)
    return picture


def test_every_explanation_is_told_once() -> None:
    told = Counter(key for _title, keys in gallery.CHAPTERS for key in keys)

    assert sorted(told) == EVERY
    assert set(told.values()) == {1}


def test_the_list_leads_to_every_explanation(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        html = page(client, "/explanations/")

    for key in EVERY:
        assert f'href="/explanations/{key}/"' in html
        assert explanations.find(key).TITLE in html.replace("&#x27;", "'")


@pytest.mark.parametrize("key", EVERY)
def test_a_page_has_the_picture_its_formula_its_source_and_its_code(
    client: Client, key: str
) -> None:
    html = page(client, f"/explanations/{key}/")

    picture = picture_in(html)
    # The one of the other process: with another number of threads the last digits may differ.
    assert picture == json.loads(pictures.picture_json(key, {}))
    text = _plain(html)
    for said in (picture["caption"], picture["text"], picture["correction"], picture["source"]):
        assert str(said) in text
    assert explanations.find(key).FORMULA in text
    for name, code in explanations.source_code(key).items():
        assert name in text
        assert code.strip() in text


def _plain(html: str) -> str:
    """The text of a page as a reader gets it who has no JavaScript."""
    without = re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
    text = re.sub(r"<[^>]+>", "", without)
    entities = {"&#x27;": "'", "&#39;": "'", "&quot;": '"', "&lt;": "<", "&gt;": ">", "&amp;": "&"}
    for entity, character in entities.items():
        text = text.replace(entity, character)
    return text


def test_the_code_is_that_of_the_file_and_of_what_it_takes_from_its_helpers() -> None:
    assert list(explanations.source_code("angles")) == ["angles.py"]
    assert list(explanations.source_code("toy")) == ["toy.py", "_superposition.py"]


def test_an_address_keeps_the_knobs(client: Client) -> None:
    html = page(client, "/explanations/toy/?ideas=3&relu=0&rarity=4&seed=11")

    picture = picture_in(html)
    assert picture["params"] == {"ideas": 3, "decay": 0.9, "relu": 0}
    assert picture["seed"] == 11


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("ideas=99", "ideas must be a whole number from 2 to 8, not 99."),
        ("ideas=many", "ideas must be a whole number from 2 to 8, not many."),
        ("ideas=2.5", "ideas must be a whole number from 2 to 8, not 2.5."),
        ("ideas=[1,2]", "ideas must be a whole number from 2 to 8, not [1, 2]."),
        ("ideas=" + "[" * 3000, "ideas must be a whole number from 2 to 8, not"),
    ],
)
def test_an_address_that_makes_no_sense_is_told_so(
    client: Client, query: str, sentence: str
) -> None:
    html = page(client, f"/explanations/toy/?{query}", status=400)

    assert sentence in _plain(html)
    assert picture_in(html)["params"] == {"ideas": 5, "decay": 0.9, "relu": 1}
    assert sentence in client.get(f"/explanations/toy/picture.json?{query}").json()["problem"]


@pytest.mark.parametrize("seed", ["-1", "1.5", "x", "9" * 12, "", "٣"])
def test_a_seed_that_is_none_is_the_usual_one(client: Client, seed: str) -> None:
    reply = client.get("/explanations/angles/picture.json", {"vectors": "50", "seed": seed})

    assert reply.json()["seed"] == explanations.DEFAULT_SEED


@pytest.mark.parametrize("address", ["", "picture.json"])
@pytest.mark.parametrize("key", ["telepathy", "os", "_superposition"])
def test_what_is_no_explanation_is_not_found(client: Client, key: str, address: str) -> None:
    page(client, f"/explanations/{key}/{address}", status=404)


def test_the_numbers_are_named_by_their_content(client: Client) -> None:
    first = client.get("/explanations/angles/picture.json?vectors=60&download")
    again = client.get(
        "/explanations/angles/picture.json?vectors=60",
        headers={"if-none-match": first.headers["ETag"]},
    )
    other = client.get(
        "/explanations/angles/picture.json?vectors=61",
        headers={"if-none-match": first.headers["ETag"]},
    )

    assert first.headers["Content-Disposition"] == 'attachment; filename="angles.json"'
    assert (again.status_code, again.content) == (304, b"")
    assert other.status_code == 200


def test_a_picture_is_sent_small_and_once(client: Client, db: None) -> None:
    first = client.get("/explanations/angles/picture.json", headers={"accept-encoding": "gzip"})
    again = {"accept-encoding": "gzip", "if-none-match": first.headers["ETag"]}

    assert first.headers["Content-Encoding"] == "gzip"
    assert first.headers["ETag"].startswith("W/")
    assert client.get("/explanations/angles/picture.json", headers=again).status_code == 304


def test_a_busy_server_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_WAITING", 0)

    reply = client.get("/explanations/toy/picture.json?seed=2026")

    assert reply.status_code == 503
    assert reply.headers["Retry-After"] == "1"
    assert reply.json() == {"problem": "The server is busy with other pictures."}


def test_a_link_leads_to_the_picture_it_names(client: Client) -> None:
    link = gallery.link_to(ExplanationRef(key="toy", params={"ideas": 4, "decay": 0.7}))

    assert link == {
        "title": explanations.find("toy").TITLE,
        "address": "/explanations/toy/?ideas=4&decay=0.7",
    }
    assert picture_in(page(client, link["address"]))["params"] == {
        "ideas": 4,
        "decay": 0.7,
        "relu": 1,
    }


def test_no_words_of_an_address_become_part_of_a_page(client: Client) -> None:
    html = page(client, "/explanations/toy/?ideas=<script>alert(1)</script>", status=400)

    assert "<script>alert" not in html
