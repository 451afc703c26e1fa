import hashlib
import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pytest_django import Settings

from lessons import images, questions
from tests.lessons.conftest import drawing

NO_IMAGE = "This isn't a whole image in one of these formats: PNG, JPEG, WebP, GIF."


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "GIF"])
def test_an_upload_becomes_a_webp_named_by_its_content(format: str, settings: Settings) -> None:
    kept = images.keep(drawing("green", format, (320, 200)))
    data = images.kept_bytes(kept.file)

    assert data
    assert kept == (f"{hashlib.sha256(data).hexdigest()[:32]}.webp", 320, 200)
    assert [file.name for file in settings.MEDIA_ROOT.iterdir()] == [kept.file]
    with Image.open(BytesIO(data)) as shown:
        red, green, blue = shown.convert("RGB").getpixel((100, 100))  # type: ignore[misc]  # a tuple
        assert [shown.format, shown.size] == ["WEBP", (320, 200)]
        assert (red < 10, abs(green - 128) < 10, blue < 10) == (True, True, True)
    assert questions.Image(alt="Green", **kept._asdict()).file == kept.file


def test_the_same_upload_is_kept_once(settings: Settings) -> None:
    first, second = images.keep(drawing()), images.keep(drawing())

    assert first == second
    assert len(list(settings.MEDIA_ROOT.iterdir())) == 1


def test_what_is_ours_already_stays_as_it_is() -> None:
    photo = images.keep(drawn(noise(), "JPEG"))
    data = images.kept_bytes(photo.file)

    assert data
    assert images.keep(data) == photo


@pytest.mark.parametrize(
    ("size", "kept"),
    [
        ((1600, 1200), (1600, 1200)),
        ((3200, 1200), (1600, 600)),
        ((1200, 3200), (450, 1200)),
        ((4000, 3), (1600, 1)),
        ((1, 1), (1, 1)),
    ],
)
def test_an_image_fits_into_its_frame(size: tuple[int, int], kept: tuple[int, int]) -> None:
    assert images.keep(drawing(size=size))[1:] == kept


def test_a_photo_stands_upright_and_keeps_nothing_but_its_pixels() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter of a turn
    exif[0x010E] = "secret place"
    kept = images.keep(
        drawing("green", "JPEG", (40, 20), exif=exif, comment="secret place", icc_profile=b"secret")
    )
    data = images.kept_bytes(kept.file)

    assert data
    assert (kept.width, kept.height) == (20, 40)
    assert b"secret" not in data
    assert b"EXIF" not in data
    assert b"ICCP" not in data


def test_what_is_transparent_stays_so() -> None:
    out = BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 255, 0)).save(out, "PNG")

    assert pixel(out.getvalue())[3] == 0


def test_of_a_moving_picture_the_first_frame() -> None:
    out = BytesIO()
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])

    assert pixel(out.getvalue())[:3] == (255, 0, 0)


def test_sixteen_bits_of_grey() -> None:
    grey = drawn(np.full((4, 4), 0x8000, dtype=np.uint16), "PNG")

    assert pixel(grey)[:3] == (128, 128, 128)


def test_inks_of_print() -> None:
    out = BytesIO()
    Image.new("CMYK", (4, 4), (255, 255, 0, 0)).save(out, "JPEG")

    assert pixel(out.getvalue())[2] > 200


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"%PDF-1.7\n%%EOF",
        drawing(format="BMP"),
        drawing(format="TIFF"),
        drawing(format="PPM"),
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    ],
    ids=["empty", "head", "SVG", "PDF", "BMP", "TIFF", "PPM", "EPS"],
)
def test_other_files_are_refused(data: bytes, settings: Settings) -> None:
    assert problem_of(data) == NO_IMAGE
    assert not settings.MEDIA_ROOT.exists()


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "GIF"])
@pytest.mark.parametrize("part", [0.3, 0.9])
def test_half_a_file_is_refused(format: str, part: float) -> None:
    whole = drawn(noise(60), format)

    assert problem_of(whole[: int(len(whole) * part)]) == NO_IMAGE


@pytest.mark.parametrize("side", [6_500, 10_000, 50_000])
def test_a_small_file_of_too_many_pixels_is_refused_unseen(side: int) -> None:
    assert problem_of(bomb(side)) == "The image has more than 40 million pixels."


def test_a_file_of_more_than_10_megabytes_is_refused() -> None:
    assert problem_of(drawing() + bytes(10_000_000)) == "The image is larger than 10 MB."


@given(data=st.data())
def test_a_damaged_file_is_an_image_or_refused(data: st.DataObject) -> None:
    whole = bytearray(drawn(noise(12), data.draw(st.sampled_from(["PNG", "JPEG", "WEBP", "GIF"]))))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))

    assert problem_of(bytes(whole)) in {
        None,
        NO_IMAGE,
        "The image has more than 40 million pixels.",
    }


@pytest.mark.parametrize(
    "file", ["", "../settings.py", "/etc/passwd", "0" * 32 + ".webp\n", "0" * 32 + ".webp"]
)
def test_only_kept_files_are_given_out(file: str, settings: Settings) -> None:
    settings.MEDIA_ROOT.mkdir()
    Path(settings.MEDIA_ROOT, "settings.py").write_text("secret")

    assert images.kept_bytes(file) is None


def pixel(data: bytes) -> tuple[int, ...]:
    """The upper left one of what is kept of it: red, green, blue, opacity."""
    kept = images.kept_bytes(images.keep(data).file)
    assert kept
    with Image.open(BytesIO(kept)) as shown:
        found = shown.convert("RGBA").getpixel((0, 0))
    assert isinstance(found, tuple)
    return tuple(int(part) for part in found)


def problem_of(data: bytes) -> str | None:
    try:
        images.keep(data)
    except ValidationError as error:
        [message] = error.messages
        return message
    return None


def noise(side: int = 100) -> Any:
    return np.random.default_rng(7).integers(0, 256, (side, side, 3), dtype=np.uint8)


def drawn(pixels: Any, format: str) -> bytes:
    out = BytesIO()
    Image.fromarray(pixels).save(out, format)
    return out.getvalue()


def bomb(side: int) -> bytes:
    """A PNG whose head promises a huge image."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(1000)))
        + chunk(b"IEND", b"")
    )
