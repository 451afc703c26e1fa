import gzip
import json
from pathlib import Path

import pytest
from django.conf import settings
from pydantic import ValidationError

from lessons import explanations
from lessons.explanations import Check, ClassAnswers, UnknownExplanation

FOLDER = Path(explanations.__file__).parent
EVERY = explanations.keys()


def test_every_file_of_the_folder_is_an_explanation() -> None:
    files = {file.stem for file in FOLDER.glob("*.py") if not file.stem.startswith("_")}

    assert set(EVERY) == files
    assert {"angles", "mlp", "toy"} <= files


@pytest.mark.parametrize("key", EVERY)
def test_it_has_a_drawing_and_a_test_of_its_name(key: str) -> None:
    assert (settings.BASE_DIR / f"frontend/src/explanations/{key}.svelte").is_file()
    assert (settings.BASE_DIR / f"tests/lessons/explanations/test_{key}.py").is_file()


@pytest.mark.parametrize("key", EVERY)
def test_its_default_picture_agrees_with_theory(key: str) -> None:
    picture = explanations.picture(key, {})

    assert len(picture.check) >= 2
    assert [check for check in picture.check if not check.ok] == []


@pytest.mark.parametrize("key", EVERY)
def test_its_words_stand_alone(key: str) -> None:
    picture = explanations.picture(key, {})

    assert 10 <= len(picture.title) <= 60
    assert 40 <= len(picture.caption) <= 300
    assert len(picture.text) > len(picture.caption)
    assert any(character.isdigit() for character in picture.text)
    assert "(" in picture.source  # with its year
    assert 30 <= len(explanations.find(key).IDEA) <= 160
    assert 40 <= len(picture.correction) <= 400


@pytest.mark.parametrize("key", EVERY)
def test_its_knobs_start_within_their_track(key: str) -> None:
    for knob in explanations.picture(key, {}).knobs:
        assert knob.min <= knob.start <= knob.max
        assert 0 < knob.step <= knob.max - knob.min
        assert knob.scale == "linear" or knob.min > 0
        assert not knob.options or (knob.min, knob.max) == (0, len(knob.options) - 1)


@pytest.mark.parametrize("key", EVERY)
def test_its_payload_is_small_and_survives_the_wire(key: str) -> None:
    picture = explanations.picture(key, {})
    payload = picture.model_dump_json(by_alias=True)

    assert len(gzip.compress(payload.encode())) < 8_000
    sent = json.loads(payload)
    assert explanations.Picture.model_validate(sent) == picture
    assert explanations.find(key).Result.model_validate(sent["data"]).model_dump(mode="json") == (
        picture.data
    )


def test_an_unknown_key_is_named() -> None:
    with pytest.raises(UnknownExplanation, match="“telepathy”"):
        explanations.picture("telepathy", {})


@pytest.mark.parametrize("key", ["os", "__init__", "_superposition", "../angles", ""])
def test_only_explanations_can_be_found(key: str) -> None:
    with pytest.raises(UnknownExplanation):
        explanations.find(key)


def test_a_parameter_out_of_bounds_is_refused() -> None:
    with pytest.raises(ValidationError, match="dimensions"):
        explanations.validated("angles", {"dimensions": 1})


def test_defaults_are_filled_in() -> None:
    assert explanations.validated("angles", {"dimensions": 3}) == {
        "dimensions": 3,
        "vectors": 2000,
        "class_size": 0,
    }


def test_a_knob_starts_at_the_parameter_of_its_name() -> None:
    picture = explanations.picture("angles", {"dimensions": 3})

    assert [knob.start for knob in picture.knobs if knob.key == "dimensions"] == [3]


def test_equal_pictures_are_computed_once() -> None:
    first = explanations.picture("angles", {})

    assert explanations.picture("angles", {"vectors": 2000, "dimensions": 100}) is first
    assert explanations.picture("angles", {}, seed=8) is not first


def test_the_digest_names_the_content() -> None:
    digest = explanations.digest("angles", {})

    assert digest == explanations.digest("angles", {"dimensions": 100})
    assert len({digest, explanations.digest("angles", {}, seed=8)}) == 2
    assert len({digest, explanations.digest("angles", {"dimensions": 99})}) == 2


def test_the_class_comes_into_a_copy_of_the_picture() -> None:
    plain = explanations.picture("angles", {})
    answers = ClassAnswers(n=2, values=[60, 90])

    picture = explanations.with_class(plain, answers)

    assert picture.class_ == answers
    assert picture.text == plain.text
    assert picture.class_text == (
        "Dots under the axis show what the class guessed: 2 guesses, "
        "from 60 to 90 degrees, on average 75; 1 within 5 degrees of 90."
    )
    assert explanations.picture("angles", {}).class_ == ClassAnswers()
    assert json.loads(picture.model_dump_json(by_alias=True))["class"]["values"] == [60, 90]


@pytest.mark.parametrize("key", EVERY)
@pytest.mark.parametrize(
    "answers",
    [ClassAnswers(n=2, values=[1, 90]), ClassAnswers(n=3, counts=[1, 2], options=["a", "b"])],
    ids=["numbers", "choices"],
)
def test_any_class_fits_into_any_picture(key: str, answers: ClassAnswers) -> None:
    plain = explanations.picture(key, {})

    picture = explanations.with_class(plain, answers)

    assert picture.class_ == answers
    assert picture.text.startswith(plain.text)


def test_a_class_that_said_nothing_changes_no_word() -> None:
    plain = explanations.picture("angles", {})

    assert explanations.with_class(plain, ClassAnswers()).class_text == ""


@pytest.mark.parametrize(
    ("got", "ok"), [(1.0, True), (1.5, True), (0.5, True), (1.51, False), (0.49, False)]
)
def test_a_check_is_ok_within_its_tolerance(got: float, ok: bool) -> None:
    assert Check(name="one", got=got, want=1, tol=0.5).ok is ok
