import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from lessons import explanations


def explained(*args: str) -> str:
    out = StringIO()
    call_command("explain", *args, stdout=out, no_color=True)
    return out.getvalue()


def test_it_prints_the_picture_in_words_and_numbers() -> None:
    picture = explanations.picture("angles", {"dimensions": 30}, seed=3)

    printed = explained("angles", "--param", "dimensions=30", "--seed", "3")

    assert picture.title in printed
    assert picture.caption in printed
    assert picture.text in printed
    assert "dimensions=30, vectors=2000, class_size=0, seed=3" in printed
    assert printed.count("✓") == len(picture.check)
    assert "gzipped" in printed


def test_json_is_the_bare_payload() -> None:
    printed = explained("angles", "--json", "--param", "dimensions=3")

    assert json.loads(printed) == json.loads(
        explanations.picture("angles", {"dimensions": 3}).model_dump_json(by_alias=True)
    )


def test_list_names_every_explanation() -> None:
    lines = explained("--list").splitlines()

    assert [line.split()[0] for line in lines] == explanations.keys()


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ([], "Name an explanation; --list shows them all."),
        (["telepathy"], "There is no explanation “telepathy”"),
        (
            ["angles", "--param", "dimensions=1"],
            "dimensions must be a whole number from 2 to 12288, not 1.",
        ),
        (
            ["angles", "--param", "dimensions=many"],
            "dimensions must be a whole number from 2 to 12288, not many.",
        ),
        (
            ["angles", "--param", "size=3"],
            "“angles” has no parameter “size”; it has dimensions, vectors, class_size.",
        ),
        (
            ["angles", "--param", "dimensions=12288", "--param", "vectors=1000"],
            "In 12288 dimensions there can be 325 vectors at most.",
        ),
        (["angles", "--param", "dimensions"], "--param wants NAME=VALUE, not “dimensions”."),
        (["angles", "--seed", "-1"], "--seed must be 0 or more."),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(args: list[str], message: str) -> None:
    with pytest.raises(CommandError) as caught:
        explained(*args)

    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)
