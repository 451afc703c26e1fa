"""The explanations as a process of their own: a request on each line in, a picture on each line out.

    echo '{"key": "angles", "params": {"dimensions": 3}, "seed": 7}' | python -m lessons.explanations

`lessons.pictures` runs it, so that a second of numpy holds up no socket. An empty line answers what
couldn't be computed; why is written to the error stream. It ends with its input.
"""

import json
import os
import sys
import traceback

from lessons.explanations import picture


def main() -> None:
    os.nice(10)  # whoever serves a class goes first
    for line in sys.stdin:
        try:
            answer = picture(**json.loads(line)).model_dump_json(by_alias=True)
        except Exception:
            traceback.print_exc()
            answer = ""
        print(answer, flush=True)


if __name__ == "__main__":
    main()
