"""Compute one explanation and print what a browser would get, in words and numbers."""

import gzip
import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from pydantic import ValidationError

from lessons import explanations
from lessons.explanations import Picture, UnknownExplanation


class Command(BaseCommand):
    """For whoever writes an explanation: numbers, checks, size and time without a browser."""

    help = __doc__ or ""
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key", nargs="?", help="which explanation; see --list")
        parser.add_argument("--list", action="store_true", help="name every explanation")
        parser.add_argument(
            "--param", action="append", default=[], metavar="NAME=VALUE", help="may be repeated"
        )
        parser.add_argument("--seed", type=int, default=explanations.DEFAULT_SEED)
        parser.add_argument("--json", action="store_true", help="print the bare payload")

    def handle(
        self,
        *args: Any,
        key: str | None,
        param: list[str],
        seed: int,
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
            raise CommandError(explanations.in_words(error, key)) from error
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
