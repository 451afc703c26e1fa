"""Pictures that teachers upload: checked, made small, and kept by their content.

A kept file stays when its question goes: a running game or an archived one may still show it.
"""

import hashlib
import os
import re
import secrets
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from PIL import Image, ImageOps

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
LARGEST_BYTES = 10_000_000
MOST_PIXELS = 40_000_000
WIDEST, HIGHEST = 1600, 1200


class Kept(NamedTuple):
    """A file in MEDIA_ROOT."""

    file: str
    width: int
    height: int


def keep(data: bytes) -> Kept:
    """Take what was uploaded as a picture of our own; raises Django's ValidationError.

    Of a moving picture, the first frame.
    """
    if len(data) > LARGEST_BYTES:
        raise too_large()
    # Made by this server before, such as when a lesson comes back from its file: to compress it
    # again would lose a little each time.
    if _path(file := _name(data)).is_file():
        with Image.open(_path(file)) as ours:
            return Kept(file, *ours.size)
    image = _small(data)
    webp = _webp(image)
    _write(_name(webp), webp)
    return Kept(_name(webp), *image.size)


def too_large() -> ValidationError:
    return ValidationError(gettext("The image is larger than %d MB.") % (LARGEST_BYTES // 10**6))


def image_address(file: str) -> str:
    """Where a browser finds it."""
    return f"{settings.MEDIA_URL}{file}"


def kept_bytes(file: str) -> bytes | None:
    """A kept file; None where there is none of that name."""
    if not re.fullmatch(r"[0-9a-f]{32}\.webp", file):
        return None
    try:
        return _path(file).read_bytes()
    except FileNotFoundError:
        return None


def _name(data: bytes) -> str:
    return f"{hashlib.sha256(data).hexdigest()[:32]}.webp"


def _path(file: str) -> Path:
    return Path(settings.MEDIA_ROOT) / file


def _small(data: bytes) -> Image.Image:
    """The picture upright and within our frame, with nothing but its pixels."""
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as source:
            if source.width * source.height > MOST_PIXELS:
                raise _too_many_pixels()
            # Spares a photo's decoder most of the work; other formats don't mind.
            source.draft(None, (WIDEST, WIDEST))
            source.load()
            image = ImageOps.exif_transpose(source)
            if image.mode.startswith("I"):
                # 16 bits of grey, of which Pillow would make white.
                image = image.point(lambda grey: grey / 256)
            image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    except ValidationError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    # Decoders raise whatever they stumble over, from SyntaxError to struct.error.
    except Exception as error:
        raise ValidationError(
            gettext("This isn't a whole image in one of these formats: PNG, JPEG, WebP, GIF.")
        ) from error
    image.thumbnail((WIDEST, HIGHEST), Image.Resampling.LANCZOS)
    return image


def _too_many_pixels() -> ValidationError:
    return ValidationError(
        gettext("The image has more than %d million pixels.") % (MOST_PIXELS // 10**6)
    )


def _webp(image: Image.Image) -> bytes:
    """Without loss where that is smaller too, as with drawings."""
    encoded = []
    for options in ({"quality": 85}, {"lossless": True, "quality": 50}):
        out = BytesIO()
        image.save(out, "WEBP", method=4, **options)
        encoded.append(out.getvalue())
    return min(encoded, key=len)


def _write(file: str, data: bytes) -> None:
    """All of it or nothing, whoever reads or writes at the same time."""
    path = _path(file)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{file}.{secrets.token_hex(8)}")
    try:
        with draft.open("xb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
