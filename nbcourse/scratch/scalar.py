"""Automatic differentiation of single numbers: the whole idea on one page."""

import math

__all__ = ["Value"]


class Value:
    """A number that remembers how it was computed, so that derivatives can flow back.

    The result z = f(x, y) of an operation keeps x and y and its two local derivatives,
    dx = ∂z/∂x and dy = ∂z/∂y: numbers, known as soon as z is. A function of one value
    leaves y out, and a number that nothing computed leaves out both. References point
    only backwards, from results to inputs, so that a graph is freed with its result.

    ``backward`` leaves derivatives in ``grad``. Where a function is not defined, as for
    the logarithm of 0, ``math`` raises ValueError, OverflowError or ZeroDivisionError.
    """

    __slots__ = ("data", "dx", "dy", "grad", "x", "y")

    def __init__(self, data, x=None, dx=0.0, y=None, dy=0.0):
        self.data = data
        self.grad = 0.0
        self.x, self.dx = x, dx
        self.y, self.dy = y, dy

    def __add__(self, other):
        if isinstance(other, Value):
            return Value(self.data + other.data, self, 1.0, other, 1.0)
        return Value(self.data + other, self, 1.0)

    def __sub__(self, other):
        if isinstance(other, Value):
            return Value(self.data - other.data, self, 1.0, other, -1.0)
        return Value(self.data - other, self, 1.0)

    def __mul__(self, other):
        if isinstance(other, Value):
            return Value(self.data * other.data, self, other.data, other, self.data)
        return Value(self.data * other, self, other)

    def __truediv__(self, other):
        if isinstance(other, Value):
            z = self.data / other.data
            return Value(z, self, 1 / other.data, other, -z / other.data)
        return Value(self.data / other, self, 1 / other)

    def __pow__(self, n):  # n is a number
        dx = n * math.pow(self.data, n - 1) if n else 0.0
        return Value(math.pow(self.data, n), self, dx)

    def __neg__(self):
        return Value(-self.data, self, -1.0)

    __radd__, __rmul__ = __add__, __mul__  # 2 + x and 2 * x

    def __rsub__(self, other):  # 2 - x
        return Value(other - self.data, self, -1.0)

    def __rtruediv__(self, other):  # 2 / x
        return Value(other) / self

    def exp(self):
        """e^x."""
        z = math.exp(self.data)
        return Value(z, self, z)

    def log(self):
        """Natural logarithm."""
        return Value(math.log(self.data), self, 1 / self.data)

    def tanh(self):
        """(e^x - e^-x) / (e^x + e^-x)."""
        z = math.tanh(self.data)
        return Value(z, self, 1 - z * z)

    def relu(self):
        """max(x, 0), with derivative 0 at 0."""
        return Value(max(self.data, 0.0), self, 0.0 if self.data <= 0 else 1.0)

    def backward(self):
        """Add to ``grad`` of each input the derivative of this value by that input.

        What was computed on the way holds the derivative of this pass only.
        """
        results = self._results()
        for z in results:
            z.grad = 0.0
        self.grad += 1.0
        for z in reversed(results):  # the chain rule, summed over all ways back
            z.x.grad += z.dx * z.grad
            if z.y is not None:
                z.y.grad += z.dy * z.grad

    def _results(self):
        """Return every computed value that this one came from, inputs before results.

        Depth first with a stack of its own, so that a chain of any length works.
        """
        order, seen, stack = [], set(), [self]
        while stack:
            z = stack.pop()
            if z is None:  # all that the value beneath it came from is done
                order.append(stack.pop())
            elif z.x is not None and z not in seen:
                seen.add(z)
                stack += (z, None, z.x)
                if z.y is not None:
                    stack.append(z.y)
        return order

    def __repr__(self):
        return f"Value(data={self.data}, grad={self.grad})"
