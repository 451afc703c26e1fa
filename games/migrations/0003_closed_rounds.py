"""Games of before knew how many rounds were closed, all with the time limits of their questions."""

from typing import Any

from django.db import migrations


def name_closed_rounds(apps: Any, schema_editor: Any) -> None:
    for game in apps.get_model("games", "Game").objects.all():
        questions = game.quiz["questions"][: game.rounds]
        game.closed = {str(n): question["limit_ms"] for n, question in enumerate(questions)}
        game.save(update_fields=["closed"])


class Migration(migrations.Migration):
    dependencies = [("games", "0002_rosters_and_regrading")]
    operations = [migrations.RunPython(name_closed_rounds, migrations.RunPython.noop)]
