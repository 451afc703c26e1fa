"""What bots measured: times, losses, memory, and all of it as a table."""

import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


class Times:
    """Seconds of many, and what is left of them in a table."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def add(self, seconds: float) -> None:
        self.seconds.append(seconds)

    def summary(self) -> dict[str, float]:
        """Percentiles by the nearest rank, in ms."""
        ordered = sorted(self.seconds)
        if not ordered:
            return {}
        at = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}
        last = len(ordered) - 1
        return {name: round(1000 * ordered[round(part * last)], 2) for name, part in at.items()}


@dataclass
class Measures:
    """Of all rooms of a run."""

    joins: Times = field(default_factory=Times)
    """From opening the socket to the welcome."""
    fan_outs: Times = field(default_factory=Times)
    """From the host's press to each player's question."""
    lasts: Times = field(default_factory=Times)
    """The same to the last player of the room."""
    acks: Times = field(default_factory=Times)
    """From an answer to its acknowledgement."""
    closes: Times = field(default_factory=Times)
    """From a room's last answer to each player's own result."""
    returns: Times = field(default_factory=Times)
    """From a reload to the welcome."""
    stalls: Times = field(default_factory=Times)
    """From a ping to its pong while all are silent."""
    lost_frames: int = 0
    lost_answers: int = 0
    lost_sockets: int = 0
    refused: int = 0

    @property
    def losses(self) -> dict[str, int]:
        lost = {
            "frames": self.lost_frames,
            "answers": self.lost_answers,
            "sockets": self.lost_sockets,
            "refused": self.refused,
        }
        return lost | {"total": sum(lost.values())}

    def report(self) -> dict[str, Any]:
        """By name, what there is to say; times in ms."""
        times = {
            "join, ms": self.joins,
            "question, press to each player, ms": self.fan_outs,
            "question, press to the last player, ms": self.lasts,
            "answer to acknowledgement, ms": self.acks,
            "last answer to each player's own result, ms": self.closes,
            "reload to welcome, ms": self.returns,
            "ping to pong in silence, ms": self.stalls,
        }
        told = {name: time.summary() for name, time in times.items() if time.seconds}
        return told | {"losses": self.losses}


def pids_listening_on(port: int) -> list[int]:
    """The processes that listen on a TCP port of this machine, as Linux tells; [] elsewhere."""
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with suppress(OSError):
            for line in Path(table).read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == "0A" and int(fields[1].rsplit(":", 1)[1], 16) == port:
                    inodes.add(f"socket:[{fields[9]}]")
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if any(str(fd.readlink()) in inodes for fd in (process / "fd").iterdir()):
                found.append(int(process.name))
    return found


def resident_bytes(pids: list[int]) -> int:
    """Memory of these processes together."""
    page = os.sysconf("SC_PAGE_SIZE")
    return sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * page for pid in pids)


def table(report: dict[str, Any]) -> str:
    """A line for each name."""
    rows = []
    for name, value in report.items():
        if isinstance(value, dict):
            value = "   ".join(f"{key} {number}" for key, number in value.items())
        rows.append(f"{name:<46} {value}")
    return "\n".join(rows)
