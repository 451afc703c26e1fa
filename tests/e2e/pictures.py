"""Choose the README's pictures among the last screenshots: `make pictures`."""

from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[2]
CHOSEN = {
    "explanation": "*-explanation-angles-screen",
    "lesson": "lessons-llms-and-mlps-1920-light",
    "lobby": "lobby-screen",
    "result": "*-single_choice-result-screen",
    "superposition": "*-explanation-toy-screen",
}

if __name__ == "__main__":
    for picture, name in CHOSEN.items():
        shots = (ROOT / "var" / "screenshots").glob(f"{name}.png")
        newest = max(shots, key=lambda shot: shot.stat().st_mtime)
        # A palette is enough for a dark board, and half the bytes; "maximum coverage" keeps the
        # few bright colours, which a palette by frequency would lose.
        palette = Image.Quantize.MAXCOVERAGE
        shot = Image.open(newest).convert("RGB").quantize(256, palette, dither=Image.Dither.NONE)
        shot.save(ROOT / "docs" / "pictures" / f"{picture}.png", optimize=True)
