"""Reverse-mode differentiation: the graph of what was done, walked backwards once.

An operation returns its result together with a pure function ``backward(grad)``, which
returns one gradient per parent: a new array, ``grad`` itself or a view of it, or None.
It changes nothing and returns no new array twice. Everything else happens here and only
here: gradients are summed down to their parent's shape (`unbroadcast`), added up where
a value was used more than once, stored in the leaves, and each operation is freed as
soon as it is done.
"""

import numpy as np

from . import writes

__all__ = ["Node", "run_backward", "unbroadcast"]


class Node:
    """One operation that was done: what it came from, and how a gradient passes back.

    ``parents`` holds for each input the Node that made it, the leaf Tensor itself, or
    None where no gradient is wanted. Nodes point only backwards: a graph has no cycles
    and dies with its last result, without the garbage collector.
    """

    __slots__ = ("backward", "date", "parents", "retained", "shape")

    def __init__(self, inputs, backward, shape):
        self.parents = tuple(
            x._node if x._node is not None else x if x._requires_grad else None
            for x in inputs
        )
        self.backward = backward
        self.shape = shape
        self.retained = None  # a weak reference to the result, after retain_grad()
        self.date = writes.now()

    def check(self):
        """Raise RuntimeError if this was freed, or a value it needs was overwritten."""
        if self.backward is None:
            raise RuntimeError(
                "Trying to backward through the graph a second time: "
                "it was freed by the first backward(). Compute the result again, "
                "or call backward(retain_graph=True) the first time."
            )
        if self.date == writes.now():
            return  # nothing was written since
        changed = writes.stale(self.backward, self.date)
        if changed is not None:
            raise RuntimeError(
                "one of the variables needed for gradient computation has been "
                f"modified by an inplace operation: {self!r} needs the earlier values "
                f"of a tensor of shape {changed.shape}"
            )

    def __repr__(self):
        name = self.backward.__qualname__.split(".")[0] if self.backward else "freed"
        return f"<{name.title().replace('_', '')}Backward0>"


def topological_order(roots):
    """Return ``roots`` and every Node and leaf they came from, inputs before results.

    Depth first with a stack of its own, so that a chain of any length works.
    """
    order, seen, stack = [], set(), [(root, False) for root in roots]
    while stack:
        node, parents_are_done = stack.pop()
        if parents_are_done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            if isinstance(node, Node):
                node.check()
                stack.extend(
                    (parent, False) for parent in node.parents if parent is not None
                )
    return order


def leading_to(wanted, order):
    """Return the Nodes through which a gradient passes on its way to ``wanted``."""
    leading = set()
    for node in order:
        parents = node.parents if isinstance(node, Node) else ()
        if any(parent in wanted or parent in leading for parent in parents):
            leading.add(node)
    return leading


def unbroadcast(grad, shape):
    """Sum ``grad`` to ``shape``, over the dimensions that broadcasting repeated."""
    if grad.shape == shape:
        return grad
    added = grad.ndim - len(shape)  # new dimensions, all in front
    stretched = tuple(
        added + i for i, n in enumerate(shape) if n == 1 and grad.shape[added + i] != 1
    )
    return grad.sum((*range(added), *stretched), keepdims=True).reshape(shape)


def run_backward(roots, retain_graph=False, wanted=None):
    """Send the gradients of ``roots``, {Node or leaf: array}, back to every leaf.

    Given ``wanted``, a set of Nodes and leaves, nothing is stored in the leaves:
    operations that lead elsewhere are left out, and {wanted: gradient} is returned,
    whose arrays may share memory.
    """
    order = topological_order(roots)
    leading = None if wanted is None else leading_to(wanted, order)
    gradients, found = dict(roots), {}
    with np.errstate(all="ignore"):
        while order:
            node = order.pop()
            grad = gradients.pop(node, None)
            if grad is None:  # no gradient reaches it
                continue
            if isinstance(node, Node) and node.retained is not None:
                _keep(node, grad)
            if wanted is not None and node in wanted:
                found[node] = grad
            if wanted is not None and node not in leading:
                continue
            if not isinstance(node, Node):
                node._accumulate(grad)
                continue
            _pass_to_parents(node, grad, gradients)
            if not retain_graph:
                node.backward, node.parents = None, ()
    return found


def _keep(node, grad):
    """Add ``grad`` to the result of ``node``, which asked for it by retain_grad()."""
    result = node.retained()
    if result is not None:
        result._accumulate(grad.copy())


def _pass_to_parents(node, grad, gradients):
    """Add what ``node`` makes of ``grad`` to its parents' ``gradients``."""
    for parent, part in zip(node.parents, node.backward(grad), strict=True):
        if parent is None or part is None:
            continue
        part = np.asarray(part)  # NumPy makes scalars of 0-d arrays
        part = unbroadcast(part, parent.shape)
        if parent in gradients:
            gradients[parent] = np.asarray(gradients[parent] + part)
        elif not isinstance(parent, Node) and (part is grad or part.base is not None):
            gradients[parent] = part.copy()  # a leaf owns its gradient
        else:
            gradients[parent] = part
