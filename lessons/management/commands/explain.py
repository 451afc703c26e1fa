"""Compute one explanation: print what a browser would get, and draw it into a PNG."""

import gzip
import json
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from pydantic import ValidationError

from lessons import explanations
from lessons.explanations import Picture, UnknownExplanation


class Command(BaseCommand):
    """For whoever writes an explanation: numbers, checks, size, time and picture without a browser."""

    help = __doc__ or ""
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key", nargs="?", help="which explanation; see --list")
        parser.add_argument("--list", action="store_true", help="name every explanation")
        parser.add_argument(
            "--param", action="append", default=[], metavar="NAME=VALUE", help="may be repeated"
        )
        parser.add_argument("--seed", type=int, default=explanations.DEFAULT_SEED)
        parser.add_argument("--json", action="store_true", help="print the bare payload, no PNG")
        parser.add_argument(
            "--png",
            type=Path,
            metavar="FILE",
            help="default: explanations/KEY.png in the data folder",
        )

    def handle(
        self,
        *args: Any,
        key: str | None,
        param: list[str],
        seed: int,
        png: Path | None,
        **options: Any,
    ) -> None:
        if options["list"]:
            for name in explanations.keys():  # noqa: SIM118  # a function of the package, no dict
                self.stdout.write(f"{name:12} {explanations.find(name).TITLE}")
            return
        if key is None:
            raise CommandError("Name an explanation; --list shows them all.")
        if seed < 0:
            raise CommandError("--seed must be 0 or more.")

        params = dict(_parsed(text) for text in param)
        started = time.perf_counter()
        try:
            picture = explanations.picture(key, params, seed)
        except UnknownExplanation as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError(_in_words(error, key)) from error
        took_ms = (time.perf_counter() - started) * 1000

        payload = picture.model_dump_json(by_alias=True)
        if options["json"]:
            self.stdout.write(payload)
            return
        self._print(picture)
        packed = len(gzip.compress(payload.encode()))
        self.stdout.write(
            f"\n{len(payload.encode()):,} bytes, {packed:,} gzipped; {took_ms:.0f} ms"
        )
        file = png or settings.DATA_DIR / "explanations" / f"{key}.png"
        try:
            _draw(picture, file)
        except ImportError as error:
            missing = "Drawing needs matplotlib, which `make test` installs."
            if png:
                raise CommandError(missing) from error
            self.stdout.write(missing)
        else:
            self.stdout.write(f"Drawn into {file}")

    def _print(self, picture: Picture) -> None:
        given = ", ".join(f"{name}={value}" for name, value in picture.params.items())
        self.stdout.write(f"{picture.title}\n{picture.caption}\n\n{picture.text}\n")
        self.stdout.write(f"\n{given}, seed={picture.seed}")
        for check in picture.check:
            line = f"{check.name}: measured {check.got:g}{check.unit}, theory {check.want:g}{check.unit}"
            mark = self.style.SUCCESS("✓") if check.ok else self.style.ERROR("✗")
            self.stdout.write(f"{mark} {line} (± {check.tol:g})")


def _parsed(text: str) -> tuple[str, Any]:
    """`name=value`, where the value is JSON, else the text as it stands."""
    name, equals, value = text.partition("=")
    if not equals:
        raise CommandError(f"--param wants NAME=VALUE, not “{text}”.")
    try:
        return name, json.loads(value)
    except json.JSONDecodeError:
        return name, value


def _in_words(error: ValidationError, key: str) -> str:
    """The first thing that is wrong, as one sentence: which parameter, and what it may be."""
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"])
    if not name:
        message = first["msg"].removeprefix("Value error, ")
        return f"{message[:1].upper()}{message[1:]}."
    fields = explanations.find(key).Params.model_json_schema()["properties"]
    if name not in fields:
        return f"“{key}” has no parameter “{name}”; it has {', '.join(fields)}."
    kind = {"integer": "a whole number", "number": "a number"}.get(fields[name].get("type"))
    low, high = fields[name].get("minimum"), fields[name].get("maximum")
    if kind is None or low is None or high is None:
        return f"{name}: {first['msg']}."
    return f"{name} must be {kind} from {low} to {high}, not {first['input']}."


def _draw(picture: Picture, file: Path) -> None:
    from matplotlib.figure import Figure  # a development dependency

    explanation = explanations.find(picture.id)
    figure = Figure(figsize=(10, 5.6), layout="constrained")
    figure.suptitle(picture.title)
    explanation.draw(
        explanation.Params.model_validate(picture.params),
        explanation.Result.model_validate(picture.data),
        figure,
    )
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(file, dpi=120)
    except (OSError, ValueError) as error:
        raise CommandError(f"The picture can't be written to {file}: {error}") from error
