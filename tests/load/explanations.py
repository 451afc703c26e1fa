"""What each explanation costs: `python -m tests.load.explanations [KEY ...]` prints a table.

For every explanation, at its defaults and with its server knobs at the ends that cost most: the time
to compute it (median of 5 after a warm-up, one thread), the bytes that a browser gets, gzipped, and
the time that its matrix products alone take on arrays of the same shapes, so that waste shows. Many
small products are worth little beside the steps around them; pictures without products have none.
"""

import gzip
import itertools
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from pydantic import BaseModel, ValidationError
from threadpoolctl import threadpool_limits

from lessons import explanations
from lessons.explanations import jl, mlp, pack, probe, sae, scaling, tokens, toy

RUNS = 5
Product = tuple[int, int, int, int]
"""times, rows, inner, columns"""


def main(keys: list[str]) -> None:
    print(
        f"{'explanation':12} {'parameters':34} {'ms':>8} {'bytes':>7} {'products ms':>12} {'ratio':>6}"
    )
    for key in keys or explanations.keys():
        explanation = explanations.find(key)
        default = explanation.Params.model_validate({})
        for name, params in {"default": default, **costliest(key)}.items():
            took_ms, result = median_ms(
                lambda e=explanation, p=params: e.compute(p, np.random.default_rng(7))  # type: ignore[misc]
            )
            size = len(
                gzip.compress(
                    explanations.picture(key, params.model_dump())
                    .model_dump_json(by_alias=True)
                    .encode()
                )
            )
            products = PRODUCTS[key](params) if key in PRODUCTS else []
            alone_ms = products_ms(products)
            ratio = f"{took_ms / alone_ms:6.1f}" if alone_ms else f"{'':6}"
            alone = f"{alone_ms:12.1f}" if alone_ms else f"{'none':>12}"
            print(f"{key:12} {name:34} {took_ms:8.1f} {size:7,} {alone} {ratio}")
            del result


def costliest(key: str) -> dict[str, BaseModel]:
    """The server knobs at whichever of their ends takes longest together; none if there are none."""
    explanation = explanations.find(key)
    knobs = [knob for knob in explanation.KNOBS if knob.where == "server"]
    found: list[tuple[float, str, BaseModel]] = []
    for ends in itertools.product(*((knob.min, knob.max) for knob in knobs)):
        turned = {knob.key: end for knob, end in zip(knobs, ends, strict=True)}
        for fixed in FIXED.get(key, [{}]):
            try:
                params = explanation.Params.model_validate(turned | fixed)
            except ValidationError:
                continue
            started = time.perf_counter()
            explanation.compute(params, np.random.default_rng(7))
            name = ", ".join(f"{k} {v:g}" for k, v in (turned | fixed).items())
            found.append((time.perf_counter() - started, name, params))
    if not knobs or not found:
        return {}
    _, name, params = max(found, key=lambda one: one[0])
    return {name: params}


def median_ms(call: Callable[[], Any]) -> tuple[float, Any]:
    result = call()
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        call()
        times.append(1000 * (time.perf_counter() - started))
    return statistics.median(times), result


def products_ms(products: list[Product]) -> float:
    total = 0.0
    for times, rows, inner, columns in products:
        a, b = np.ones((rows, inner), np.float32), np.ones((inner, columns), np.float32)
        out = np.empty((rows, columns), np.float32)
        some = min(times, 200)

        def multiply(a: Any = a, b: Any = b, out: Any = out, some: int = some) -> None:
            for _ in range(some):
                np.matmul(a, b, out=out)

        took, _ = median_ms(multiply)
        total += took * times / some
    return total


def _toy(params: Any) -> list[Product]:
    models, rows = len(toy.PRESENCE) * toy.RESTARTS, len(toy._rows(params.ideas).on)
    n, m = params.ideas, toy.NEURONS
    each = [(rows, n, m), (rows, m, n), (n, rows, m), (rows, n, m), (n, rows, m)]
    return [(toy.STEPS * models, *shape) for shape in each]


def _sae(params: Any) -> list[Product]:
    both = [(params.units, sae.NEURONS), (sae.ARROWS, 2)]
    return [
        (sae.STEPS * times, *shape)
        for units, width in both
        for times, shape in (
            (2, (sae.BATCH, width, units)),
            (1, (sae.BATCH, units, width)),
            (2, (units, sae.BATCH, width)),
        )
    ]


def _pack(params: Any) -> list[Product]:
    if params.show != pack.LIVE:
        return []
    n, d = params.vectors, params.dimensions
    return [(2 * pack.STEPS, n, d, n), (2 * pack.STEPS, n, n, d)]


PRODUCTS: dict[str, Callable[[Any], list[Product]]] = {
    "angles": lambda p: [(1, p.vectors // 2, p.dimensions, p.vectors)],
    "jl": lambda p: [(1, p.points, p.dimensions, jl.MOST), (1, p.points, jl.MOST, p.points)],
    "mlp": lambda p: [
        (1, p.facts, p.dimensions, p.facts),
        (len(mlp.BIASES), p.facts, p.facts, mlp.SUBJECTS),
    ],
    "pack": _pack,
    "probe": lambda p: [(1, max(1, probe.TEXTS), p.dimensions, p.features)],
    "sae": _sae,
    "scaling": lambda p: [(1, scaling.VECTORS, width, scaling.VECTORS) for width in scaling.WIDTHS],
    "tokens": lambda p: [(1, len(p.sentence), tokens.BYTES + tokens.MERGES, tokens.WIDTH)],
    "toy": _toy,
}
FIXED: dict[str, list[dict[str, Any]]] = {"pack": [{"show": pack.LIVE}]}
"""What must be chosen for the server knobs to matter."""

if __name__ == "__main__":
    with threadpool_limits(1):
        main(sys.argv[1:])
