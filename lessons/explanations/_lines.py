"""How many lines fit into a space so that no two of them are too close: a proven limit.

For vectors that must stay near a right angle, x and -x are the same: what is packed are lines. Take
any polynomial f that is at most 0 wherever |cos| <= s, and whose mean over all pairs of any set of
lines is at least its mean f₀ over all directions (it is "positive definite"). Summed over all ordered
pairs of N lines, f is at most N f(1), as only a line with itself may count, and at least N² f₀. So

    N <= f(1) / f₀.

Levenshtein found the best f of every degree n = 2, 3, ... and the range of s it is for: between the
largest zeros of Gₙ₋₁ and Gₙ, where Gₙ is the Gegenbauer polynomial of d+2 dimensions with Gₙ(1) = 1. With
r = Gₙ(s) / Gₙ₋₂(s), which is at most 0 in that range, his limit is

    N <= C(d+n-3, n-2) · (1 + (2n+d-2)(d-1) / (n(n-1) - (n+d-1)(n+d-2) r)).

For n = 2 that is Welch's bound, N <= d(1-s²) / (1-ds²).

Source: V. I. Levenshtein, "Designs as maximum codes in polynomial metric spaces", Acta Applicandae
Mathematicae 29 (1992), with the polynomials of d dimensions written in those of d+2: so only ratios
are needed, while the polynomials themselves get too small for a computer.
"""

import math

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]


def log10_most_lines(dimensions: npt.ArrayLike, cosine: npt.ArrayLike) -> Doubles:
    """The logarithm of Levenshtein's limit; the arguments may be arrays that fit each other.

    dimensions  2 or more
    cosine      the largest |cos| between two lines, above 0 and below 1
    """
    shape = np.broadcast_shapes(np.shape(dimensions), np.shape(cosine))
    d, s = (np.broadcast_to(np.asarray(x, float), shape).ravel() for x in (dimensions, cosine))
    limit, places = np.empty(d.size), np.arange(d.size)
    n, before, ratio = 1, s, s  # Gₙ₋₁/Gₙ₋₂, which nobody needs for n = 1, and Gₙ/Gₙ₋₁
    while len(places):
        before, ratio = ratio, ((2 * n + d) * s - n / ratio) / (n + d)
        n += 1
        # The first Gₙ that isn't positive is the one in whose range s lies.
        done = ratio <= 0
        if done.any():
            e, r = d[done], (before * ratio)[done]
            factor = (2 * n + e - 2) * (e - 1) / (n * (n - 1) - (n + e - 1) * (n + e - 2) * r)
            limit[places[done]] = _log10_choices(e + n - 3, n - 2) + np.log10(1 + factor)
            places, d, s, before, ratio = (x[~done] for x in (places, d, s, before, ratio))
    return limit.reshape(shape)


def _log10_choices(m: Doubles, k: int) -> Doubles:
    """The logarithm of C(m, k), for large and also for fractional m."""
    log = [math.lgamma(one + 1) - math.lgamma(one - k + 1) - math.lgamma(k + 1) for one in m]
    return np.array(log) / math.log(10)
