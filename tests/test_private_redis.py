import os
import signal
from pathlib import Path

import pytest
import redis

from quizgame import private_redis
from quizgame.private_redis import RedisUnavailable, ping, socket_path, socket_url


def test_the_tests_have_a_redis_that_answers(redis_url: str) -> None:
    ping(redis_url)


def test_what_it_was_told_survives_a_restart(tmp_path: Path) -> None:
    with private_redis.start(tmp_path), redis.Redis.from_url(socket_url(tmp_path)) as client:
        client.set("room", "384019")
    with private_redis.start(tmp_path), redis.Redis.from_url(socket_url(tmp_path)) as client:
        assert client.get("room") == b"384019"


def test_it_is_gone_when_the_block_ends(tmp_path: Path) -> None:
    with private_redis.start(tmp_path) as process:
        assert process.poll() is None
    assert process.returncode == 0
    with pytest.raises(RedisUnavailable):
        ping(socket_url(tmp_path))


def test_a_second_one_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    with private_redis.start(tmp_path) as first:
        already = rf"Another Quizgame.* process {first.pid}\)"
        with pytest.raises(RedisUnavailable, match=already), private_redis.start(tmp_path):
            pass
        ping(socket_url(tmp_path))


def test_after_a_crash_it_starts_again(tmp_path: Path) -> None:
    with private_redis.start(tmp_path) as process:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    with private_redis.start(tmp_path):
        ping(socket_url(tmp_path))


def test_a_folder_too_deep_for_a_socket_gets_a_short_path(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 100)
    deep.mkdir()

    assert socket_path(tmp_path).parent == tmp_path
    assert len(os.fsencode(socket_path(deep))) <= private_redis.LONGEST_SOCKET_PATH
    with private_redis.start(deep):
        ping(socket_url(deep))


def test_a_name_with_odd_characters_is_an_address_too(tmp_path: Path) -> None:
    odd = tmp_path / "a b?c#d%20"
    odd.mkdir()
    with private_redis.start(odd), redis.Redis.from_url(socket_url(odd)) as client:
        assert client.ping() is True


def test_nobody_at_the_address_is_said(tmp_path: Path) -> None:
    with pytest.raises(RedisUnavailable, match="No such file"):
        ping(f"unix://{tmp_path}/nobody.sock")
    with pytest.raises(RedisUnavailable, match="refused"):
        ping("redis://127.0.0.1:1/0")
