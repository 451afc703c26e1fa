"""One file in, one JSON out: {"markdown": ...} or {"problem": ...}."""

import importlib
import json
import sys

from lessons.authoring.readers import LONGEST_TEXT, NoText, Problem

MEMORY_BYTES = 1_000_000_000
CPU_S = 30


def main(kind: str) -> dict[str, str]:
    reader = importlib.import_module(f"lessons.authoring.readers.{kind}")
    data = sys.stdin.buffer.read()
    limit()
    try:
        markdown = reader.to_markdown(data)
    except NoText as error:
        return {"problem": error.problem}
    except (MemoryError, RecursionError):
        return {"problem": Problem.TOO_MUCH_WORK}
    except Exception:
        # A file made to break a reader finds ever new ways; none of them concerns the server.
        return {"problem": Problem.BROKEN}
    if not any(c.isalnum() for c in markdown):
        return {"problem": Problem.EMPTY}
    if len(markdown) > LONGEST_TEXT:
        return {"problem": Problem.TOO_LONG}
    return {"markdown": markdown}


def limit() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits; the time-out is left.
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))


if __name__ == "__main__":
    sys.stdout.buffer.write(json.dumps(main(sys.argv[1])).encode())
