"""A sparse autoencoder takes 60 ideas in 20 neurons apart, because it may use only few parts at once.

There are 60 hidden ideas, unit directions Sᵢ in the space of 20 neurons, spread so that no two are
alike. Each is on with probability p, at a strength uniform on [0.3, 1], and what the neurons show is
the sum x. The autoencoder never sees S. It has M units with an encoder row eⱼ, a bias bⱼ and a decoder
row dⱼ of length 1,

    fⱼ = ReLU(eⱼ·x + bⱼ),    x' = Σⱼ fⱼ dⱼ,    L = E |x - x'|² + λ E Σⱼ fⱼ

and learns with a gradient written by hand, Adam, and a new start for units that are never on. An idea
counts as found when some dⱼ has a cosine above 0.9 with it. Without the penalty λ the copy is nearly
perfect and nothing is found: 20 neurons can be copied by any 60 directions that span them. The penalty
makes the copy worse, and the directions true, until it is so strict that units die.

Known numbers. Scaling eⱼ and bⱼ by c scales fⱼ by c, since ReLU(cz) = c ReLU(z). So after training the
slope in c is 0 at c = 1, E 2(x'-x)·fⱼdⱼ + λ E fⱼ = 0, and summed over the units this is a balance that
gives the error without comparing x and x':

    E |x - x'|² = E |x|² - E |x'|² - λ E Σⱼ fⱼ

It is given as a share of the variance of x. And chance: the best of M random directions has a cosine of
1 - ∫ P(cos < c)^M dc with an idea, c from -1 to 1, where cos has density (1-c²)^((m-3)/2), m = 20.

The second view is the same in the plane, where it can be seen: five ideas, two neurons, eight units.
The curve over the penalty took half a minute and is an asset, written by

    python -m lessons.explanations.sae
"""

# ruff: noqa: N803, N806 (S, E, D are the letters of the formula)

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field

from lessons.explanations import Check, ClassAnswers, Knob
from lessons.explanations._superposition import adam

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.int64]

TITLE = "Taking ideas apart"
IDEA = "Ideas that overlap in few neurons come apart again if only few of them may be used at once."
CORRECTION = "Often told: the better an autoencoder copies, the truer the ideas it finds. The best copier finds none; finding them costs accuracy. And here we hid the ideas ourselves. In a real language model nobody knows the true ideas, so no such counter exists there."
FORMULA = r"f = \operatorname{ReLU}(E x + b), \qquad L = \mathbb{E}\,\lVert x - D^{\mathsf T} f \rVert^2 + \lambda\, \mathbb{E} \sum_j f_j, \qquad \lVert d_j \rVert = 1"
SOURCE = (
    "Bricken et al., “Towards Monosemanticity” (2023), at a small size: 60 known ideas in 20 neurons, "
    "so that what is found can be counted."
)

ASSET = Path(__file__).parent / "assets" / "sae.npz"
IDEAS, NEURONS = 60, 20
SPOKES, ARROWS = 5, 8
FOUND = 0.9
"""The cosine from which on an idea counts as found."""
LEVELS = (0.35, 0.55, 0.75, FOUND)
"""Cosines are drawn in these steps; by chance one in twenty reaches the first."""
SAMPLES, BATCH = 8192, 512
STEPS, RATE = 1200, 0.02
SNAPSHOTS = (1, 10, 30, 60, 90, 130, 180, 250, 340, 480, 700, STEPS)
REVIVALS = (260, 400)
"""Steps at which units that are never on start anew."""
CLOUD = 160
"""Samples that are drawn in the plane."""
PENALTIES = (0, 0.02, 0.05, 0.08, 0.1, 0.12, 0.14, 0.16, 0.18, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1)  # fmt: skip
SEEDS = 4

KNOBS = (
    Knob(key="show", label="show", min=0, max=1, step=1, start=0, options=["table", "plane"]),
    Knob(key="step", label="step", min=1, max=STEPS, step=1, start=STEPS, scale="log"),
    Knob(key="penalty", label="penalty λ", min=0, max=1, step=0.05, start=0.25, where="server"),
    Knob(key="units", label="units", min=20, max=100, step=10, start=60, where="server"),
    Knob(key="presence", label="idea is on, %", min=1, max=20, step=1, start=5, where="server"),
)  # fmt: skip


class Params(BaseModel):
    model_config = ConfigDict(extra="forbid")

    penalty: float = Field(default=0.25, ge=0, le=1)
    units: int = Field(default=60, ge=20, le=100)
    presence: int = Field(default=5, ge=1, le=20)
    """How often each idea is on, in percent."""


class Result(BaseModel):
    steps: list[int]
    """(snapshots,)"""
    found: list[int]
    """(snapshots,)  ideas of 60"""
    error: list[float]
    """(snapshots,)  what the copy misses, as a share of the variance"""
    match: list[float]
    """(snapshots,)  mean over the ideas of the cosine with the nearest unit"""
    cells: list[str]
    """(snapshots,)  ideas x units, row by row: how many of the levels the cosine has reached. Ideas come
    in the order in which they are found, units in the order of the ideas they match in the end"""
    levels: list[float]
    active: float
    """Units that are on at once, on average"""
    dead: int
    """Units that are never on"""
    balance: float
    """The error at the end, by the balance of a trained encoder"""
    chance: float
    """The match of random directions, as many as there are units"""
    axes: float
    """The match of the neurons themselves, either way round"""
    pca: float
    """The match of the principal components, either way round"""
    cloud: list[list[int]]
    """(samples, 2)  in the plane, in hundredths"""
    arrows: list[list[list[int]]]
    """(snapshots, arrows, 2)  the decoder rows in the plane, in hundredths"""
    use: list[list[int]]
    """(snapshots, arrows)  how often each is on, of 100 samples that show anything"""
    astray: float
    """Degrees between a spoke and the nearest arrow that is used, at worst, at the end"""
    sweep_penalty: list[float]
    sweep_found: list[float]
    """(penalties,)  ideas found, mean of some seeds, with 60 units and ideas on 5 % of the time"""
    sweep_error: list[float]


class Autoencoder(NamedTuple):
    E: Floats
    """(units, neurons)"""
    b: Floats
    """(units,)"""
    D: Floats
    """(units, neurons)  rows of length 1"""

    def units_on(self, x: Floats) -> Floats:
        f: Floats = np.maximum(x @ self.E.T + self.b, 0)  # (samples, units)
        return f


def compute(params: Params, rng: np.random.Generator) -> Result:
    S = hidden_ideas(rng)
    x = samples(rng, S, params.presence / 100)
    history = train(rng, x, params.units, params.penalty)
    cosines = np.stack([S @ model.D.T for model in history])  # (snapshots, ideas, units)
    nearest = cosines.max(2)
    rows, columns = reading_order(cosines)
    levels = (cosines[:, rows][:, :, columns, None] > LEVELS).sum(-1)

    last = history[-1]
    f = last.units_on(x)
    variance = x.var(0).sum()
    kept = np.square(x).sum(1).mean() - np.square(f @ last.D).sum(1).mean()

    spokes = regular_spokes()
    plane = samples(rng, spokes, params.presence / 100)
    plane = plane[plane.any(1)]
    flat = train(rng, plane, ARROWS, params.penalty)
    use = np.stack([(model.units_on(plane) > 0).mean(0) for model in flat])  # (snapshots, arrows)

    random = unit_rows(rng.standard_normal((50, params.units, NEURONS)))
    axes, components = np.eye(NEURONS), np.linalg.svd(x - x.mean(0), full_matrices=False)[2]
    with np.load(ASSET) as stored:
        sweep_found, sweep_error = stored["found"].mean(1), stored["error"].mean(1)
    return Result(
        steps=list(SNAPSHOTS),
        found=(nearest > FOUND).sum(1).tolist(),
        error=[round(float(error_of(model, x) / variance), 4) for model in history],
        match=np.round(nearest.mean(1), 3).tolist(),
        cells=["".join(map(str, snapshot.ravel())) for snapshot in levels],
        levels=list(LEVELS),
        active=round(float((f > 0).sum(1).mean()), 2),
        dead=int((~f.any(0)).sum()),
        balance=round(float((kept - params.penalty * f.sum(1).mean()) / variance), 4),
        chance=round(float(match_of(S, random).mean()), 3),
        axes=round(float(match_of(S, np.concatenate([axes, -axes]))), 3),
        pca=round(float(match_of(S, np.concatenate([components, -components]))), 3),
        cloud=np.rint(100 * plane[:CLOUD]).astype(int).tolist(),
        arrows=[np.rint(100 * model.D).astype(int).tolist() for model in flat],
        use=np.rint(100 * use).astype(int).tolist(),
        astray=round(astray(spokes, flat[-1].D[use[-1] > 0.01]), 1),
        sweep_penalty=list(PENALTIES),
        sweep_found=np.round(sweep_found, 2).tolist(),
        sweep_error=np.round(sweep_error, 4).tolist(),
    )


def checks(params: Params, result: Result) -> list[Check]:
    """That all are found is held against only where the penalty suits how rare the ideas are."""
    found = []
    if 0.2 <= params.penalty <= 0.4 and params.units >= IDEAS and 2 <= params.presence <= 5:
        found = [
            Check(name="hidden ideas found", got=result.found[-1], want=IDEAS, tol=5),
            Check(name="mean best cosine", got=result.match[-1], want=1, tol=0.05),
        ]
    return [
        *found,
        Check(
            name="copying error",
            unit="\u00a0%",
            got=round(100 * result.error[-1], 2),
            want=round(100 * result.balance, 2),
            # Adam stops near the bottom, not at it.
            tol=0.9,
        ),
        Check(
            name="cosine by chance",
            got=result.chance,
            want=round(expected_match(params.units), 3),
            tol=0.012,
        ),
    ]


def caption(params: Params, result: Result) -> str:
    if params.penalty == 0:
        return (
            f"{IDEAS} ideas overlap in {NEURONS} neurons. An autoencoder that may use as many units as it "
            f"likes misses {100 * result.error[-1]:.1f}\u00a0% of what it copies, and finds "
            f"{result.found[-1]} of the ideas."
        )
    return (
        f"{IDEAS} ideas overlap in {NEURONS} neurons. An autoencoder that pays for every unit it uses "
        f"finds {result.found[-1]} of them; its copy misses {100 * result.error[-1]:.0f}\u00a0%. "
        f"Without the price the copy is nearly perfect, and it finds {result.sweep_found[0]:.0f}."
    )


def text(params: Params, result: Result) -> str:
    """Found ideas over training, baselines, then what the penalty does."""
    course = ", ".join(
        f"{result.found[i]} at step {result.steps[i]:,}" for i in (0, 4, 6, 8, len(SNAPSHOTS) - 1)
    )
    sweep = dict(
        zip(
            result.sweep_penalty,
            zip(result.sweep_found, result.sweep_error, strict=True),
            strict=True,
        )
    )
    told = "; ".join(
        f"λ = {penalty:g}: {sweep[penalty][0]:.0f} found, {100 * sweep[penalty][1]:.1f}\u00a0% missed"
        for penalty in (0, 0.1, 0.14, 0.25, 0.6, 1)
    )
    return (
        f"A table shows how well each of {IDEAS} hidden ideas matches each of {params.units} learned "
        f"directions in the space of {NEURONS} neurons. Each idea is on {params.presence} % of the time, "
        f"the penalty λ is {params.penalty:g}. Training starts from noise; what is found is a bright cell on "
        f"the diagonal. Found, that is matched with a cosine above {FOUND}, are {course}. The mean best cosine is then "
        f"{result.match[-1]:.2f}; random directions would have {result.chance:.2f}, the neurons "
        f"{result.axes:.2f}, principal components {result.pca:.2f}. The copy misses "
        f"{100 * result.error[-1]:.1f}\u00a0% of the variance, and on average {result.active:.1f} units are "
        f"on. A curve shows what the penalty does to found ideas and error, with 60 units and ideas that "
        f"are on 5 % of the time: {told}. So the best copy finds nothing. Second view: five ideas are "
        f"spokes in the plane of two neurons, and of {ARROWS} arrows the nearest one in use is at most "
        f"{result.astray:.1f} degrees off each spoke."
    )


def class_text(params: Params, answers: ClassAnswers) -> str:
    if answers.values:
        n, mean = len(answers.values), float(np.mean(answers.values))
        none = sum(value == 0 for value in answers.values)
        return (
            f"Dots under the axis of found ideas show what the class guessed: {n:,} "
            f"{'guess' if n == 1 else 'guesses'}, from {min(answers.values):g} to "
            f"{max(answers.values):g} ideas, on average {mean:.0f}; {none:,} said 0."
        )
    if answers.counts:
        chosen = zip(answers.options, answers.counts, strict=False)
        return "The class answered " + ", ".join(f"“{o}”: {c}" for o, c in chosen) + "."
    return ""


def hidden_ideas(rng: np.random.Generator) -> Floats:
    """Directions that push each other apart until no two are alike, (ideas, neurons)."""
    S = unit_rows(rng.standard_normal((IDEAS, NEURONS), dtype=np.float32))
    for sharpness in np.geomspace(10, 1500, 120):
        cosines = S @ S.T
        np.fill_diagonal(cosines, 0)
        # Sharper and sharper, the worst pairs count for everything.
        push = cosines * np.exp(sharpness * (cosines**2 - (cosines**2).max()))
        step = push @ S
        step /= np.sqrt(np.square(step).sum(1).mean())
        # The sharper, the shorter the step, or the pairs that took over would be overshot.
        S = unit_rows(S - step / sharpness)
    return S


def regular_spokes() -> Floats:
    """Five directions of the plane, the first one up, (spokes, 2)."""
    turns = np.pi / 2 - 2 * np.pi * np.arange(SPOKES) / SPOKES
    return np.stack([np.cos(turns), np.sin(turns)], axis=1)


def samples(rng: np.random.Generator, S: Floats, presence: float) -> Floats:
    """What the neurons show while ideas come and go, (samples, neurons)."""
    shape = (SAMPLES, len(S))
    strengths = (rng.random(shape) < presence) * rng.uniform(0.3, 1, shape)
    x: Floats = (strengths @ S).astype(np.float32)
    return x


def train(rng: np.random.Generator, x: Floats, units: int, penalty: float) -> list[Autoencoder]:
    """The autoencoder at every snapshot."""
    D = unit_rows(rng.standard_normal((units, x.shape[1]), dtype=np.float32))
    E, b = D.copy(), np.zeros(units, dtype=np.float32)
    step = adam(E, b, D)
    history = []
    for t in range(1, STEPS + 1):
        batch = x[rng.integers(0, len(x), BATCH)]
        _, slopes = loss_and_gradients(Autoencoder(E, b, D), batch, penalty)
        # The last half slows down to a stop.
        step(RATE * min(1.0, 2 * (1 - t / STEPS)), slopes)
        D /= np.linalg.norm(D, axis=1, keepdims=True)
        if t in REVIVALS:
            revive(rng, Autoencoder(E, b, D), x[:2048])
        if t in SNAPSHOTS:
            history.append(Autoencoder(E.copy(), b.copy(), D.copy()))
    return history


def loss_and_gradients(
    model: Autoencoder, x: Floats, penalty: float
) -> tuple[float, tuple[Floats, Floats, Floats]]:
    """The loss and its slopes in E, b and D, written out by hand.

    D has rows of length 1: the part of its slope that would change a length is taken out.
    """
    f = model.units_on(x)
    miss = f @ model.D - x  # (samples, neurons)
    loss = np.square(miss).sum(1).mean() + penalty * f.sum(1).mean()

    df = (2 * miss @ model.D.T + penalty) / len(x) * (f > 0)
    dD = 2 / len(x) * f.T @ miss
    dD -= (dD * model.D).sum(1, keepdims=True) * model.D
    return float(loss), (df.T @ x, df.sum(0), dD)


def revive(rng: np.random.Generator, model: Autoencoder, x: Floats) -> None:
    """Units that are never on start anew, where the copy misses most."""
    f = model.units_on(x)
    dead = np.flatnonzero(~f.any(0))
    miss = x - f @ model.D
    size = np.square(miss).sum(1)
    missed = unit_rows(miss[rng.choice(len(x), len(dead), p=size / size.sum())])
    model.D[dead] = model.E[dead] = missed
    model.b[dead] = 0


def error_of(model: Autoencoder, x: Floats) -> float:
    return float(np.square(model.units_on(x) @ model.D - x).sum(1).mean())


def reading_order(cosines: Floats) -> tuple[Ints, Ints]:
    """Rows and columns that show the final match as a diagonal, soonest found first.

    cosines  (snapshots, ideas, units)
    """
    found = cosines.max(2) > FOUND  # (snapshots, ideas)
    # Found once and for all: for how many snapshots, counted from the end.
    lasting = np.logical_and.accumulate(found[::-1]).sum(0)
    partner = matched(cosines[-1])
    rows = np.lexsort([-cosines[-1].max(1), -lasting, partner < 0])
    columns = partner[rows][partner[rows] >= 0]
    return rows, np.concatenate([columns, np.setdiff1d(np.arange(cosines.shape[2]), columns)])


def matched(cosines: Floats) -> Ints:
    """The unit of each idea, best pairs first, each unit once; -1 where no unit is left.

    cosines  (ideas, units)
    """
    left = cosines.copy()
    partner = np.full(len(cosines), -1)
    for _ in range(min(cosines.shape)):
        idea, unit = np.unravel_index(left.argmax(), left.shape)
        partner[idea] = unit
        left[idea], left[:, unit] = -np.inf, -np.inf
    return partner


def match_of(S: Floats, directions: Floats) -> Floats:
    """Mean over the ideas of the cosine with the nearest of these directions.

    directions  (..., directions, neurons)
    """
    match: Floats = (S @ directions.swapaxes(-1, -2)).max(-1).mean(-1)
    return match


def expected_match(units: int) -> float:
    """The same for random directions, exactly."""
    width = 1e-3
    c = np.arange(-1 + width / 2, 1, width)
    below = np.cumsum((1 - c**2) ** ((NEURONS - 3) / 2))
    return float(1 - width * ((below / below[-1]) ** units).sum())


def astray(spokes: Floats, arrows: Floats) -> float:
    """The angle from a spoke to the nearest arrow, at worst, in degrees; 180 without arrows."""
    if not len(arrows):
        return 180.0
    return float(np.degrees(np.arccos(np.clip(spokes @ arrows.T, -1, 1).max(1).min())))


def unit_rows(rows: Floats) -> Floats:
    unit: Floats = rows / np.linalg.norm(rows, axis=-1, keepdims=True)
    return unit


def write_asset() -> None:
    """Found ideas and error for every penalty and a few seeds."""
    found, error = (np.zeros((len(PENALTIES), SEEDS)) for _ in range(2))
    for seed in range(SEEDS):
        rng = np.random.default_rng(seed)
        S = hidden_ideas(rng)
        x = samples(rng, S, 0.05)
        for i, penalty in enumerate(PENALTIES):
            model = train(rng, x, IDEAS, penalty)[-1]
            found[i, seed] = ((S @ model.D.T).max(1) > FOUND).sum()
            error[i, seed] = error_of(model, x) / x.var(0).sum()
    ASSET.parent.mkdir(exist_ok=True)
    np.savez_compressed(ASSET, found=found, error=error)


if __name__ == "__main__":
    write_asset()
