"""An idea buys a fraction of a dimension, and some fractions are bargains: 1/2, 2/5, 3/8.

A hundred equally important ideas go through ten neurons, x' = ReLU(x W Wᵀ + b), in twenty worlds where
each idea is on with probability p, from 1 down to 1/20; 1/p is called rarity here. An idea that is kept
owns Dᵢ = |Wᵢ|² / Σⱼ(Ŵᵢ·Wⱼ)² of a dimension, D* = neurons/|W|² is the average price. Ideas gather in
families that are at right angles to all other families: two share a line (1/2 each), five a plane as a
pentagon (2/5), eight a space as a square antiprism (3/8). The price sticks at 1/2 while ideas get rarer.
Not every idea ends on such a fraction: once they are rare, all of them form one large body.

The twenty models took 41 s to train, so their W is an asset, written by

    python -m lessons.explanations.geometry

The second view asks the smallest such question: two ideas, one neuron, the second r times as important
as the first. With one idea dropped, the best that can be read for it is its mean, which loses its variance

    v = E x² - (E x)² = p/3 - p²/4.

Kept opposite to each other, W = (1, -1), b = 0, each reads ReLU(x₁ - x₂) or ReLU(x₂ - x₁): right while
only one is on, and off by min(x₁, x₂) in both where both are, which happens with probability p². The
square of the smaller of two uniform numbers has mean ∫ 2(1-m) m² dm = 1/6. So the three losses are

    keep the first: r v        keep the second: v        keep both as a pair: p² (1 + r) / 6

and a pair wins where 1/p > (2 + 5s) / 4s, s = min(r, 1/r): at r = 1, from p = 4/7 down. The regions
of the picture are these formulas, the dots on them are trained networks. Right at the border those do a
little better than all three, with a pair of unequal arrows, and so pair up slightly earlier.
"""

# ruff: noqa: N803, N806 (W is the letter of the formula)

from fractions import Fraction
from itertools import combinations, groupby
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict

from lessons.explanations import Check, ClassAnswers, Knob
from lessons.explanations._superposition import Floats, adam, dimensions, loss_and_gradients

Ints = npt.NDArray[np.int64]

TITLE = "Ideas buy fractions of a dimension"
IDEA = "Each idea buys a fraction of a dimension, and some fractions are bargains."
CORRECTION = "Often told: every idea ends on a neat fraction. In truth many do while ideas are fairly common; once they are rare, most lie between the lines."
FORMULA = r"D_i = \frac{\lVert W_i \rVert^2}{\sum_j (\hat{W}_i \cdot W_j)^2}, \qquad \sum_i D_i = m"
SOURCE = (
    "Elhage et al., “Toy Models of Superposition” (2022), at a smaller size: 100 ideas in 10 neurons, "
    "20 worlds, 2,500 steps each."
)

ASSET = Path(__file__).parent / "assets" / "geometry.npz"
NEURONS = 10
RARITY = 20.0 ** (np.arange(20) / 19)
RAILS = tuple(Fraction(*pair) for pair in ((1, 1), (3, 4), (2, 3), (1, 2), (4, 9), (2, 5), (3, 8)))
FAMILIES = {
    (1, 1): "alone",
    (2, 1): "pair",
    (3, 2): "triangle",
    (4, 3): "tetrahedron",
    (5, 2): "pentagon",
    (8, 3): "square antiprism",
}
PHASE_RARITY = 20.0 ** ((np.arange(24) + 0.5) / 24)
PHASE_IMPORTANCE = 10.0 ** ((np.arange(24) + 0.5) / 12 - 1)
FIRST, SECOND, BOTH = range(3)

KNOBS = (
    Knob(key="view", label="show", min=0, max=1, step=1, start=0, options=["fractions", "two ideas, one neuron"]),
    Knob(key="rarity", label="rarity", min=1, max=20, step=0.1, start=4.8, scale="log"),
    Knob(key="importance", label="importance of idea 2", min=0.1, max=10, step=0.1, start=1, scale="log"),
)  # fmt: skip


class Params(BaseModel):
    """Nothing to choose: every world is in the picture."""

    model_config = ConfigDict(extra="forbid")


class Family(BaseModel):
    """Ideas that interfere with each other and with nobody else."""

    name: str
    size: int
    dimensions: int
    times: int
    """How many families of this kind the world has."""
    share: float
    """Mean share of a dimension."""
    arrows: list[list[int]]
    """(size, up to 3)  one of them, along its own axes, in hundredths"""


class Result(BaseModel):
    rarity: list[float]
    """(worlds,)"""
    rails: list[list[int]]
    """Numerators and denominators."""
    shares: list[list[int]]
    """(worlds, ideas that have any)  thousandths of a dimension, by family"""
    family: list[list[int]]
    """As shares: which family the idea is in, -1 where its arrow is short"""
    families: list[list[Family]]
    kept: list[int]
    """(worlds,)  ideas with an arrow longer than a half"""
    sums: list[float]
    """(worlds,)  dimensions given out"""
    price: list[float]
    """(worlds,)  D*"""
    on_rails: float
    """Of all kept ideas of all worlds, the part within 0.02 of a rail."""
    phase_rarity: list[float]
    phase_importance: list[float]
    phase: list[list[int]]
    """(importance, rarity)  what the trained network keeps: 0 the first idea, 1 the second, 2 both"""
    agreement: float
    """The part of those networks that keeps what the formulas say."""


def compute(params: Params, rng: np.random.Generator) -> Result:
    """Everything follows from the stored W; `rng` isn't needed."""
    with np.load(ASSET) as stored:
        W, pairs = stored["worlds"].astype(float), stored["phase"].astype(float)
    length = np.linalg.norm(W, axis=2)  # (worlds, ideas)
    share = dimensions(W)
    worlds = [_world(*world) for world in zip(W, share, strict=True)]
    kept = share[length > 0.5]
    rails = np.array([float(rail) for rail in RAILS])
    phase = kept_of_two(pairs)
    return Result(
        rarity=np.round(RARITY, 3).tolist(),
        rails=[[rail.numerator, rail.denominator] for rail in RAILS],
        shares=[shares for shares, _, _ in worlds],
        family=[family for _, family, _ in worlds],
        families=[families for _, _, families in worlds],
        kept=(length > 0.5).sum(1).tolist(),
        sums=np.round(share.sum(1), 3).tolist(),
        price=np.round(NEURONS / (length**2).sum(1), 3).tolist(),
        on_rails=round(float((np.abs(kept[:, None] - rails).min(1) < 0.02).mean()), 3),
        phase_rarity=np.round(PHASE_RARITY, 3).tolist(),
        phase_importance=np.round(PHASE_IMPORTANCE, 3).tolist(),
        phase=phase.tolist(),
        agreement=round(float((phase == best_of_two()).mean()), 3),
    )


def checks(params: Params, result: Result) -> list[Check]:
    sums = np.array(result.sums)
    plateau = np.array(result.shares[7])[np.array(result.family[7]) >= 0] / 1000
    named = {family.name: family.share for family in result.families[10]}
    return [
        Check(
            name="dimensions given out",
            got=float(sums[np.abs(sums - NEURONS).argmax()]),
            want=NEURONS,
            tol=0.03,
        ),
        Check(name="D* when all are on", got=result.price[0], want=1, tol=0.02),
        Check(
            name=f"farthest from 1/2 at rarity {result.rarity[7]:.1f}",
            got=float(plateau[np.abs(plateau - 0.5).argmax()]),
            want=0.5,
            tol=0.015,
        ),
        Check(name="share in a pentagon", got=named["pentagon"], want=2 / 5, tol=0.009),
        Check(name="in a square antiprism", got=named["square antiprism"], want=3 / 8, tol=0.009),
        Check(name="two ideas as the formulas say", got=result.agreement, want=1, tol=0.06),
    ]


def caption(params: Params, result: Result) -> str:
    families = " and ".join(f"{f.times} {f.name}s" for f in result.families[10])
    return (
        f"When an idea is on 1 time in {result.rarity[10]:.1f}, ten neurons keep {result.kept[10]} of "
        f"100: {families}. It is rarely so neat: {100 * result.on_rails:.0f} % of all kept ideas are "
        "on one of these lines."
    )


def text(params: Params, result: Result) -> str:
    """World by world, then the map of two ideas."""
    runs = groupby(
        zip(result.rarity, result.kept, result.families, strict=True),
        key=lambda world: (world[1], ", ".join(_said(family) for family in world[2])),
    )
    worlds = "; ".join(
        f"{_range([rarity for rarity, _, _ in run])}: {kept} kept" + (f" ({said})" if said else "")
        for (kept, said), run in runs
    )
    return (
        "Dots show how much of a dimension each of 100 ideas has in ten neurons, over how rare ideas "
        f"are, from 1 (always on) to 20. Rarity by rarity: {worlds}. In all worlds together {100 * result.on_rails:.0f} % of the kept ideas are within "
        "0.02 of 1, 3/4, 2/3, 1/2, 4/9, 2/5 or 3/8. Second view: of two ideas one neuron keeps the more "
        "important one while ideas are common, and both as opposite arrows when they are rare; for "
        f"equally important ideas from rarity 1.75 on. Of {24 * 24} trained networks "
        f"{100 * result.agreement:.0f} % do as the formulas say."
    )


def class_text(params: Params, answers: ClassAnswers) -> str:
    votes = zip(answers.options, answers.counts, strict=False)
    said = ", ".join(f"{count} for {option}" for option, count in votes)
    return f"The class voted: {said}." if said else ""


def best_of_two() -> Ints:
    """What the formulas keep of two ideas in one neuron, (importance, rarity)."""
    p, r = 1 / PHASE_RARITY, PHASE_IMPORTANCE[:, None]
    variance = p / 3 - p**2 / 4
    losses = np.stack(np.broadcast_arrays(r * variance, variance, p**2 * (1 + r) / 6))
    best: Ints = losses.argmin(0)  # in the order of FIRST, SECOND, BOTH
    return best


def kept_of_two(W: Floats) -> Ints:
    """What a network with these two weights keeps.

    W  (..., 2)
    """
    size = np.abs(W)
    is_pair = size.min(-1) > 0.5 * size.max(-1)
    return np.where(is_pair, BOTH, size.argmax(-1))


def train_worlds(
    rng: np.random.Generator, *, rarity: Floats, ideas: int, neurons: int, steps: int, batch: int
) -> Floats:
    """One model for each rarity, all at once, (worlds, ideas, neurons)."""
    p = (1 / rarity).astype(np.float32)[:, None, None]
    shape = (len(rarity), ideas, neurons)
    W = rng.standard_normal(shape, dtype=np.float32) / np.float32(ideas**0.5)
    b = np.zeros(shape[:2], dtype=np.float32)
    # In a rare world little is on: the loss of each idea is counted per time that it is.
    weights = 1 / (batch * ideas * p)
    step = adam(W, b)
    for t in range(steps):
        u = rng.random((len(rarity), batch, ideas), dtype=np.float32)
        x = np.where(u < p, u / p, 0)  # one draw decides whether, and how strong
        _, *slopes = loss_and_gradients(W, b, x, weights, has_relu=True)
        step(5e-3 * 0.5 * (1 + np.cos(np.pi * t / steps)), tuple(slopes))
    return W


def train_pairs(
    rng: np.random.Generator, *, rarity: Floats, importance: Floats, restarts: int = 8
) -> Floats:
    """Two ideas in one neuron for every cell of the map, the best of some starts.

    returns  (importance, rarity, 2)
    """
    # Nothing is sampled: strengths on a grid, weighted by how often none, one or both are on.
    once, both = (np.arange(24) + 0.5) / 24, (np.arange(12) + 0.5) / 12
    zero, square = np.zeros_like(once), np.stack(np.meshgrid(both, both), axis=-1).reshape(-1, 2)
    x = np.concatenate([[[0, 0]], np.stack([once, zero], 1), np.stack([zero, once], 1), square])
    r, p = (axis.ravel() for axis in np.meshgrid(importance, 1 / rarity, indexing="ij"))
    chance = np.repeat(
        np.stack([(1 - p) ** 2, p * (1 - p) / 24, p * (1 - p) / 24, p**2 / 144]),
        [1, 24, 24, 144],
        axis=0,
    )
    weights = chance.T[:, :, None] * np.stack([np.ones_like(r), r], axis=1)[:, None]
    weights /= weights.sum((1, 2), keepdims=True)
    weights = np.repeat(weights, restarts, axis=0)  # (cells x restarts, rows, 2)

    W, b = rng.standard_normal((len(weights), 2, 1)), np.zeros((len(weights), 2))
    step = adam(W, b)
    for t in range(400):
        _, *slopes = loss_and_gradients(W, b, x, weights, has_relu=True)
        step(0.05 * min(1.0, 2 * (1 - t / 400)), tuple(slopes))
    loss, _, _ = loss_and_gradients(W, b, x, weights, has_relu=True)
    best = loss.reshape(-1, restarts).argmin(1) + restarts * np.arange(len(p))
    found: Floats = W[best, :, 0].reshape(len(importance), len(rarity), 2)
    return found


def write_asset() -> None:
    rng = np.random.default_rng(7)
    worlds = train_worlds(rng, rarity=RARITY, ideas=100, neurons=NEURONS, steps=2500, batch=256)
    phase = train_pairs(rng, rarity=PHASE_RARITY, importance=PHASE_IMPORTANCE)
    ASSET.parent.mkdir(exist_ok=True)
    np.savez_compressed(ASSET, worlds=worlds.astype(np.float16), phase=phase.astype(np.float16))


def _world(W: Floats, share: Floats) -> tuple[list[int], list[int], list[Family]]:
    """Shares in thousandths, the family of each, and the kinds of families of one world.

    W      (ideas, neurons)
    share  (ideas,)
    """
    kinds: dict[tuple[int, int], list[Ints]] = {}
    for group in groups_of(W):
        kinds.setdefault(_kind(W[group]), []).append(group)
    families: list[Family] = []
    family = np.full(len(W), -1)
    for (size, rank), groups in sorted(kinds.items(), key=lambda one: -one[0][1] / one[0][0]):
        members = np.concatenate(groups)
        family[members] = len(families)
        families.append(
            Family(
                name=_name((size, rank), share[members]),
                size=size,
                dimensions=rank,
                times=len(groups),
                share=round(float(share[members].mean()), 3),
                arrows=np.rint(100 * _posed(W[groups[0]], rank)).astype(int).tolist(),
            )
        )
    order = np.lexsort([-share, family])
    order = order[share[order] > 0.02]
    return np.rint(1000 * share[order]).astype(int).tolist(), family[order].tolist(), families


def groups_of(W: Floats) -> list[Ints]:
    """Kept ideas, parted so that no two groups interfere noticeably.

    W  (ideas, neurons)
    """
    length = np.linalg.norm(W, axis=1)
    kept = np.flatnonzero(length > 0.5)
    unit = W[kept] / length[kept, None]
    # 0.25 lies between what is left of a right angle and the 0.31 of a pentagon's neighbours.
    reach = np.abs(unit @ unit.T) > 0.25
    for _ in kept:
        further = reach @ reach
        if (further == reach).all():
            break
        reach = further
    return [kept[row] for row in np.unique(reach, axis=0)]


def _kind(arrows: Floats) -> tuple[int, int]:
    """How many ideas, in how many dimensions."""
    strengths = np.linalg.svd(arrows, compute_uv=False)
    return len(arrows), int((strengths > 0.3 * strengths[0]).sum())


def _name(kind: tuple[int, int], share: Floats) -> str:
    """The name of the regular body, if these are one."""
    is_regular = np.abs(share - kind[1] / kind[0]).max() < 0.03
    return FAMILIES.get(kind, "") if is_regular else ""


def _posed(arrows: Floats, rank: int) -> Floats:
    """The arrows along their own first axes, at most three, an antiprism standing on its square."""
    _, _, axes = np.linalg.svd(arrows, full_matrices=False)
    own: Floats = arrows @ axes[: min(3, rank)].T
    if own.shape != (8, 3):
        return own
    # Up is where four arrows are as high as the other four are low.
    ups = np.stack([own[list(four)].sum(0) for four in combinations(range(8), 4)])
    ups = ups[np.linalg.norm(ups, axis=1) > 1]
    ups /= np.linalg.norm(ups, axis=1)[:, None]
    up = ups[np.abs(own @ ups.T).std(0).argmin()]
    aside = np.cross(up, own[0])
    aside /= np.linalg.norm(aside)
    standing: Floats = own @ np.stack([aside, np.cross(up, aside), up], axis=1)
    return standing


def _said(family: Family) -> str:
    if family.size == 1:
        return f"{family.times} alone"
    name = f"{family.name or 'group'}{'s' if family.times > 1 else ''}"
    dimensions = "1 dimension" if family.dimensions == 1 else f"{family.dimensions} dimensions"
    return f"{family.times} {name} of {family.size} in {dimensions}"


def _range(rarities: list[float]) -> str:
    ends = dict.fromkeys(f"{end:.1f}" for end in (rarities[0], rarities[-1]))
    return " to ".join(ends)


if __name__ == "__main__":
    write_asset()
