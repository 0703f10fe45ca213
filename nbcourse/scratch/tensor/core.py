"""The Tensor: an array that knows how it was computed, so that gradients can return."""

import copy
import warnings
import weakref

import numpy as np

from . import dtypes, modes
from .display import tensor_repr
from .engine import Node, run_backward

__all__ = ["Tensor"]


class Tensor:
    """An n-dimensional array with a gradient.

    Make one with `tensor`, `zeros`, `randn` and so on; ``Tensor(array)`` shares the
    memory of ``array``. The operations are functions of this package; ``methods.py``
    binds them as methods and operators.

    Parameters
    ----------
    data : numpy.ndarray
        The values. Unlike torch's, the attribute ``Tensor.data`` is this array.
    requires_grad : bool
        Whether operations on it are recorded and `backward` computes its gradient; the
        dtype must be a floating-point one.
    """

    __slots__ = ("__weakref__", "_data", "_grad", "_node", "_requires_grad")
    __array_ufunc__ = None  # array + tensor asks the tensor

    def __init__(self, data, requires_grad=False):
        if not isinstance(data, np.ndarray):
            raise TypeError(
                f"Tensor() expected a NumPy array, got {type(data).__name__}; "
                "use tensor() for lists"
            )
        dtypes.as_dtype(data.dtype)
        self._set(data)
        if requires_grad:
            self.requires_grad = True

    def _set(self, data):
        self._data = data
        self._grad = None
        self._node = None  # the operation that made it, if that was recorded
        self._requires_grad = False

    @staticmethod
    def _result(data, parents=(), backward=None):
        """Return ``data`` as the result of an operation on ``parents``.

        It is recorded, with ``backward``, if a gradient may be asked for.
        """
        result = Tensor.__new__(Tensor)
        result._set(np.asarray(data) if isinstance(data, np.generic) else data)
        if modes.is_grad_enabled() and any([x._requires_grad for x in parents]):
            result._node = Node(parents, backward, result._data.shape)
            result._requires_grad = True
        return result

    # --- what it is

    @property
    def data(self):
        """The values, a NumPy array; writing into it is not seen by the engine."""
        return self._data

    @data.setter
    def data(self, values):
        values = values._data if isinstance(values, Tensor) else values
        if not isinstance(values, np.ndarray) or values.dtype != self.dtype:
            came = getattr(values, "dtype", type(values).__name__)
            raise TypeError(f"data: expected an array of {self.dtype}, got {came}")
        self._data = values

    shape = property(
        lambda self: self._data.shape, doc="The sizes of the dimensions, a tuple."
    )
    dtype = property(
        lambda self: self._data.dtype, doc="The elements' type, a ``numpy.dtype``."
    )
    ndim = property(lambda self: self._data.ndim, doc="The number of dimensions.")
    device = property(lambda self: "cpu", doc="Always ``'cpu'``.")
    is_leaf = property(
        lambda self: self._node is None, doc="Whether no recorded operation made it."
    )
    grad_fn = property(
        lambda self: self._node, doc="The recorded operation that made it, or None."
    )

    @property
    def requires_grad(self):
        """Whether operations on it are recorded; on a leaf it can be set."""
        return self._requires_grad

    @requires_grad.setter
    def requires_grad(self, required):
        if not self.is_leaf and not required:
            raise RuntimeError(
                "requires_grad can only be changed on a leaf; use detach()"
            )
        if required and self.dtype.kind != "f":
            raise RuntimeError(
                "only tensors of floating-point dtype can require gradients, "
                f"got {self.dtype}"
            )
        self._requires_grad = bool(required)

    @property
    def grad(self):
        """The gradient that `backward` left here, or None.

        It is a detached Tensor of the same shape and dtype.
        """
        kept = self._node is None or self._node.retained is not None
        if self._grad is None and not kept:
            warnings.warn(
                "grad of a tensor that is not a leaf is not kept; "
                "call retain_grad() on it first",
                stacklevel=2,
            )
        return self._grad

    @grad.setter
    def grad(self, gradient):
        if gradient is not None and not isinstance(gradient, Tensor):
            raise TypeError(
                f"grad: expected a Tensor or None, got {type(gradient).__name__}"
            )
        own = (self.shape, self.dtype)
        if gradient is not None and (gradient.shape, gradient.dtype) != own:
            raise ValueError(
                f"grad: expected {self.dtype} of shape {self.shape}, "
                f"got {gradient.dtype} of shape {gradient.shape}"
            )
        self._grad = gradient

    # --- differentiation

    def backward(
        self, gradient=None, retain_graph=None, create_graph=False, inputs=None
    ):
        """Add this tensor's gradient to ``grad`` of every leaf that it came from.

        ``gradient`` weights the elements. It has this tensor's shape and may be left
        out for a single element (it is 1 then). The graph is freed on the way unless
        ``retain_graph`` is true. With ``inputs``, a tensor or several, the gradient
        goes to these only, which need not be leaves. Raises RuntimeError without a
        graph, and on a second pass through one that was freed.
        """
        if create_graph:
            raise NotImplementedError("backward: create_graph is not built")
        roots = {self._origin(): self._upstream(gradient)}
        if inputs is None:
            run_backward(roots, retain_graph)
            return
        inputs = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
        if not inputs:
            raise RuntimeError("backward: expected at least one tensor in inputs")
        for x in inputs:
            x.retain_grad()  # of a leaf: nothing
        found = run_backward(roots, retain_graph, {x._origin() for x in inputs})
        for x in dict.fromkeys(inputs):  # each once
            if x in found:
                x._accumulate(found[x].copy())

    def _origin(self):
        """Return where its gradient goes: to the Node that made it, or to itself."""
        if not self._requires_grad:
            raise RuntimeError(
                "this tensor does not require grad and does not have a grad_fn"
            )
        return self if self._node is None else self._node

    def _upstream(self, gradient):
        """Return ``gradient`` as an array of this tensor's shape and dtype."""
        if gradient is None and self._data.size != 1:
            raise RuntimeError(
                "grad can be implicitly created only for scalar outputs, "
                f"got shape {self.shape}; pass a gradient of this shape"
            )
        if gradient is None:
            return np.ones_like(self._data)
        array = gradient._data if isinstance(gradient, Tensor) else np.asarray(gradient)
        if array.shape != self.shape:
            raise ValueError(
                f"backward: expected a gradient of shape {self.shape}, "
                f"got {array.shape}"
            )
        return array.astype(self.dtype)  # a copy: a leaf keeps it

    def _accumulate(self, gradient):
        if self._grad is None:
            self._grad = Tensor(gradient)
        else:
            self._grad._data += gradient

    def retain_grad(self):
        """Keep the gradient also on this tensor, although it is not a leaf."""
        if not self._requires_grad:
            raise RuntimeError(
                "retain_grad: expected a tensor that requires a gradient"
            )
        if self._node is not None:
            self._node.retained = weakref.ref(self)

    def requires_grad_(self, requires_grad=True):
        """Set ``requires_grad`` and return the tensor."""
        self.requires_grad = requires_grad
        return self

    # --- leaving the engine

    def numpy(self):
        """Return the array, sharing its memory.

        Raises RuntimeError for a tensor that requires a gradient.
        """
        if self._requires_grad:
            raise RuntimeError(
                "Can't call numpy() on Tensor that requires grad. "
                "Use tensor.detach().numpy() instead."
            )
        return self._data

    def __array__(self, dtype=None, copy=None):
        return np.array(self.numpy(), dtype=dtype, copy=copy)

    def item(self):
        """Return the only element as a Python number.

        Raises RuntimeError unless there is exactly one.
        """
        if self._data.size != 1:
            raise RuntimeError(
                f"item: expected a tensor with one element, got shape {self.shape}"
            )
        return self._data.item()

    def tolist(self):
        """Return the values as nested lists of Python numbers."""
        return self._data.tolist()

    def size(self, dim=None):
        """Return the shape, or the size of dimension ``dim``."""
        return self.shape if dim is None else self.shape[dim]

    def dim(self):
        """Return the number of dimensions."""
        return self.ndim

    def cpu(self):
        """Return the tensor itself: it is on the CPU."""
        return self

    # --- Python's own protocols

    __hash__ = object.__hash__  # by identity: == compares elements

    def __len__(self):
        if not self.ndim:
            raise TypeError("len() of a 0-d tensor")
        return len(self._data)

    def __iter__(self):
        return (self[i] for i in range(len(self)))

    def __bool__(self):
        if self._data.size != 1:
            raise RuntimeError(
                "Boolean value of Tensor with other than one value is ambiguous, "
                f"got shape {self.shape}"
            )
        return bool(self._data.item())

    def __float__(self):
        return float(self.item())

    def __int__(self):
        return int(self.item())

    def __index__(self):
        if self.dtype.kind == "f":
            raise TypeError(
                "only an integer tensor of one element can be an index, "
                f"got {self.dtype}"
            )
        return int(self.item())

    def __format__(self, spec):
        if self.ndim:
            return object.__format__(self, spec)
        return format(self.item(), spec)

    def __deepcopy__(self, memo):
        if not self.is_leaf:
            raise RuntimeError(
                "deepcopy: expected a leaf, got the result of a recorded operation; "
                "detach() it"
            )
        twin = type(self).__new__(type(self))
        memo[id(self)] = twin
        twin._set(self._data.copy())
        twin._requires_grad = self._requires_grad
        twin._grad = copy.deepcopy(self._grad, memo)
        return twin

    def __repr__(self):
        suffixes = []
        if self.dtype not in (dtypes.get_default_dtype(), dtypes.int64, dtypes.bool):
            suffixes.append(f"dtype={self.dtype}")
        if self._node is not None:
            suffixes.append(f"grad_fn={self._node!r}")
        elif self._requires_grad:
            suffixes.append("requires_grad=True")
        return tensor_repr(self._data, suffixes)
