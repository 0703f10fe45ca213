"""The exercises of chapter 4."""

import numpy as np

from nbcourse.checks.properties import equal, holds, matches, same_dtype, same_shape
from nbcourse.checks.registry import exercise


@exercise("training/grouped-split", signature="grouped_split(groups, share, rng)")
def grouped_split(answer, rng):
    """A validation part that shares no patient with the training part."""
    groups = rng.permutation(np.repeat(rng.permutation(100)[:20], rng.integers(1, 8, 20)))
    mask = np.asarray(answer(groups, 0.25, np.random.default_rng(0)))
    yield same_shape(mask, groups, "returns one answer for each row")
    yield same_dtype(mask, bool, "returns a boolean mask")
    sides = [set(mask[groups == patient].tolist()) for patient in np.unique(groups)]
    both = sum(len(side) == 2 for side in sides)
    yield holds(both == 0, "keeps all rows of a patient on one side", f"{both} patients are on both sides")
    held_out = len(np.unique(groups[mask.astype(bool)]))
    yield equal(held_out, 5, "holds out a quarter of 20 patients, whatever the number of their rows")
    masks = [np.asarray(answer(groups, 0.25, np.random.default_rng(s))) for s in range(1, 6)]
    differ = any(not np.array_equal(mask, other) for other in masks)
    yield holds(differ, "draws the patients at random, by rng", "five generators gave the same split")
    again = np.asarray(answer(groups, 0.25, np.random.default_rng(0)))
    yield holds(np.array_equal(mask, again), "gives the same split for the same generator")


@exercise("training/early-stopping", signature="early_stopping(losses, patience)")
def early_stopping(answer, rng):
    """After which epoch training ends, and which was the best."""

    def reference(losses, patience):
        lowest, best = np.inf, 0
        for epoch, loss in enumerate(losses):
            if loss < lowest:
                lowest, best = loss, epoch
            elif epoch - best >= patience:
                return epoch, best
        return len(losses) - 1, best

    cases = [
        ([3, 2, 1], 2, "runs to the end when every epoch improves"),
        ([3, 1, 2, 2, 2, 0], 3, "ends after `patience` epochs without improvement"),
        ([3, 1, 2, 0.5, 2, 2], 2, "counts anew after an improvement"),
        ([1, 1, 1, 1], 2, "does not take an equal loss for an improvement"),
        ([2, np.nan, np.nan, 1], 2, "takes NaN for no improvement"),
        ([2, np.nan, 1, 3, 3], 2, "compares no later loss with NaN"),
        ([5, 4, 4.5, 4.2, 4.1, 3], 3, "compares with the best epoch, not with the last"),
        (np.round(rng.normal(size=40).cumsum(), 2), 5, "is right for a random curve"),
    ]
    for losses, patience, what in cases:
        yield matches(answer, reference, (losses, patience), what)


@exercise("training/dropout", signature="dropout_layer(a, p, rng)")
def dropout_layer(answer, rng):
    """Inverted dropout, forward and backward."""
    a = rng.uniform(1, 2, size=(200, 50))
    out, backward = answer(a, 0.3, rng)
    out = np.asarray(out)
    yield same_shape(out, a, "keeps the shape")
    silent = np.mean(out == 0)
    detail = f"with p = 0.3, {silent:.3f} are silent"
    yield holds(abs(silent - 0.3) < 0.02, "silences a share p of the neurons", detail)
    kept = out != 0
    yield equal(out[kept] / a[kept], np.full(kept.sum(), 1 / 0.7), "divides the others by 1 - p", 1e-12)
    upstream = rng.normal(size=a.shape)
    gradient = np.asarray(backward(upstream))
    yield equal(gradient, upstream * out / a, "backward uses the mask of the forward pass", 1e-12)
    yield equal(answer(a, 0.0, rng)[0], a, "changes nothing for p = 0", 1e-12)
    other = np.asarray(answer(a, 0.3, rng)[0])
    yield holds(not np.array_equal(out == 0, other == 0), "draws a new mask each time")
    columns = (out == 0).mean(axis=0)
    yield holds(columns.max() < 1, "draws a mask for each example", "whole columns are silent")


@exercise("training/batch-norm", signature="RememberingNorm(m)")
def batch_norm(answer, rng):
    """Batch norm with running mean and variance."""
    layer, Z = answer(3), rng.normal(2, 3, size=(8, 3))

    def normal(z, mean, var):
        return (z - mean) / np.sqrt(var + 1e-5)

    fresh = normal(Z, 0, 1)
    yield equal(layer.forward(Z, False), fresh, "starts with running mean 0 and variance 1", 1e-12)
    first = normal(Z, Z.mean(axis=0), Z.var(axis=0))
    yield equal(layer.forward(Z, True), first, "in training, uses the batch's mean and variance (1/n)", 1e-12)
    mean, var = 0.1 * Z.mean(axis=0), 0.9 + 0.1 * Z.var(axis=0, ddof=1)
    after = layer.forward(Z, False)
    by_biased = normal(Z, mean, 0.9 + 0.1 * Z.var(axis=0))
    found = equal(after, normal(Z, mean, var), "in evaluation, uses the running ones", 1e-12)
    if not found.holds and np.allclose(after, by_biased, rtol=0, atol=1e-12):
        found = found._replace(detail="the running variance takes the batch's with n - 1, as PyTorch's does")
    yield found
    yield equal(layer.forward(Z, False), after, "in evaluation, changes nothing", 0)
    one = layer.forward(Z[:1], False)
    yield equal(one, np.asarray(after)[:1], "in evaluation, answers for one example as in a batch", 1e-12)
    other = rng.normal(size=(5, 3))
    layer.forward(other, True)
    mean, var = 0.9 * mean + 0.1 * other.mean(axis=0), 0.9 * var + 0.1 * other.var(axis=0, ddof=1)
    yield equal(layer.forward(Z, False), normal(Z, mean, var), "remembers over several batches", 1e-12)


@exercise("training/schedule", signature="warmup_cosine(t, total, warmup, lr)")
def warmup_cosine(answer, rng):
    """A linear warm-up, then half a cosine."""

    def reference(t, total, warmup, lr):
        rising = lr * (t + 1) / max(warmup, 1)
        falling = lr * (1 + np.cos(np.pi * (t - warmup) / (total - warmup))) / 2
        return np.where(t < warmup, rising, falling)

    t = np.arange(50)
    rates = np.asarray(answer(t, 50, 10, 0.3))
    yield same_shape(rates, t, "returns a rate for each step")
    yield equal(rates[0], 0.03, "begins at lr / warmup", 1e-12)
    yield equal(rates[9], 0.3, "reaches lr at the last step of the warm-up", 1e-12)
    yield equal(rates[10], 0.3, "starts the cosine from lr", 1e-12)
    yield equal(rates[30], 0.15, "is at half of lr half way down", 1e-12)
    yield holds(0 < rates[49] < 0.003, "ends close to 0, and above", f"the last rate is {rates[49]:.4g}")
    yield matches(answer, reference, (t, 50, 0, 0.3), "needs no warm-up")
    total, warmup = int(rng.integers(200, 300)), int(rng.integers(5, 50))
    steps = np.arange(total)
    yield matches(answer, reference, (steps, total, warmup, 1.0), f"is right for {total} steps, {warmup} up")


@exercise("training/clip", signature="clip_all(gradients, longest)")
def clip_all(answer, rng):
    """Clip a list of gradients by the norm of all of them together."""
    gradients = [rng.normal(size=(3, 4)), rng.normal(size=5), rng.normal(size=(2, 1, 2))]

    def norm(arrays):
        return np.sqrt(sum(np.sum(np.square(a)) for a in arrays))

    clipped = [np.asarray(g) for g in answer([g.copy() for g in gradients], 1.0)]
    shapes = [g.shape for g in clipped]
    yield holds(shapes == [g.shape for g in gradients], "keeps the shapes", f"got {shapes}")
    yield equal(norm(clipped), 1.0, "all together have the longest norm allowed", 1e-5)
    factors = np.concatenate([(c / g).ravel() for c, g in zip(clipped, gradients, strict=True)])
    one = np.ptp(factors) < 1e-9
    yield holds(one, "multiplies all by one factor", f"from {factors.min():.4g} to {factors.max():.4g}")
    for got, g in zip(answer([g.copy() for g in gradients], 1e3), gradients, strict=True):
        yield equal(got, g, "leaves short gradients as they are", 1e-12)
    zero = answer([np.zeros(3), np.zeros((2, 2))], 1.0)
    yield equal(zero[0], np.zeros(3), "keeps zero gradients zero")


@exercise("training/best-of", signature="best_of(k, n, q, rng)")
def best_of(answer, rng):
    """The best of several equally good scores."""
    one = np.mean([answer(1, 100, 0.9, rng) for _ in range(2000)])
    yield equal(one, 0.9, "of one setting, is q on average", 0.005)
    best = np.mean([answer(100, 100, 0.9, rng) for _ in range(1000)])
    reference = np.mean(rng.binomial(100, 0.9, size=(1000, 100)).max(axis=1)) / 100
    yield equal(best, reference, "of a hundred, is about 0.97 on average", 0.004)
    large = np.mean([answer(10, 10_000, 0.5, rng) for _ in range(200)])
    reference = np.mean(rng.binomial(10_000, 0.5, size=(200, 10)).max(axis=1)) / 10_000
    yield equal(large, reference, "comes closer to q with more examples", 0.002)
    yield equal(answer(5, 20, 1.0, rng), 1.0, "is 1 if every answer is right", 1e-12)


@exercise("training/scaler", signature="min_max(train, *others)")
def min_max(answer, rng):
    """Scaling to [0, 1] that sees the training part only."""
    train, other = rng.normal(3, 5, size=(30, 4)), rng.normal(3, 9, size=(10, 4))
    train[:, 2], other[:, 2] = 7.0, [7.0, 9.0] * 5
    lowest = train.min(axis=0)
    width = np.where(np.ptp(train, axis=0) == 0, 1, np.ptp(train, axis=0))
    with np.errstate(all="ignore"):  # a division by zero is reported as a property
        parts = answer(train, other, other[:3])
    right = isinstance(parts, tuple | list) and len(parts) == 3
    yield holds(right, "returns as many parts as it was given", f"got {type(parts).__name__}")
    if not right:
        return
    varying = [0, 1, 3]
    mine, theirs = np.asarray(parts[0]), np.asarray(parts[1])
    yield equal(mine.min(axis=0)[varying], np.zeros(3), "the training part begins at 0", 1e-12)
    yield equal(mine.max(axis=0)[varying], np.ones(3), "the training part ends at 1", 1e-12)
    expected = ((other - lowest) / width)[:, varying]
    yield equal(theirs[:, varying], expected, "the others are mapped by the training part's limits", 1e-12)
    yield equal(mine[:, 2], np.zeros(30), "a constant column becomes 0", 1e-12)
    yield equal(theirs[:, 2], other[:, 2] - 7, "… and is shifted in the others", 1e-12)
    alone = answer(train[:, varying])
    yield holds(isinstance(alone, tuple | list) and len(alone) == 1, "takes a training part alone")


@exercise("training/mend", signature="train_mended(library, model, X, y, epochs, lr, batch=32, seed=0)")
def train_mended(answer, rng):
    """A training loop with five mistakes, put right."""
    from nbcourse import scratch

    X, y = rng.normal(size=(37, 4)), rng.integers(0, 3, 37)
    losses, _ = _train(answer, scratch, X, y, epochs=3, batch=64)
    expected = _by_hand(scratch, X, y, epochs=3)
    yield equal(losses, expected, "with one batch of all examples, is plain gradient descent", 1e-9)
    stale, _ = _train(answer, scratch, X, y, epochs=3, batch=64, stale=True)
    yield equal(stale, losses, "forgets gradients from before", 1e-9)
    seen = _Watched(scratch)
    _train(answer, scratch, X, y, epochs=2, batch=8, layer=seen)
    rows = sum(len(batch) for batch in seen.batches)
    yield equal(rows, 74, "uses every example in every epoch, the last ones too")
    orders = [np.concatenate(seen.batches)[:37], np.concatenate(seen.batches)[37:]]
    yield holds(not np.array_equal(*orders), "takes another order in each epoch")
    y = X[:, :3].argmax(axis=1)
    losses, model = _train(answer, scratch, X, y, epochs=150, batch=8, lr=0.3)
    low = f"after 150 epochs on easy data the loss is {losses[-1]:.3g}"
    yield holds(losses[-1] < 0.2, "keeps each input with its label, and gives the loss logits", low)
    yield holds(not model.training, "leaves the model ready to predict", "it is still in training mode")


def _train(answer, scratch, X, y, epochs, batch, lr=0.1, stale=False, layer=None):
    """Run an answer on a fresh linear classifier, (n, 4) -> (n, 3); return its losses and the model."""
    scratch.manual_seed(0)
    linear = scratch.nn.Linear(4, 3, dtype=scratch.float64)
    model = scratch.nn.Sequential(*([layer] if layer else []), linear)
    if stale:
        (model(scratch.tensor(X)) ** 2).sum().backward()
    losses = answer(scratch, model, X.copy(), y.copy(), epochs, lr, batch=batch, seed=1)
    return np.asarray(losses, dtype=float), model


def _by_hand(scratch, X, y, epochs, lr=0.1):
    """Full-batch gradient descent for the same classifier, in NumPy: the losses."""
    scratch.manual_seed(0)
    linear = scratch.nn.Linear(4, 3, dtype=scratch.float64)
    W, b = linear.weight.detach().numpy().copy(), linear.bias.detach().numpy().copy()
    losses = []
    for _ in range(epochs):
        logits = X @ W.T + b  # (n, 3)
        p = np.exp(logits - logits.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        losses.append(-np.log(p[np.arange(len(y)), y]).mean())
        error = (p - np.eye(3)[y]) / len(y)
        W, b = W - lr * error.T @ X, b - lr * error.sum(axis=0)
    return np.array(losses)


def _Watched(scratch):
    """A layer that passes its input on, and keeps the first column of every batch."""

    class Watched(scratch.nn.Module):
        def __init__(self):
            super().__init__()
            self.batches = []

        def forward(self, x):
            self.batches.append(np.array(x.detach().numpy()[:, 0]))
            return x

    return Watched()
