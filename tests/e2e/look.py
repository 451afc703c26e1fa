"""Screenshots of explanations, to look at: `python -m tests.e2e.look KEY [KEY ...] [--quick] [--class JSON]`.

Builds the browser code, then opens /explanations/KEY/ in Chromium and writes PNGs to `var/look/KEY/`:

    board-{dark,light}-{start,low,high}.png   1920x1080, as on a projector, knobs at start and at both ends
    page-..., phone-...                       1280 and 360 CSS pixels wide
    host-dark-class.png, ...                  with answers of a class (28 guesses about the middle of the
                                              first scale unless --class gives them)

It prints what it finds wrong itself: words that are cut, collide or are too small.
--quick takes only what stands at the start, in the dark. --class '{"n": 3, "values": [1, 2, 3]}' or
'{"n": 9, "counts": [2, 7], "options": ["a", "b"]}' puts that class into every picture; where the
explanation computes with the class' answers, it does. --param name=value sets server parameters.
"""

import argparse
import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Route, sync_playwright

from lessons import explanations
from tests.e2e.faults import faults

ROOT = Path(__file__).parents[2]
SIZES = {"board": (1920, 1080), "page": (1280, 900), "phone": (360, 740)}


@contextlib.contextmanager
def server() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "DATA_DIR": folder, "REDIS_URL": "redis://127.0.0.1:1"}
        manage = [sys.executable, "manage.py"]
        for command in (["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"]):
            subprocess.run([*manage, *command], cwd=ROOT, env=environment, check=True)
        daphne = [sys.executable, "-m", "quizgame.daphne", "-b", "127.0.0.1", "-p", str(port)]
        process = subprocess.Popen(
            [*daphne, "quizgame.asgi:application"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
        )
        url = f"http://127.0.0.1:{port}"
        try:
            for _ in range(300):
                with contextlib.suppress(OSError):
                    urllib.request.urlopen(f"{url}/explanations/", timeout=20).close()
                    break
                time.sleep(0.1)
            yield url
        finally:
            process.terminate()
            process.wait()


def look(browser: Browser, url: str, key: str, args: argparse.Namespace) -> None:
    folder = ROOT / "var" / "look" / key
    folder.mkdir(parents=True, exist_ok=True)
    params = dict(text.split("=", 1) for text in args.param)
    picture = explanations.picture(key, {n: _json(v) for n, v in params.items()})
    ends: dict[str, dict[str, float]] = {"start": {}}
    if not args.quick:
        client = [knob for knob in picture.knobs if knob.where == "client"]
        ends["low"] = {knob.key: knob.min for knob in client}
        ends["high"] = {knob.key: knob.max for knob in client}
    for size, (width, height) in SIZES.items():
        for theme in ("dark",) if args.quick else ("dark", "light"):
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme="dark" if theme == "dark" else "light",
                reduced_motion="reduce",
                is_mobile=size == "phone",
                has_touch=size == "phone",
            )
            page = context.new_page()
            page.on("pageerror", lambda error: print(f"{key}: {error}", file=sys.stderr))
            shots: list[tuple[str, dict[str, Any], dict[str, Any] | None]] = [
                (end, {**params, **knobs}, args.answers) for end, knobs in ends.items()
            ]
            if not args.answers:
                shots.append(("class", params, _class_for(picture)))
            for name, query, answers in shots:
                asked = {**query, "large": "1"} if size == "board" else query
                if answers:
                    page.route("**/explanations/**", _with(key, answers))
                page.goto(f"{url}/explanations/{key}/?{urllib.parse.urlencode(asked)}")
                if answers:
                    page.unroute("**/explanations/**")
                if size == "board" and theme == "light":
                    # The board is dark unless the host turns it.
                    page.evaluate("document.querySelector('.large').dataset.theme = 'light'")
                page.locator("[role=img] svg").wait_for()
                page.wait_for_timeout(350)
                sideways = page.evaluate(
                    "document.documentElement.scrollWidth > document.documentElement.clientWidth"
                )
                for fault in faults(page):
                    print(f"{key}: {size}-{theme}-{name}: {fault}", file=sys.stderr)
                if sideways:
                    print(f"{key}: {size} scrolls sideways", file=sys.stderr)
                target = page if size == "board" else page.locator(".explored")
                target.screenshot(path=folder / f"{size}-{theme}-{name}.png")
            context.close()
    print(folder)


def _with(key: str, answers: dict[str, Any]) -> Callable[[Route], None]:
    """Puts a class into the page's picture, as a room would send it."""

    def fulfil(route: Route) -> None:
        if "picture.json" in route.request.url:
            route.continue_()
            return
        reply = route.fetch()
        html = reply.text()
        [found] = re.findall(r'<script type="application/json">(.*?)</script>', html, re.DOTALL)
        bare = explanations.Picture.model_validate(json.loads(found))
        told = explanations.ClassAnswers.model_validate(answers)
        params = explanations.answered(key, bare.params, told)
        full = explanations.with_class(explanations.picture(key, params), told)
        text = full.model_dump_json(by_alias=True).replace("<", "\\u003C")
        route.fulfill(response=reply, body=html.replace(found, text))

    return fulfil


def _class_for(picture: explanations.Picture) -> dict[str, Any]:
    """Guesses about the middle of the first number knob, to see that nothing breaks."""
    knob = next((k for k in picture.knobs if not k.options), None)
    low, high = (knob.min, knob.max) if knob else (0, 1)
    values = [low + (high - low) * (0.5 + 0.4 * ((7 * i % 28) / 28 - 0.5)) for i in range(28)]
    return {"n": 28, "values": values}


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("keys", nargs="+")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--class", dest="answers", type=json.loads)
    parser.add_argument("--param", action="append", default=[])
    args = parser.parse_args()
    subprocess.run(
        ["npm", "run", "--silent", "build", "--", "--logLevel", "error"],
        cwd=ROOT / "frontend",
        check=True,
    )
    with server() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        for key in args.keys:
            look(browser, url, key, args)
        browser.close()


if __name__ == "__main__":
    main()
