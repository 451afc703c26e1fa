"""Write what the browser is sent as TypeScript types; `--check` fails when they are out of date."""

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Literal

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from pydantic import TypeAdapter
from pydantic.json_schema import models_json_schema

from games import protocol
from lessons import explanations
from lessons.authoring import showing
from lessons.podcast import listening
from lessons.study import chat, flashcards, practice, spaced_repetition

FRONTEND: Path = settings.BASE_DIR / "frontend"


class Command(BaseCommand):
    """pydantic -> JSON Schema -> TypeScript (json-schema-to-typescript)."""

    help = __doc__ or ""
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing, compare")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        _generate("protocol.gen.ts", "games/protocol.py", _protocol_schema(), check)
        _generate("study/messages.gen.ts", "lessons/study/", _study_schema(), check)
        _generate("explanations/data.gen.ts", "lessons/explanations/", _results_schema(), check)


def _generate(name: str, source: str, schema: dict[str, Any], check: bool) -> None:
    file = FRONTEND / "src" / name
    head = f"// Generated from {source} by `manage.py write_protocol`. Don't edit.\n"
    types = head + _typescript(schema)
    if not check:
        file.write_text(types)
    elif not file.exists() or file.read_text() != types:
        raise CommandError(f"{name} is out of date: run manage.py write_protocol.")


def _protocol_schema() -> dict[str, Any]:
    """One schema with both unions, so that what they share is generated once."""
    parts: dict[str, TypeAdapter[Any]] = {
        "RoomEvent": TypeAdapter(protocol.RoomEvent),
        "DoorCommand": protocol.door_commands,
        "PlayerCommand": protocol.player_commands,
        "HostCommand": protocol.host_commands,
        "ScreenCommand": protocol.screen_commands,
    }
    inputs: list[tuple[str, Literal["serialization"], TypeAdapter[Any]]] = [
        (name, "serialization", adapter) for name, adapter in parts.items()
    ]
    refs, schema = TypeAdapter.json_schemas(inputs, title="Protocol")
    definitions: dict[str, Any] = schema["$defs"]
    for (name, _), ref in refs.items():
        if "$ref" not in ref or ref["$ref"] != f"#/$defs/{name}":
            definitions[name] = ref
    _tidy(schema)
    for definition in definitions.values():
        if "properties" in definition:
            # Defaults are always sent, so the browser may rely on every field.
            definition["required"] = list(definition["properties"])
    schema["anyOf"] = [{"$ref": f"#/$defs/{name}"} for name, _ in refs]
    return schema


def _study_schema() -> dict[str, Any]:
    """What the study pages' scripts are sent."""
    modes = (chat, flashcards, practice, spaced_repetition, listening, showing)
    messages = [message for mode in modes for message in mode.MESSAGES]
    _, schema = models_json_schema(
        [(message, "serialization") for message in messages], title="Messages"
    )
    _tidy(schema)
    definitions: dict[str, Any] = schema.setdefault("$defs", {})
    if twins := [name for name in definitions if "__" in name]:
        raise CommandError(f"Two messages have one name: {', '.join(twins)}")
    for definition in definitions.values():
        if "properties" in definition:
            definition["required"] = list(definition["properties"])
    schema["anyOf"] = [{"$ref": f"#/$defs/{message.__name__}"} for message in messages]
    return schema


def _results_schema() -> dict[str, Any]:
    """The numbers of every explanation by its key. A model's name gets the key before it."""
    definitions: dict[str, Any] = {}
    results: dict[str, Any] = {}
    for key in explanations.keys():  # noqa: SIM118  # a function of the package, no dict
        prefix = "".join(word.capitalize() for word in key.split("_"))
        results[key] = {"$ref": f"#/$defs/{prefix}Result"}
        schema = explanations.find(key).Result.model_json_schema(
            mode="serialization", ref_template=f"#/$defs/{prefix}{{model}}"
        )
        nested: dict[str, Any] = schema.pop("$defs", {})
        nested["Result"] = schema
        definitions |= {f"{prefix}{n}": d | {"title": prefix + n} for n, d in nested.items()}
    _tidy(definitions)
    for definition in definitions.values():
        if "properties" in definition:
            definition["additionalProperties"] = False
            definition["required"] = list(definition["properties"])
    return {
        "title": "Results",
        "type": "object",
        "properties": results,
        "required": list(results),
        "additionalProperties": False,
        "$defs": definitions,
    }


def _tidy(node: Any) -> None:
    """Drop what json2ts would turn into noise: a named type for every field, default values."""
    if isinstance(node, dict):
        node.pop("discriminator", None)
        node.pop("default", None)
        # json2ts spells every length of a bounded array as a tuple of its own.
        for bound in ("minItems", "maxItems"):
            node.pop(bound, None)
        for value in node.get("properties", {}).values():
            value.pop("title", None)
        for value in node.values():
            _tidy(value)
    elif isinstance(node, list):
        for value in node:
            _tidy(value)


def _typescript(schema: dict[str, Any]) -> str:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "protocol.json"
        source.write_text(json.dumps(schema))
        command = [
            "npx",
            "--no-install",
            "json2ts",
            "--input",
            str(source),
            "--unreachableDefinitions",
        ]
        try:
            made = subprocess.run(command, cwd=FRONTEND, capture_output=True, text=True, check=True)
        except FileNotFoundError as error:
            raise CommandError("Node isn't on the PATH; run this through make.") from error
        except subprocess.CalledProcessError as error:
            raise CommandError(f"json2ts failed: {error.stderr.strip()}") from error
    return made.stdout.split("*/", 1)[1].lstrip()
