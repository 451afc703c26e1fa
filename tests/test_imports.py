"""Imports go one way: each part of `games` knows only the parts before it, `lessons` no game."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

ORDER = ("rules", "scoring", "protocol", "store", "room", "stages", "moves", "consumers")
WITHOUT_DJANGO = {"lessons.questions", "games.rules", "games.scoring"}
MAY_SPEAK_REDIS = {"games.store", "games.room"}


def test_imports_go_one_way() -> None:
    assert list(violations(settings.BASE_DIR)) == []


def test_a_wrong_import_is_found(tmp_path: Path) -> None:
    sources = {
        "games/rules.py": "from django.conf import settings\nimport numpy",
        "games/scoring.py": "from games.rules import Phase\nfrom games import rules",
        "games/store/__init__.py": "import redis.asyncio\nfrom games import room",
        "games/store/keys.py": "from redis import Redis\nimport games.store",
        "games/moves.py": "import redis\ndef late():\n    from .consumers import PlayerConsumer",
        "lessons/questions.py": "import django",
        "lessons/study/cards.py": "from games.models import Game",
    }
    for name, source in sources.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(source)

    assert sorted(violations(tmp_path)) == [
        "games.moves must not import games.consumers",
        "games.moves must not import redis",
        "games.rules must not import django",
        "games.store must not import games.room",
        "lessons.questions must not import django",
        "lessons.study.cards must not import games.models",
    ]


def violations(root: Path) -> Iterator[str]:
    for file in sorted([*root.glob("games/**/*.py"), *root.glob("lessons/**/*.py")]):
        module = ".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
        for imported in sorted(imports(file, module)):
            if is_wrong(part_of(module), module, imported):
                yield f"{module} must not import {imported}"


def is_wrong(part: str, module: str, imported: str) -> bool:
    package, _, name = imported.partition(".")
    match package:
        case "django":
            return module in WITHOUT_DJANGO
        case "redis":
            return part not in MAY_SPEAK_REDIS
        case "games" if module.startswith("lessons"):
            return True
        case "games" if (own := part.removeprefix("games.")) in ORDER and name in ORDER:
            return ORDER.index(name) > ORDER.index(own)
    return False


def part_of(module: str) -> str:
    """`games.store` of `games.store.keys`; of an outside package only its name."""
    names = module.split(".")
    return ".".join(names[:2]) if names[0] in {"games", "lessons"} else names[0]


def imports(file: Path, module: str) -> set[str]:
    """The parts that a file names in its imports, those inside functions too."""
    found: set[str] = set()
    package = module.split(".") if file.name == "__init__.py" else module.split(".")[:-1]
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {part_of(alias.name) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*above, *filter(None, [node.module])])
            # `from games import room` names the part last.
            found |= {part_of(f"{source}.{alias.name}") for alias in node.names}
    return found
