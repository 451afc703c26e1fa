"""Kerdock's directions: more nearly perpendicular ones than chance or search will find.

Let F be the field of 2ᵏ elements, k odd, and d = 2ᵏ⁺¹. For every s in F there is a quadratic form on
the pairs (x, e), x in F and e in {0, 1},

    Q_s(x, e) = Σ_{i=1}^{(k-1)/2} Tr((sx)^(2ⁱ+1)) + e Tr(sx),

and the difference of any two of them has full rank. So the vectors (-1)^(Q_s + a·(x,e)) / √d, for all s
and all a, together with the unit vectors, are d/2 + 1 orthonormal bases of d vectors each, and two
vectors of different bases have cosine ±1/√d. These d(d/2 + 1) directions meet Levenshtein's limit, so
that no others can do better.

Source: A. M. Kerdock, "A class of low-rate nonlinear binary codes" (1972); P. J. Cameron and J. J.
Seidel, "Quadratic forms over GF(2)" (1973), for the lines.
"""

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

IRREDUCIBLE = {3: 0b1011, 5: 0b100101, 11: 0b100000000101}
"""For k: 1 + x + x³, 1 + x² + x⁵, 1 + x² + x¹¹; bit i stands for xⁱ."""


def kerdock_size(dimensions: int) -> int:
    """How many directions the set has."""
    return dimensions * (dimensions // 2 + 1)


def kerdock_basis(k: int, s: int) -> npt.NDArray[np.int8]:
    """The basis that belongs to s, times √d: every row is a vector of 1 and -1.

    returns  (d, d), d = 2 ** (k + 1)
    """
    x = np.arange(2**k)
    sx = _product(k, x, np.full_like(x, s))
    form = np.zeros_like(x)
    power = sx
    for _ in range((k - 1) // 2):
        power = _product(k, power, power)
        form ^= _trace(k, _product(k, power, sx))
    both = np.concatenate([form, form ^ _trace(k, sx)])  # (d,)  e = 0, then e = 1
    place = np.arange(2 * len(x))
    linear = np.bitwise_count(place[:, None] & place) & 1  # (a, place)
    signs: npt.NDArray[np.int8] = (1 - 2 * (both ^ linear)).astype(np.int8)
    return signs


def kerdock_directions(k: int) -> npt.NDArray[np.float32]:
    """All of them, as unit vectors.

    returns  (d (d/2 + 1), d), d = 2 ** (k + 1)
    """
    d = 2 ** (k + 1)
    signs = np.concatenate([kerdock_basis(k, s) for s in range(2**k)])
    return np.concatenate([signs / np.float32(d**0.5), np.eye(d, dtype=np.float32)])


def _product(k: int, x: Ints, y: Ints) -> Ints:
    """In the field of 2ᵏ elements: as polynomials with bits for coefficients."""
    product = np.zeros_like(x)
    for bit in range(k):
        product ^= np.where(y >> bit & 1, x << bit, 0)
    for bit in range(2 * k - 2, k - 1, -1):
        product ^= np.where(product >> bit & 1, IRREDUCIBLE[k] << (bit - k), 0)
    return product


def _trace(k: int, x: Ints) -> Ints:
    """Of x in the field: x + x² + x⁴ + ..., which is 0 or 1."""
    total, power = x.copy(), x
    for _ in range(k - 1):
        power = _product(k, power, power)
        total ^= power
    return total
