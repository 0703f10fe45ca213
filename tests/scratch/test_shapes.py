"""Random expressions of shapes, indices and einsum: whatever torch makes of them, the engine makes too."""

import math

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays, mutually_broadcastable_shapes

from nbcourse import scratch

from .helpers import assert_same

many = settings(max_examples=150, deadline=None)


def both(expression, *shapes):
    """Make the same expression of the same random inputs on both sides; compare values and gradients."""
    rng = np.random.default_rng(0)
    values = [rng.standard_normal(shape) for shape in shapes]
    mine = [scratch.tensor(v, requires_grad=True) for v in values]
    other = [torch.tensor(v, requires_grad=True) for v in values]
    y, t = expression(scratch, *mine), expression(torch, *other)
    assert_same(y, t)
    upstream = rng.standard_normal(y.shape)
    y.backward(upstream)
    t.backward(torch.tensor(upstream))
    for x, expected in zip(mine, other, strict=True):
        assert (x.grad is None) == (expected.grad is None)
        if x.grad is not None:
            assert_same(x.grad, expected.grad, 1e-10, "gradient")


# --- shapes


@st.composite
def steps(draw, shape):
    """A list of (method, arguments) that a tensor of this shape goes through."""
    taken = []
    for _ in range(draw(st.integers(1, 6))):
        x = torch.zeros(shape)
        n, dim = len(shape), st.integers(-len(shape), len(shape) - 1)
        kinds = ["reshape", "permute", "unsqueeze", "squeeze", "flatten", "expand", "repeat", "clone"]
        if n:
            kinds += ["transpose", "flip", "roll", "movedim", "narrow", "select", "unfold", "cat", "chunk"]
        kind = draw(st.sampled_from(kinds))
        if kind == "reshape":
            sizes = draw(st.permutations([*shape, 1]))
            at = draw(st.integers(0, n - 1)) if n else 0
            joined = [*sizes[:at], math.prod(sizes[at : at + 2]), *sizes[at + 2 :]]
            step = "reshape", (joined,)
        elif kind == "permute":
            step = "permute", (draw(st.permutations(range(n))),)
        elif kind == "unsqueeze":
            step = "unsqueeze", (draw(st.integers(-n - 1, n)),)
        elif kind == "squeeze":
            step = "squeeze", (draw(st.lists(st.integers(0, n - 1), unique=True)),) if n else ()
        elif kind == "flatten":
            first = draw(st.integers(0, n - 1)) if n else 0
            step = "flatten", (first, draw(st.integers(first, n - 1)) if n else 0)
        elif kind == "expand":
            sizes = [draw(st.integers(0, 3)) if size == 1 else -1 for size in shape]
            step = "expand", (draw(st.lists(st.integers(0, 2), max_size=1)) + sizes,)
        elif kind == "repeat":
            repeats = st.lists(st.integers(0, 2), min_size=n, max_size=n + 1)
            step = "repeat", (draw(repeats),)
        elif kind == "clone":
            step = "clone", ()
        elif kind in ("transpose", "movedim"):
            step = kind, (draw(dim), draw(dim))
        elif kind == "flip":
            step = "flip", (draw(st.lists(st.integers(0, n - 1), unique=True)),)
        elif kind == "roll":
            step = "roll", (draw(st.integers(-4, 4)), draw(st.none() | dim))
        elif kind == "narrow":
            d = draw(dim)
            start = draw(st.integers(0, shape[d]))
            step = "narrow", (d, start, draw(st.integers(0, shape[d] - start)))
        elif kind == "select":
            d = draw(dim)
            assume(shape[d])
            step = "select", (d, draw(st.integers(-shape[d], shape[d] - 1)))
        elif kind == "unfold":
            d = draw(dim)
            step = "unfold", (d, draw(st.integers(0, shape[d])), draw(st.integers(1, 3)))
        else:
            step = kind, (draw(dim),)
        shape = tuple(after(torch, x, step).shape)
        assume(math.prod(shape) <= 400 and len(shape) <= 6)
        taken.append(step)
    return taken


def after(lib, x, step):
    """Take one step."""
    name, arguments = step
    if name == "cat":
        return lib.cat([x, x * 2], *arguments)
    if name == "chunk":
        return lib.stack([c.sum() for c in x.chunk(2, *arguments)])
    return getattr(x, name)(*arguments)


@many
@given(st.data())
def test_any_way_of_shapes(data):
    shape = data.draw(array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
    way = data.draw(steps(shape))

    def expression(lib, x):
        for step in way:
            x = after(lib, x, step)
        return x

    both(expression, shape)


VIEWS = [
    lambda x: x.reshape(3, 2),
    lambda x: x.view(6),
    lambda x: x.view_as(x),
    lambda x: x.flatten(),
    lambda x: x.unflatten(1, (3, 1)),
    lambda x: x.squeeze(),
    lambda x: x.unsqueeze(0),
    lambda x: x.permute(1, 0),
    lambda x: x.T,
    lambda x: x.movedim(0, 1),
    lambda x: x.narrow(0, 0, 1),
    lambda x: x.select(1, 1),
    lambda x: x.chunk(2)[0],
    lambda x: x.unbind()[1],
    lambda x: x.diagonal(),
    lambda x: x.detach(),
    lambda x: x[0],
    lambda x: x[0, 1],
    lambda x: x[:, 1:],
    lambda x: x[None],
]

COPIES = [
    lambda x: x.flip(0),
    lambda x: x.roll(1),
    lambda x: x.rot90(2),
    lambda x: x.repeat(1, 1),
    lambda x: x.repeat_interleave(1, 0),
    lambda x: x.index_select(0, x[0].long() * 0),
    lambda x: x[[0, 1]],
    lambda x: x[x > 0],
    lambda x: x.tril(9),
    lambda x: x.cumsum(0),
    lambda x: x.sort().values,
    lambda x: x.clone(),
]


@pytest.mark.parametrize("view, expression", [*[(True, e) for e in VIEWS], *[(False, e) for e in COPIES]])
def test_a_view_shares_memory_and_a_copy_does_not(view, expression):
    for lib in (scratch, torch):
        x = lib.ones(2, 3)
        expression(x).fill_(7)
        assert bool((x == 7).any()) == view


# --- indices


def bounds(n):
    return st.none() | st.integers(-n - 1, n + 1)


@st.composite
def slices(draw, n):
    return slice(draw(bounds(n)), draw(bounds(n)), draw(st.none() | st.integers(1, 3)))


@st.composite
def indices(draw, shape):
    """An index into this shape, with arrays in it as NumPy arrays."""
    broadcast = draw(mutually_broadcastable_shapes(num_shapes=4, max_dims=2, max_side=3, min_side=0))
    index, dim, dots = [], 0, False
    while dim < len(shape):
        kinds = ["slice", "slice", "array", "none", "stop", "truth"]
        kinds += ["integer"] * bool(shape[dim]) + ["mask"] + ["dots"] * (not dots)
        kind, n = draw(st.sampled_from(kinds)), shape[dim]
        if kind == "stop":
            break
        if kind == "none":
            index.append(None)
            assume(len(index) < 8)
            continue
        if kind == "truth":
            index.append(draw(st.booleans()))
            assume(len(index) < 8)
            continue
        if kind == "dots":
            index.append(...)
            dots = True
            dim += draw(st.integers(0, len(shape) - dim))  # what is left for the others
            continue
        if kind == "slice":
            index.append(draw(slices(n)))
        elif kind == "integer":
            number = draw(st.integers(-n, n - 1))
            index.append(draw(st.sampled_from([number, np.array(number)])))
        elif kind == "mask":
            dims = draw(st.integers(1, len(shape) - dim))
            index.append(draw(arrays(bool, shape[dim : dim + dims])))
            dim += dims - 1
        else:
            size = broadcast.input_shapes[draw(st.integers(0, 3))]
            assume(n or not math.prod(size))
            index.append(draw(arrays(np.int64, size, elements=st.integers(-n, max(n - 1, -n)))))
        dim += 1
    return tuple(index)


def as_tensors(lib, index):
    """The same index with tensors of this library."""
    return tuple(lib.tensor(part) if isinstance(part, np.ndarray) else part for part in index)


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_any_index(data):
    shape = data.draw(array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
    index = data.draw(indices(shape))
    wrong, expected = (is_out_of_range(lib, shape, index) for lib in (scratch, torch))
    assume(wrong == expected or 0 not in shape)  # where there is nothing to pick, either may let it pass
    assert wrong == expected
    if not wrong:
        both(lambda lib, x: x[as_tensors(lib, index)], shape)


def is_out_of_range(lib, shape, index):
    try:
        lib.zeros(shape)[as_tensors(lib, index)]
    except IndexError:
        return True
    return False


@many
@given(st.data())
def test_an_element_picked_twice(data):
    shape = data.draw(array_shapes(min_dims=1, max_dims=3, max_side=4))
    dim = data.draw(st.integers(0, len(shape) - 1))
    sizes = [*shape]
    sizes[dim] = data.draw(st.integers(0, 5))
    sizes = [n if i == dim else data.draw(st.integers(0, n)) for i, n in enumerate(sizes)]
    picks = data.draw(arrays(np.int64, sizes, elements=st.integers(0, shape[dim] - 1)))
    both(lambda lib, x: lib.gather(x, dim, lib.tensor(picks)), shape)
    both(lambda lib, x, y: lib.scatter_add(x, dim, lib.tensor(picks), y), shape, sizes)


# --- einsum


@st.composite
def equations(draw):
    """An equation and the shapes of its operands."""
    letters = "abcde"
    sizes = {letter: draw(st.integers(0, 3)) for letter in letters}
    dots = draw(st.lists(st.integers(1, 3), max_size=2))
    terms, shapes = [], []
    for _ in range(draw(st.integers(1, 3))):
        own = draw(st.lists(st.sampled_from(letters), max_size=4))
        shape = [sizes[a] for a in own]
        alone = [i for i, a in enumerate(own) if own.count(a) == 1]
        for i in draw(st.lists(st.sampled_from(alone), max_size=1)) if alone else []:
            shape[i] = 1  # broadcasts
        if draw(st.booleans()):
            at = draw(st.integers(0, len(own)))
            some = dots[len(dots) - draw(st.integers(0, len(dots))) :]
            own.insert(at, "...")
            shape[at:at] = [draw(st.sampled_from([1, n])) for n in some]
        terms.append("".join(own))
        shapes.append(tuple(shape))
    seen = sorted(set("".join(terms)) - {"."})
    equation = ",".join(terms)
    if draw(st.booleans()):
        result = draw(st.lists(st.sampled_from(seen), unique=True)) if seen else []
        if draw(st.booleans()):
            result.insert(draw(st.integers(0, len(result))), "...")
        equation += "->" + "".join(result)
    return equation, shapes


@settings(max_examples=400, deadline=None)
@given(equations())
def test_any_einsum(row):
    equation, shapes = row
    both(lambda lib, *x: lib.einsum(equation, *x), *shapes)
