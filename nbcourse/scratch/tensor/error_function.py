"""The error function of arrays, which NumPy lacks: quotients of polynomials.

The quotients are those of W. J. Cody, Rational Chebyshev approximations for the error
function, Mathematics of Computation 23 (1969), 631-637; their error is below 7e-16 of
the value. The coefficients are listed from the highest power to the constant.
"""

import math

import numpy as np

__all__ = ["erf", "erfc"]

SMALL = 0.46875  # up to here erf(x) = x · quotient of x², beyond it 1 - erfc(x)
LARGE = 4.0  # up to here e^x² erfc(x) is a quotient of x, beyond it one of 1 / x²

# fmt: off
SMALL_QUOTIENT = (
    (0.185777706184603153, 3.16112374387056560, 113.864154151050156,
     377.485237685302021, 3209.37758913846947),
    (1.0, 23.6012909523441209, 244.024637934444173, 1282.61652607737228,
     2844.23683343917062),
)
MIDDLE_QUOTIENT = (
    (2.15311535474403846e-8, 0.564188496988670089, 8.88314979438837594,
     66.1191906371416295, 298.635138197400131, 881.952221241769090,
     1712.04761263407058, 2051.07837782607147, 1230.33935479799725),
    (1.0, 15.7449261107098347, 117.693950891312499, 537.181101862009858,
     1621.38957456669019, 3290.79923573345963, 4362.61909014324716,
     3439.36767414372164, 1230.33935480374942),
)
LARGE_QUOTIENT = (
    (0.0163153871373020978, 0.305326634961232344, 0.360344899949804439,
     0.125781726111229246, 0.0160837851487422766, 6.58749161529837803e-4),
    (1.0, 2.56852019228982242, 1.87295284992346725, 0.527905102951428412,
     0.0605183413124413191, 0.00233520497626869185),
)
# fmt: on

BLOCK = 1 << 16  # bytes at a time: so about forty steps all stay in the cache


def erf(x):
    """Return 2/√π ∫₀ˣ e^-t² dt of each element of a floating-point array."""
    return _in_blocks(_erf, x)


def erfc(x):
    """Return 1 - erf(x), with all its digits also where that is close to 0."""
    return _in_blocks(_erfc, x)


def _in_blocks(function, x):
    flat, length = x.reshape(-1), BLOCK // x.itemsize
    result = np.empty(flat.shape, x.dtype)
    for start in range(0, flat.size, length):
        part = slice(start, start + length)
        result[part] = function(flat[part])
    return result.reshape(x.shape)


def _erf(x):
    y = np.abs(x)
    near = x * _quotient(SMALL_QUOTIENT, x * x)
    y = np.minimum(y, 6)  # from there on erf(x) is 1 to the last digit
    far = np.copysign(1 - np.exp(-y * y) * _quotient(MIDDLE_QUOTIENT, y), x)
    return np.where(y <= SMALL, near, far)


def _erfc(x):
    y = np.minimum(np.abs(x), 30)  # from there on erfc(x) is too small for a float
    z = np.minimum(y, LARGE)
    scaled = _quotient(MIDDLE_QUOTIENT, z)  # e^x² erfc(x)
    if (y > LARGE).any():
        z = 1 / (y * y)
        tail = (1 / math.sqrt(math.pi) - z * _quotient(LARGE_QUOTIENT, z)) / y
        scaled = np.where(y > LARGE, tail, scaled)
    # x² = near² + rest, without the rounding of x², which e^-x² would make larger
    near = np.floor(y * 16) / 16
    rest = (y - near) * (y + near)
    far = np.exp(-near * near) * np.exp(-rest) * scaled
    far = np.where(x < 0, 2 - far, far)
    return np.where(y <= SMALL, 1 - x * _quotient(SMALL_QUOTIENT, x * x), far)


def _quotient(coefficients, x):
    """Return the quotient of two polynomials of the same degree, by Horner's rule."""
    above, below = coefficients
    numerator, denominator = above[0] * x, x.copy()  # the first below is 1
    for a, b in zip(above[1:-1], below[1:-1], strict=True):
        numerator += a
        numerator *= x
        denominator += b
        denominator *= x
    return (numerator + above[-1]) / (denominator + below[-1])
