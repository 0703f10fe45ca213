"""Shapes: reshaped, reordered, expanded, joined, repeated, cut, and picked by an index."""

import numpy as np

from nbcourse import scratch

from ..rows import Row

A, B, C = (2, 3, 4), (3,), ()


SHAPE = {
    "reshape": Row(lambda lib, a: lib.reshape(a, (4, 6)), [A]),
    "reshape keyword": Row(lambda lib, a: lib.reshape(input=a, shape=(3, -1)), [A]),
    "reshape method": Row(lambda lib, a: (a.reshape(3, 2, -1), a.reshape([24]), a.reshape(-1)), [A]),
    "reshape scalar": Row(lambda lib, a: (a.reshape(()), a.reshape(1, 1)), [()]),
    "reshape nothing": Row(lambda lib, a: (a.reshape(0), a.reshape(-1, 3), a.reshape(3, 0, 5)), [(0, 3)]),
    "reshape scattered": Row(lambda lib, a: a.T.reshape(4, 6), [(6, 4)]),
    "view": Row(lambda lib, a: (a.view(2, 3), a.view((3, -1)), a.view(6, 1).view(-1)), [(6,)]),
    "view of strides": Row(lambda lib, a: a.T.view(2, 3, 2), [(6, 2)], differences=False),
    "view_as": Row(lambda lib, a, b: a.view_as(b) * b, [(6,), (2, 3)]),
    "reshape_as": Row(lambda lib, a, b: a.T.reshape_as(b) * b, [(3, 4), (2, 6)]),
    "flatten": Row(lambda lib, a: (lib.flatten(a), a.flatten(1), a.flatten(end_dim=1)), [A]),
    "flatten keywords": Row(lambda lib, a: lib.flatten(a, start_dim=-2, end_dim=2), [A]),
    "flatten scalar": Row(lambda lib, a: lib.flatten(a), [()]),
    "flatten nothing": Row(lambda lib, a: a.flatten(0, 1), [(2, 0, 3)]),
    "ravel": Row(lambda lib, a: (lib.ravel(a), a.T.ravel()), [(2, 3)]),
    "ravel scalar": Row(lambda lib, a: a.ravel(), [()]),
    "unflatten": Row(lambda lib, a: (lib.unflatten(a, 1, (3, 2)), a.unflatten(-1, [-1, 2])), [(2, 6)]),
    "unflatten keywords": Row(lambda lib, a: lib.unflatten(a, dim=0, sizes=(1, 2)), [(2, 6)]),
    "unflatten nothing": Row(lambda lib, a: a.unflatten(0, (-1, 2)), [(0, 3)]),
    "squeeze": Row(lambda lib, a: (lib.squeeze(a), a.squeeze(1), a.squeeze(0)), [(2, 1, 4, 1)]),
    "squeeze several": Row(lambda lib, a: (a.squeeze((0, -1)), lib.squeeze(a, dim=())), [(2, 1, 4, 1)]),
    "squeeze scalar": Row(lambda lib, a: (a.squeeze(), a.squeeze(0), a.squeeze(-1)), [()]),
    "unsqueeze": Row(lambda lib, a: (lib.unsqueeze(a, 0), a.unsqueeze(-1), a.unsqueeze(dim=1)), [(2, 3)]),
    "unsqueeze scalar": Row(lambda lib, a: a.unsqueeze(0), [()]),
    "atleast_1d": Row(lambda lib, a, b: (lib.atleast_1d(a), lib.atleast_1d(a, b)), [(), (2, 3)]),
    "atleast_2d": Row(lambda lib, a, b, c: lib.atleast_2d([a, b, c]), [(), (3,), (2, 3)]),
    "atleast_3d": Row(lambda lib, a, b, c, d: lib.atleast_3d(a, b, c, d), [(), (3,), (2, 3), A]),
    "atleast of one in a list": Row(lambda lib, a: lib.atleast_2d((a,)), [()]),
    "permute": Row(lambda lib, a: (lib.permute(a, (2, 0, 1)), a.permute(1, -1, 0)), [A]),
    "permute keyword": Row(lambda lib, a: lib.permute(a, dims=[0, 2, 1]), [A]),
    "permute scalar": Row(lambda lib, a: a.permute(()), [()]),
    "transpose": Row(lambda lib, a: (lib.transpose(a, 0, -1), a.transpose(dim0=1, dim1=2)), [A]),
    "transpose scalar": Row(lambda lib, a: a.transpose(0, -1), [()]),
    "swapaxes": Row(lambda lib, a: (lib.swapaxes(a, axis0=0, axis1=1), a.swapaxes(-1, 0)), [A]),
    "swapdims": Row(lambda lib, a: (lib.swapdims(a, dim0=0, dim1=1), a.swapdims(-1, 0)), [A]),
    "t": Row(lambda lib, a, b, c: (lib.t(a), a.T, b.t(), c.t()), [(2, 3), (3,), ()]),
    "mT": Row(lambda lib, a: a.mT, [A]),
    "movedim": Row(lambda lib, a: (lib.movedim(a, 0, -1), a.movedim(-1, 0), a.movedim(1, 1)), [A]),
    "movedim several": Row(lambda lib, a: lib.movedim(a, source=(0, 2), destination=(-1, 0)), [A]),
    "movedim order": Row(lambda lib, a: (a.movedim((0, 1), (1, 0)), a.movedim((), ())), [A]),
    "movedim scalar": Row(lambda lib, a: a.movedim(0, 0), [()]),
    "moveaxis": Row(lambda lib, a: (lib.moveaxis(a, source=0, destination=1), a.moveaxis(-1, 0)), [A]),
    "expand": Row(lambda lib, a: (a.expand(2, 3, 4), a.expand((-1, 4)), a.expand([5, -1, -1])), [(3, 1)]),
    "expand scalar": Row(lambda lib, a: (a.expand(2, 3), a.expand(())), [()]),
    "expand to nothing": Row(lambda lib, a: (a.expand(0), a.expand(0, 1)), [(1,)]),
    "expand_as": Row(lambda lib, a, b: a.expand_as(b) * b, [(3, 1), A]),
    "broadcast_to": Row(lambda lib, a: (lib.broadcast_to(a, (2, 3, 4)), a.broadcast_to(3, 5)), [(3, 1)]),
    "broadcast_tensors": Row(lambda lib, a, b, c: lib.broadcast_tensors(a, b, c), [(3, 1), (4,), ()]),
    "contiguous": Row(lambda lib, a: a.T.contiguous() * 2, [(2, 3)]),
    "is_contiguous": Row(
        lambda lib, a: (a.contiguous().is_contiguous(), a.contiguous().T.is_contiguous()), [(2, 3)]
    ),
    "integers": Row(lambda lib: lib.arange(6).reshape(2, 3).T.flatten()),
    "truth values": Row(lambda lib: (lib.arange(6) > 2).reshape(2, 3).permute(1, 0)),
}

JOINING = {
    "cat": Row(lambda lib, a, b: (lib.cat([a, b, a]), lib.cat((b, a), 0)), [(2, 3), (1, 3)]),
    "cat columns": Row(lambda lib, a, b: lib.cat(tensors=[a, b], dim=-1), [(2, 3), (2, 1)]),
    "cat vectors": Row(lambda lib, a, b: lib.cat([a, b, a]), [(2,), (0,)]),
    "cat nothing": Row(lambda lib, a, b: lib.cat([a, b, b], dim=1), [(2, 0), (2, 3)]),
    "cat legacy": Row(lambda lib, a, b: (lib.cat([a, b], 1), lib.cat([b, a, a], -1)), [(0,), (2, 3)]),
    "cat legacy alone": Row(lambda lib, a, b: lib.cat([a, b]), [(0,), (0,)]),
    "cat dtypes": Row(lambda lib, a: lib.cat([lib.tensor([1, 2]), a, lib.tensor([True])]), [(3,)]),
    "cat dtypes legacy": Row(lambda lib: lib.cat([lib.zeros(0, dtype=lib.float64), lib.ones(2, 3)])),
    "cat one": Row(lambda lib, a: lib.cat([a]), [(2, 3)]),
    "concat": Row(lambda lib, a, b: lib.concat([a, b], dim=1), [(2, 3), (2, 1)]),
    "concatenate": Row(lambda lib, a, b: lib.concatenate([a, b], axis=1), [(2, 3), (2, 1)]),
    "stack": Row(lambda lib, a, b: (lib.stack([a, b]), lib.stack((a, b, a), dim=-1)), [(2, 3), (2, 3)]),
    "stack scalars": Row(lambda lib, a, b: (lib.stack([a, b]), lib.stack([a], -1)), [(), ()]),
    "stack nothing": Row(lambda lib, a: lib.stack([a, a], 1), [(2, 0)]),
    "stack dtypes": Row(lambda lib, a: lib.stack([lib.tensor([1, 2]), a]), [(2,)]),
    "hstack": Row(lambda lib, a, b: lib.hstack([a, b]), [(2, 3), (2, 1)]),
    "hstack vectors": Row(lambda lib, a, b, c: lib.hstack((a, b, c)), [(2,), (3,), ()]),
    "vstack": Row(lambda lib, a, b, c: lib.vstack([a, b, c]), [(2, 3), (3,), (1, 3)]),
    "vstack scalars": Row(lambda lib, a, b: lib.vstack([a, b]), [(), (1,)]),
    "dstack": Row(lambda lib, a, b: lib.dstack([a, b]), [(2, 3), (2, 3)]),
    "dstack vectors": Row(lambda lib, a, b: lib.dstack([a, b]), [(3,), (3,)]),
    "dstack scalars": Row(lambda lib, a, b: lib.dstack([a, b]), [(), ()]),
    "column_stack": Row(lambda lib, a, b: lib.column_stack([a, b, a]), [(3,), (3, 2)]),
    "column_stack scalars": Row(lambda lib, a, b: lib.column_stack([a, b]), [(), (1, 2)]),
}

REPEATS = {
    "repeat": Row(lambda lib, a: (a.repeat(2, 3), a.repeat((1, 2)), a.repeat([2, 1, 3])), [(2, 3)]),
    "repeat scalar": Row(lambda lib, a: (a.repeat(3), a.repeat(2, 3)), [()]),
    "repeat nothing": Row(lambda lib, a, b: (a.repeat(0, 2), b.repeat(2, 3)), [(2, 3), (2, 0)]),
    "tile": Row(lambda lib, a: (lib.tile(a, (2,)), a.tile(2, 1, 1), a.tile(3)), [(2, 3)]),
    "tile keyword": Row(lambda lib, a: (lib.tile(a, dims=(2, 2)), lib.tile(a, ())), [(2, 3)]),
    "repeat_interleave": Row(lambda lib, a: (lib.repeat_interleave(a, 2), a.repeat_interleave(3)), [(2, 3)]),
    "repeat_interleave dim": Row(lambda lib, a: a.repeat_interleave(repeats=2, dim=-1), [(2, 3)]),
    "repeat_interleave each": Row(
        lambda lib, a: lib.repeat_interleave(a, lib.tensor([2, 0, 1]), dim=1, output_size=3), [(2, 3)]
    ),
    "repeat_interleave one": Row(
        lambda lib, a: (a.repeat_interleave(lib.tensor([2]), 0), a.repeat_interleave(0, 0)), [(2, 3)]
    ),
    "repeat_interleave scalar": Row(lambda lib, a: lib.repeat_interleave(a, 3), [()]),
}

CUTS = {
    "split": Row(lambda lib, a: (lib.split(a, 2), lib.split(a, 3, 1), lib.split(a, 9)), [(5, 3)]),
    "split sizes": Row(lambda lib, a: lib.split(a, split_size_or_sections=[1, 0, 2], dim=-1), [(2, 3)]),
    "split method": Row(lambda lib, a: (a.split(2), a.split([1, 4]), a.split(split_size=1, dim=1)), [(5, 2)]),
    "split nothing": Row(lambda lib, a: (lib.split(a, 2), lib.split(a, 0), lib.split(a, [])), [(0,)]),
    "split used in part": Row(lambda lib, a: lib.split(a, 2)[1] * 2, [(5, 3)]),
    "chunk": Row(lambda lib, a: (lib.chunk(a, 2), a.chunk(3, dim=1), a.chunk(chunks=4)), [(5, 3)]),
    "chunk nothing": Row(lambda lib, a: lib.chunk(a, 3), [(0, 2)]),
    "tensor_split": Row(lambda lib, a: (lib.tensor_split(a, 3), a.tensor_split(2, dim=-1)), [(5, 3)]),
    "tensor_split places": Row(lambda lib, a: lib.tensor_split(a, (1, 3)), [(5, 3)]),
    "tensor_split beyond": Row(lambda lib, a: lib.tensor_split(a, (3, 1, 9, -1), -1), [(2, 4)]),
    "tensor_split by tensors": Row(
        lambda lib, a: (lib.tensor_split(a, lib.tensor(2)), lib.tensor_split(a, lib.tensor([1, 2]), dim=1)),
        [(5, 3)],
    ),
    "tensor_split nothing": Row(lambda lib, a: (lib.tensor_split(a, 3), lib.tensor_split(a, ())), [(0,)]),
    "hsplit": Row(lambda lib, a, b: (lib.hsplit(a, 2), a.hsplit((1, 3)), lib.hsplit(b, 3)), [(2, 4), (3,)]),
    "vsplit": Row(lambda lib, a: (lib.vsplit(a, 2), a.vsplit([1])), [(2, 4)]),
    "dsplit": Row(lambda lib, a: (lib.dsplit(a, 2), a.dsplit((1,))), [A]),
    "unbind": Row(lambda lib, a: (lib.unbind(a), a.unbind(dim=-1)), [(2, 3)]),
    "unbind vector": Row(lambda lib, a, b: (lib.unbind(a), lib.unbind(b)), [(3,), (0,)]),
    "iterated": Row(lambda lib, a: list(a), [(3, 2)]),
}

WINDOWS = {
    "narrow": Row(lambda lib, a: (lib.narrow(a, 0, 1, 2), a.narrow(-1, -2, 2)), [(4, 3)]),
    "narrow keywords": Row(lambda lib, a: a.narrow(dim=0, start=lib.tensor(4), length=0), [(4, 3)]),
    "select": Row(lambda lib, a: (lib.select(a, 0, -1), a.select(dim=1, index=2)), [(4, 3)]),
    "select vector": Row(lambda lib, a: lib.select(a, 0, 1), [(4,)]),
    "unfold": Row(lambda lib, a: (a.unfold(0, 3, 1), a.unfold(-1, 2, 2)), [(5, 4)]),
    "unfold keywords": Row(lambda lib, a: a.unfold(dimension=1, size=2, step=3), [(2, 7, 3)]),
    "unfold twice": Row(lambda lib, a: a.unfold(1, 2, 1).unfold(2, 3, 2), [(1, 4, 5)]),
    "unfold edges": Row(lambda lib, a: (a.unfold(0, 5, 3), a.unfold(0, 0, 2), a.unfold(0, 1, 9)), [(5,)]),
    "unfold scalar": Row(lambda lib, a: (a.unfold(0, 1, 1), a.unfold(0, 0, 1)), [()]),
    "flip": Row(lambda lib, a: (lib.flip(a, (0,)), a.flip(-1), a.flip(0, 1), a.flip(())), [(2, 3)]),
    "flip keyword": Row(lambda lib, a: lib.flip(a, dims=[1, 2]), [A]),
    "flip scalar": Row(lambda lib, a: a.flip(()), [()]),
    "fliplr": Row(lambda lib, a: (lib.fliplr(a), a.fliplr()), [(2, 3)]),
    "flipud": Row(lambda lib, a, b: (lib.flipud(a), b.flipud()), [(2, 3), (4,)]),
    "roll": Row(lambda lib, a: (lib.roll(a, 1), a.roll(-4), a.roll(2, 0), a.roll(1, -1)), [(2, 3)]),
    "roll several": Row(lambda lib, a: lib.roll(a, shifts=(1, -2), dims=(0, 1)), [(2, 3)]),
    "roll twice": Row(lambda lib, a: a.roll((1, 1), (1, 1)), [(2, 3)]),
    "roll nothing": Row(lambda lib, a, b: (a.roll(2, 1), b.roll(2)), [(2, 0), ()]),
    "rot90": Row(lambda lib, a: [lib.rot90(a, k) for k in (-1, 0, 1, 2, 5)], [(2, 3)]),
    "rot90 plane": Row(lambda lib, a: (lib.rot90(a, k=1, dims=(-1, 0)), a.rot90(1, [1, 2])), [A]),
}

MASK = np.array([[True, False, True], [False, False, True]])
TWICE = [[0, 1, 1], [1, 0, 1]]


def index(expression, shape=A):
    """A row for a[…]; ``expression`` is given lib and a."""
    return Row(expression, [shape])


INDEX = {
    "integer": index(lambda lib, a: (a[1], a[-1], a[0, 2], a[1, 2, 3])),
    "integer of NumPy": index(lambda lib, a: (a[np.int64(1)], a[0, np.int64(-1)])),
    "integer tensor": index(lambda lib, a: (a[lib.tensor(1)], a[lib.tensor(0), :, lib.tensor(-1)])),
    "slice": index(lambda lib, a: (a[:], a[1:], a[:, ::2], a[..., 1:-1], a[0:1, 5:], a[:, 2:1])),
    "slice by tensors": index(lambda lib, a: a[:, lib.tensor(1) : lib.tensor(3)]),
    "none": index(lambda lib, a: (a[None], a[:, None, 0], a[..., None], a[None, 1, ..., None])),
    "ellipsis": index(lambda lib, a: (a[...], a[..., 0], a[0, ...], a[0, ..., 1], a[()])),
    "scalar": index(lambda lib, a: (a[()], a[...], a[None], a[True], a[False]), ()),
    "list": index(lambda lib, a: (a[[1, 0, 1]], a[:, [2, 0]], a[..., [0, 0]], a[[-1]], a[[]])),
    "tuple inside": index(lambda lib, a: (a[(0, 1),], a[:, range(2)])),
    "list of NumPy": index(lambda lib, a: (a[[np.int64(1), 0]], a[[np.True_, False]])),
    "array": index(lambda lib, a: (a[np.array([1, 1])], a[:, np.array([[0, 2], [1, 1]])])),
    "tensor": index(lambda lib, a: (a[lib.tensor(TWICE)], a[:, lib.tensor([0, 2, 0])])),
    "tensor of int32": index(lambda lib, a: a[lib.tensor([1, 1], dtype=lib.int32)]),
    "rows": index(lambda lib, a: a[lib.tensor([4, 1, 1, 0, 4, -1])], (5, 3)),
    "arrays": index(lambda lib, a: (a[[0, 1], [2, 2]], a[[[0], [1]], [0, 2]], a[:, [0, 0], [1, 3]])),
    "arrays apart": index(lambda lib, a: (a[[0, 1], :, [1, 1]], a[[1], :, [[0], [1]]])),
    "arrays with none": index(
        lambda lib, a: (a[[0, 1], None, [2, 2]], a[None, [0, 1], :, None], a[:, [0], None, [1]])
    ),
    "arrays with integers": index(
        lambda lib, a: (a[0, :, [1, 2]], a[[0, 1], :, 0], a[0, [1, 2]], a[[1, 1], 0], a[0, 0, [1, 1]])
    ),
    "arrays with slices": index(lambda lib, a: (a[1:, [0, 0, 2]], a[:, 1:, [0, 3]], a[[0, 0], ::2, 1:])),
    "mask": index(lambda lib, a: (a[lib.tensor(MASK)], a[a > 0], a[a > 9])),
    "mask of one dimension": index(
        lambda lib, a: (a[[True, False]], a[:, lib.tensor([True, False, True])], a[..., [False] * 4])
    ),
    "mask with others": index(
        lambda lib, a: (a[lib.tensor(MASK), [0, 1, 1]], a[lib.tensor(MASK), 0], a[lib.tensor(MASK), 1:])
    ),
    "truth value": index(
        lambda lib, a: (a[True], a[False], a[lib.tensor(True), 0], a[:, True], a[0, True, [1, 1]])
    ),
    "nothing": index(lambda lib, a: (a[:, []], a[[]], a[0:0], a[[], []]), (0, 3)),
    "nothing inside": index(lambda lib, a: (a[[0, 1, 1]], a[:, :, [2]]), (2, 0, 3)),
    "again and again": index(lambda lib, a: a[1:][:, [0, 0]][..., 1:][lib.tensor(0)]),
    "vector": index(lambda lib, a: (a[2], a[[0, 0, 3]], a[-2:], a[a > 0]), (5,)),
    "integers": Row(lambda lib: lib.arange(12).reshape(3, 4)[[0, 2], 1:]),
}

ROWS = {
    **SHAPE,
    **JOINING,
    **REPEATS,
    **CUTS,
    **WINDOWS,
    **{f"index {label}": row for label, row in INDEX.items()},
}

X = scratch.ones(2, 3, 4)
FORMAT = "channels_last"

NOT_BUILT = {
    "view dtype": (lambda: X.view(scratch.int32), "dtype"),
    "view dtype keyword": (lambda: X.view(dtype=scratch.int32), "dtype"),
    "contiguous": (lambda: X.contiguous(memory_format=FORMAT), "memory_format"),
    "is_contiguous": (lambda: X.is_contiguous(memory_format=FORMAT), "memory_format"),
    "out": (lambda: scratch.cat([X, X], out=X), "out"),
    "index list of lists": (lambda: X[[[0, 1], [1, 0]]], "list of list"),
    "index list of tensors": (lambda: X[[scratch.tensor(0), None]], "list of NoneType, Tensor"),
}

BAD = {
    "reshape": (lambda: X.reshape(5, -1), ValueError, r"24 elements, got \(5, -1\)"),
    "reshape two": (lambda: X.reshape(-1, -1), ValueError, "24 elements"),
    "reshape negative": (lambda: X.reshape(-2, -12), ValueError, "24 elements"),
    "reshape nothing": (lambda: scratch.zeros(0).reshape(-1, 0), ValueError, "0 elements"),
    "reshape missing": (lambda: X.reshape(), TypeError, "shape"),
    "reshape mixed": (lambda: X.reshape((2, 3), 4), TypeError, "tuple"),
    "reshape array": (lambda: scratch.reshape(np.ones(3), (3,)), TypeError, "a Tensor, got ndarray"),
    "view": (lambda: X.transpose(0, 1).view(24), RuntimeError, r"copy of \(3, 2, 4\); use reshape\(\)"),
    "flatten": (lambda: X.flatten(1, 0), ValueError, "start_dim <= end_dim, got 1 and 0"),
    "unflatten": (lambda: X.unflatten(2, (3, 2)), ValueError, r"4 elements, got \(3, 2\)"),
    "unflatten no sizes": (lambda: X.unflatten(2, ()), ValueError, "sizes"),
    "unflatten scalar": (lambda: X[0, 0, 0].unflatten(0, (1, 1)), ValueError, "expected a dimension"),
    "squeeze": (lambda: X.squeeze(3), IndexError, "from -3 to 2, got 3"),
    "squeeze twice": (lambda: X.squeeze((0, -3)), ValueError, "each dimension once"),
    "unsqueeze": (lambda: X.unsqueeze(4), IndexError, "from -4 to 3, got 4"),
    "atleast_1d": (lambda: scratch.atleast_1d([1.0]), TypeError, "expected Tensors, got float"),
    "permute": (lambda: X.permute(0, 1), ValueError, "permute: expected 3 dimensions"),
    "permute twice": (lambda: X.permute(0, 1, 1), ValueError, "each dimension once"),
    "permute nothing": (lambda: X.permute(()), ValueError, "permute: expected 3 dimensions"),
    "transpose": (lambda: X.transpose(0, 3), IndexError, "from -3 to 2, got 3"),
    "transpose float": (lambda: X.transpose(0, 1.0), TypeError, "expected an integer, got 1.0"),
    "t": (lambda: X.t(), ValueError, r"at most 2 dimensions, got shape \(2, 3, 4\)"),
    "movedim": (lambda: X.movedim((0, 1), (0,)), ValueError, "as many sources as destinations"),
    "movedim twice": (lambda: X.movedim((0, 0), (0, 1)), ValueError, "each dimension once"),
    "expand": (lambda: X.expand(3, 3, 4), ValueError, r"\(2, 3, 4\) broadcasts to, got \(3, 3, 4\)"),
    "expand new": (lambda: X.expand(-1, 2, 3, 4), ValueError, r"got \(-1, 2, 3, 4\)"),
    "expand fewer": (lambda: X.expand(3, 4), ValueError, r"got \(3, 4\)"),
    "broadcast_tensors": (lambda: scratch.broadcast_tensors(X, X[0, 0, :3]), ValueError, "broadcast"),
    "cat": (lambda: scratch.cat([X, X[0]]), ValueError, "dimension 0 only"),
    "cat other": (lambda: scratch.cat([X, X.mT], 1), ValueError, r"dimension 1 only, got \[\(2, 3, 4\)"),
    "cat scalars": (lambda: scratch.cat([X[0, 0, 0]]), ValueError, "dimension 0 only"),
    "cat tensor": (lambda: scratch.cat(X), TypeError, "list of Tensors, got Tensor"),
    "cat arrays": (lambda: scratch.cat([X, np.ones(3)]), TypeError, "got .*ndarray"),
    "cat none": (lambda: scratch.cat([]), ValueError, "at least one tensor"),
    "cat empty matrix": (lambda: scratch.cat([X, scratch.zeros(1, 0)]), ValueError, "cat"),
    "stack": (lambda: scratch.stack([X, X[0]]), ValueError, "one shape"),
    "stack none": (lambda: scratch.stack([]), ValueError, "at least one"),
    "hstack": (lambda: scratch.hstack([X[0, 0], X[0]]), ValueError, "cat"),
    "hstack tensor": (lambda: scratch.hstack(X), TypeError, "hstack: expected a list of Tensors"),
    "repeat": (lambda: X.repeat(2), ValueError, r"each dimension of \(2, 3, 4\), got \(2,\)"),
    "repeat negative": (lambda: X.repeat(2, 1, -1), ValueError, "at least 0"),
    "repeat_interleave": (lambda: X.repeat_interleave(-1, 0), ValueError, "at least 0, got -1"),
    "repeat_interleave number": (
        lambda: X.repeat_interleave(scratch.tensor([1, 2, 3]), 0),
        ValueError,
        "one number of repeats or 2",
    ),
    "repeat_interleave float": (lambda: X.repeat_interleave(1.5, 0), ValueError, "got 1.5"),
    "repeat_interleave size": (lambda: X.repeat_interleave(2, 0, output_size=5), ValueError, "4, got 5"),
    "split": (lambda: scratch.split(X, 0), ValueError, "at least 1, got 0"),
    "split negative": (lambda: scratch.split(X, -1), ValueError, "at least 1, got -1"),
    "split sum": (lambda: scratch.split(X, [1, 2]), ValueError, r"add up to 2, got \[1, 2\]"),
    "split sign": (lambda: scratch.split(X, [-1, 3]), ValueError, r"add up to 2, got \[-1, 3\]"),
    "split scalar": (lambda: scratch.split(X[0, 0, 0], 1), ValueError, "at least one dimension"),
    "split array": (lambda: scratch.split(np.ones(3), 1), ValueError, "expected a Tensor"),
    "chunk": (lambda: X.chunk(0), ValueError, "at least one chunk, got 0"),
    "tensor_split": (lambda: X.tensor_split(0), ValueError, "at least one part, got 0"),
    "hsplit": (lambda: X.hsplit(2), ValueError, "divisor of 3, got 2"),
    "vsplit": (lambda: X[0, 0].vsplit(2), ValueError, r"at least 2 dimensions, got \(4,\)"),
    "unbind": (lambda: X[0, 0, 0].unbind(), ValueError, "at least one dimension"),
    "narrow": (lambda: X.narrow(0, 1, 2), ValueError, "start 1 and length 2"),
    "narrow length": (lambda: X.narrow(0, 1, -1), ValueError, "length -1"),
    "narrow scalar": (lambda: X[0, 0, 0].narrow(0, 0, 0), ValueError, "narrow"),
    "select": (lambda: X.select(1, 3), IndexError, "index 3 is out of bounds"),
    "select scalar": (lambda: X[0, 0, 0].select(0, 0), IndexError, "too many indices"),
    "unfold": (lambda: X.unfold(0, 3, 1), ValueError, "size up to 2 and a step of at least 1, got 3"),
    "unfold step": (lambda: X.unfold(0, 1, 0), ValueError, "got 1 and 0"),
    "flip": (lambda: X.flip(0, 0), ValueError, "each dimension once"),
    "fliplr": (lambda: X[0, 0].fliplr(), IndexError, "from -1 to 0, got 1"),
    "flipud": (lambda: X[0, 0, 0].flipud(), IndexError, "at least 1 dimension"),
    "roll": (lambda: X.roll((1, 2), 0), ValueError, "one shift for each of 0"),
    "roll all": (lambda: X.roll((1, 2)), ValueError, "one shift for each"),
    "rot90": (lambda: X.rot90(1, (0,)), ValueError, r"two dimensions, got \(0,\)"),
    "rot90 twice": (lambda: X.rot90(1, (0, 0)), ValueError, "each dimension once"),
    "index beyond": (lambda: X[2], IndexError, "index 2 is out of bounds .* size 2"),
    "index below": (lambda: X[-3], IndexError, "index -3 is out of bounds"),
    "index list beyond": (lambda: X[[0, 2]], IndexError, "index 2 is out of bounds"),
    "index lists below": (lambda: X[[0, 1], [0, -4]], IndexError, "index -4 is out of bounds"),
    "index lists beyond": (lambda: X[[0, 1], [0, 3]], IndexError, "index 3 is out of bounds"),
    "index of nothing": (lambda: scratch.zeros(0)[[0]], IndexError, "empty"),
    "index too many": (lambda: X[0, 0, 0, 0], IndexError, "at most 3 indices, got 4"),
    "index scalar": (lambda: X[0, 0, 0][:], IndexError, "at most 0 indices, got 1"),
    "index ellipses": (lambda: X[..., 0, ...], IndexError, "single ellipsis"),
    "index float": (lambda: X[1.0], IndexError, "got float64"),
    "index floats": (lambda: X[scratch.ones(2)], IndexError, "got float32"),
    "index bytes": (lambda: X[scratch.tensor([0, 1], dtype=scratch.uint8)], IndexError, "got uint8"),
    "index text": (lambda: X["a"], IndexError, "expected an index"),
    "index slice float": (lambda: X[0.5:1], TypeError, "slice indices"),
    "index step": (lambda: X[::-1], ValueError, r"step of at least 1, got -1; use flip\(\)"),
    "index step 0": (lambda: X[::0], ValueError, "got 0"),
    "index mask": (lambda: X[:, scratch.tensor(MASK)], IndexError, r"shape \(3, 4\), got \(2, 3\)"),
    "index mask long": (lambda: X[[True] * 3], IndexError, r"shape \(2,\), got \(3,\)"),
    "index arrays": (lambda: X[[0, 1], [0, 1, 2]], IndexError, "broadcast"),
}
