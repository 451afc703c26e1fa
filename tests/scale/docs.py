"""The commands that docs/deploy.md tells people to type."""

import re

from django.conf import settings

DEPLOY = (settings.BASE_DIR / "docs" / "deploy.md").read_text()


def commands_of(heading: str) -> list[str]:
    """The blocks of commands of one section, in order."""
    [section] = re.findall(rf"^## {heading}\n(.*?)(?=^## |\Z)", DEPLOY, re.MULTILINE | re.DOTALL)
    return re.findall(r"^```sh\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
