"""Choose the README's pictures among the last screenshots: `make pictures`."""

import shutil
from pathlib import Path

ROOT = Path(__file__).parents[2]
CHOSEN = {
    "explanation": "*-explanation-angles-screen",
    "lobby": "lobby-screen",
    "result": "*-single_choice-result-screen",
    "superposition": "*-explanation-toy-screen",
}

if __name__ == "__main__":
    for picture, name in CHOSEN.items():
        newest = max(
            (ROOT / "var" / "screenshots").glob(f"{name}.png"), key=lambda shot: shot.stat().st_mtime
        )
        shutil.copy(newest, ROOT / "docs" / "pictures" / f"{picture}.png")
