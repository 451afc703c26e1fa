"""Processes that this one starts, watches, and takes with it when it ends."""

import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

STOP_LIMIT_S = 20


@contextmanager
def child(
    command: Sequence[str | Path],
    quiet: bool = False,
    pass_fds: Sequence[int] = (),
    env: Mapping[str, str] | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that runs until the block ends, in this order: asked, waited for, killed."""
    output = subprocess.DEVNULL if quiet else None
    process = subprocess.Popen(
        [*ended_with_us(), *command],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        pass_fds=pass_fds,
        env=env,
        # Ctrl-C goes to every process of the terminal's session; children are to end in order.
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@cache
def ended_with_us() -> tuple[str, ...]:
    """Words before a command that have Linux end it even if this process is killed outright."""
    words = ("setpriv", "--pdeathsig", "TERM")
    if shutil.which("setpriv") is None:
        return ()
    # Some machines have a setpriv that knows less.
    return words if subprocess.run([*words, "true"], capture_output=True).returncode == 0 else ()
