"""What docker-compose.yml starts, without its containers: two web processes, worker, Redis, database,
and the proxy in front with the configuration that is deployed.

Needs Caddy (Debian: `apt install caddy`); plays on PostgreSQL where that is installed.
"""

import asyncio
import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import httpx2
import psycopg
import pytest
from django.conf import settings as configured
from pytest_django.fixtures import Settings

from games import moves
from games.protocol import CloseCode, MoveOn, StageChanged
from games.rules import Phase, RoomSettings
from games.store import Store
from quizgame import private_redis
from tests import postgres
from tests.fleet import Web, until
from tests.scale.compose import OURS, SERVICES, filled_in, image_in, natively
from tests.scale.docs import commands_of
from tests.scale.servers import QUIZ, Door, Wire, caddy, host_token, play_to_the_podium

pytestmark = pytest.mark.skipif(
    shutil.which("caddy") is None, reason="the proxy is missing: apt install caddy"
)
Ports = Callable[[], int]
MakeWire = Callable[..., Wire]


class Site(NamedTuple):
    """Everything that runs."""

    door: Door
    webs: tuple[Web, Web]
    environment: dict[str, str]
    host_password: str

    def browser(self) -> httpx2.Client:
        return httpx2.Client(base_url=self.door.site, verify=self.door.trust, timeout=20)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, free_ports: Ports) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("deployed")
    image = image_in(tmp_path_factory.mktemp("image"))
    shipped = sorted(image.rglob("*"))
    given = {
        "SECRET_KEY": configured.SECRET_KEY,
        "POSTGRES_PASSWORD": secrets.token_hex(32),
        "ALLOWED_HOSTS": "localhost",
        "HTTPS": "yes",
    }
    with ExitStack() as stack:
        # The image sets DATA_DIR, the file the rest; two addresses are other containers' names.
        environment = filled_in(OURS["web"]["environment"], given) | {
            "PATH": os.environ["PATH"],
            "PYTHONDONTWRITEBYTECODE": "1",
            "DATA_DIR": str(folder / "data"),
            "REDIS_URL": stack.enter_context(redis_over_tcp(folder, free_ports())),
            "DATABASE_URL": stack.enter_context(database()),
        }
        set_up = subprocess.run(
            natively(OURS["setup"]["command"]),
            cwd=image,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert (set_up.returncode, set_up.stderr) == (0, "")
        [password] = re.findall(r"with the password (\S+)", set_up.stdout)

        worker = natively(OURS["worker"]["command"])
        stack.enter_context(ended(subprocess.Popen(worker, cwd=image, env=environment)))
        first, second = (
            stack.enter_context(Web(free_ports(), environment, image)) for _ in range(2)
        )
        until(lambda: first.is_up() and second.is_up())
        both = f"127.0.0.1:{first.port} 127.0.0.1:{second.port}"
        door = stack.enter_context(
            caddy(folder, free_ports(), free_ports(), UPSTREAMS="listed", WEB_SERVERS=both)
        )
        yield Site(door, (first, second), environment, password)
    assert sorted(image.rglob("*")) == shipped, "the image is read-only"


@pytest.fixture
def site(running: Site, settings: Settings) -> Site:
    """What runs, with this process in its place among it."""
    settings.REDIS_URL = running.environment["REDIS_URL"]
    return running


@pytest.fixture
def own_rooms(site: Site) -> str:
    """For the store: the site's own Redis, which is there for these tests alone."""
    return site.environment["REDIS_URL"]


def test_each_web_process_is_healthy_as_compose_asks(site: Site) -> None:
    for web in site.webs:
        health = natively(OURS["web"]["healthcheck"]["test"][1:], web.port)
        assert subprocess.run(health, env=site.environment, timeout=20).returncode == 0
    nobody = natively(OURS["web"]["healthcheck"]["test"][1:], 9)
    assert subprocess.run(nobody, env=site.environment, capture_output=True).returncode == 1


def test_a_host_logs_in_through_the_door(site: Site) -> None:
    with site.browser() as browser:
        logged_in = log_in(browser, site)
        assert (logged_in.status_code, logged_in.headers["Location"]) == (302, "/games/")
        assert "Secure" in logged_in.headers["Set-Cookie"]
        assert browser.get("/games/").status_code == 200


def test_pages_come_compressed_and_files_in_parts(site: Site) -> None:
    with site.browser() as browser:
        page = browser.get("/", headers={"Accept-Encoding": "gzip"})
        assert (page.status_code, page.headers["Content-Encoding"]) == (200, "gzip")
        [style, *_] = re.findall(r'href="(/static/[^"]+\.css)"', page.text)
        part = browser.get(style, headers={"Range": "bytes=5-14", "Accept-Encoding": "identity"})
        whole = browser.get(style)
        assert (part.status_code, part.text) == (206, whole.text[5:15])


def test_the_door_names_requests_and_tells_nothing_of_counts(site: Site) -> None:
    with site.browser() as browser:
        names = {
            browser.get("/healthz", headers={"X-Request-ID": "a-visitor's"}).headers["X-Request-ID"]
            for _ in range(2)
        }
        assert len(names) == 2
        assert all(re.fullmatch("[0-9a-f-]{36}", name) for name in names)
        assert browser.get("/metrics").status_code == 404
        assert browser.get("/readyz").json() == {"database": True, "redis": True}


def test_the_door_finds_its_web_processes_by_name(
    site: Site, tmp_path: Path, free_ports: Ports
) -> None:
    replicas = {"WEB_HOST": "localhost", "WEB_PORT": str(site.webs[1].port)}
    with caddy(tmp_path, free_ports(), free_ports(), **replicas) as door:
        assert httpx2.get(f"{door.site}/healthz", verify=door.trust).text == "ok\n"


async def test_a_phone_is_known_by_its_own_address(
    site: Site, store: Store, wire: MakeWire
) -> None:
    for i in range(3):
        guessing = wire(
            site.door.url,
            "/ws/play/000000/",
            ssl=site.door.trust,
            local_addr=("127.0.0.2", 0),
            additional_headers={"X-Forwarded-For": f"203.0.113.{i}"},
        )
        await guessing.connect()
        assert await guessing.is_closed_with() == CloseCode.NO_SUCH_ROOM
    counters = [key async for key in store.redis.scan_iter("quizgame:guesses:*address*")]
    assert [re.findall(r"\d+\.\d+\.\d+\.\d+", key) for key in counters] == [["127.0.0.2"]]


async def test_a_game_is_played_to_the_archive_though_a_process_dies(
    site: Site, store: Store, wire: MakeWire
) -> None:
    room = await moves.open_room(store, QUIZ, RoomSettings(get_ready_s=0), host=1)
    state = await store.read_state(room)
    assert state
    path = f"/ws/play/{state.code}/"
    phones = [wire(site.door.url, path, ssl=site.door.trust) for _ in range(6)]
    for i, phone in enumerate(phones):
        await phone.joins(f"Phone {i}")
    host = wire(site.door.url, "/ws/host/", host_token(room), ssl=site.door.trust)
    await host.connect()
    doomed, _ = site.webs
    here = phones_at(doomed)
    assert 0 < here < len(phones), "the proxy spreads them"
    await host.says(MoveOn(phase=Phase.LOBBY, round=0))
    await asyncio.gather(*(phone.hears(StageChanged, Phase.ASKING) for phone in phones))
    await asyncio.gather(*(phone.answers(0) for phone in phones[:3]))

    doomed.dies()

    lost = await asyncio.gather(*(phone.insists(0) for phone in phones))
    assert lost.count(True) == here
    again = wire(site.door.url, "/ws/host/", host_token(room), ssl=site.door.trust)
    await play_to_the_podium(again, phones)

    with site.browser() as browser:
        log_in(browser, site)
        until(lambda: browser.get("/games/1/results.csv").status_code == 200)
        results = browser.get("/games/1/results.csv").text
    assert set(re.findall(r"Phone \d", results)) == {f"Phone {i}" for i in range(6)}


def test_what_was_backed_up_comes_back(site: Site, tmp_path: Path) -> None:
    """The commands of docs/deploy.md, where each container is this machine."""
    address = site.environment["DATABASE_URL"]
    programs = postgres.find_programs()
    if programs is None:
        pytest.skip("PostgreSQL is missing: apt install postgresql")
    data = Path(site.environment["DATA_DIR"])
    (data / "media").mkdir(exist_ok=True)
    (data / "media" / "picture.webp").write_bytes(b"a picture")
    (tmp_path / ".env").write_text("SECRET_KEY=known to few")
    *_, back_up, restore = commands_of("Back up")
    socket = unquote(urlsplit(address).netloc.rpartition("@")[2])
    here = site.environment | {"PATH": f"{programs}:{os.environ['PATH']}", "PGHOST": socket}

    def run(script: str) -> None:
        script = re.sub(r"docker compose (exec -T|run --rm -T --no-deps) \w+ ", "", script)
        script = re.sub(r"docker compose up .*", "true", script).replace("/data", str(data))
        assert "docker" not in script
        subprocess.run(["sh", "-euc", script], cwd=tmp_path, env=here, check=True)

    before = rows_of(address)
    run(back_up)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    shutil.rmtree(data / "media")
    (tmp_path / ".env").unlink()
    run(restore)
    assert rows_of(address) == before
    assert (data / "media" / "picture.webp").read_bytes() == b"a picture"
    assert (tmp_path / ".env").read_text() == "SECRET_KEY=known to few"


def rows_of(address: str) -> dict[str, int]:
    """How many rows each table has."""
    with psycopg.connect(address) as connection:
        listed = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {
            name: counted[0]
            for (name,) in listed.fetchall()
            if (counted := connection.execute(f'SELECT count(*) FROM "{name}"'.encode()).fetchone())
        }


def log_in(browser: httpx2.Client, site: Site) -> httpx2.Response:
    page = "/accounts/log-in/"
    browser.get(page)
    form = {
        "username": "host",
        "password": site.host_password,
        "next": "/games/",
        "csrfmiddlewaretoken": browser.cookies["csrftoken"],
    }
    # As browsers do: Django takes it for a forgery, unless it knows that visitors come by HTTPS.
    own = {"Origin": site.door.site, "Referer": f"{site.door.site}{page}"}
    return browser.post(page, data=form, headers=own)


def phones_at(web: Web) -> int:
    counts = httpx2.get(f"http://127.0.0.1:{web.port}/metrics").text
    return int(
        float(re.findall(r'^quizgame_sockets\{role="player"\} (\S+)', counts, re.MULTILINE)[0])
    )


@contextmanager
def ended(process: subprocess.Popen[bytes]) -> Iterator[None]:
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


@contextmanager
def redis_over_tcp(folder: Path, port: int) -> Iterator[str]:
    server = private_redis.find_server()
    assert server is not None
    options = [*SERVICES["redis"]["command"][1:], "--port", str(port), "--dir", str(folder)]
    command = [str(server), *options, "--bind", "127.0.0.1"]
    with ended(subprocess.Popen(command, stdout=subprocess.DEVNULL)):
        yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def database() -> Iterator[str]:
    """PostgreSQL where it is installed; else none is named, and SQLite it is."""
    programs = postgres.find_programs()
    if programs is None:
        yield ""
        return
    with postgres.server(programs) as address:
        yield postgres.new_database(address, "quizgame")
