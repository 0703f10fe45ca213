"""The exercises of chapter 6's first half."""

import numpy as np

from nbcourse.checks.properties import equal, holds, matches, same_shape
from nbcourse.checks.registry import exercise


@exercise("rnns/parity", signature="parity_weights()")
def parity(answer, rng):
    """A recurrent network of two steps that counts ones modulo 2."""
    W_x, W_h, b, w, c = (np.asarray(part, dtype=float) for part in answer())
    shapes = [(W_x, (2, 1), "W_x"), (W_h, (2, 2), "W_h"), (b, (2,), "b"), (w, (2,), "w"), (c, (), "c")]
    right = True
    for got, shape, name in shapes:
        found = same_shape(got, shape, f"{name} has the shape {shape}")
        right = right and found.holds
        yield found
    if not right:
        return

    def outputs(bits):
        h, found = np.zeros(2), []
        for bit in bits:
            h = (W_x @ [float(bit)] + W_h @ h + b > 0).astype(float)
            found.append(w @ h + c)
        return found

    yield equal(outputs([0, 0, 0]), [0, 0, 0], "is 0 as long as no one has come", 1e-9)
    yield equal(outputs([1, 0, 0]), [1, 1, 1], "keeps a 1 while zeros come", 1e-9)
    yield equal(outputs([1, 1, 1]), [1, 0, 1], "changes with every one", 1e-9)
    bits = rng.integers(0, 2, 1000)
    yield equal(outputs(bits), bits.cumsum() % 2, "is right at each of 1,000 random bits", 1e-9)


@exercise("rnns/transient", signature="transient()")
def transient(answer, rng):
    """A matrix with a small spectral radius whose powers grow first."""
    W = np.asarray(answer(), dtype=float)
    right = same_shape(W, (2, 2), "has the shape (2, 2)")
    yield right
    if not right.holds:
        return
    radius = np.abs(np.linalg.eigvals(W)).max()
    yield equal(radius, 0.9, "has the spectral radius 0.9", 1e-6)
    powers = [W]
    for _ in range(999):
        powers.append(powers[-1] @ W)
    norms = [np.linalg.norm(power, ord=2) for power in powers]
    largest = f"the largest norm of a power is {max(norms):.4g}"
    yield holds(max(norms) >= 100, "some power has a norm of 100 or more", largest)
    end = f"the norm of the 1000th power is {norms[-1]:.3g}"
    yield holds(norms[-1] < 1e-6, "in the end the powers vanish", end)


@exercise("rnns/gru-step", signature="gru_step(x, h, W_x, W_h, b_x, b_h)")
def gru_step(answer, rng):
    """One step of a GRU, as PyTorch computes it."""
    n, d, m = 3, 5, 4
    x, h = rng.normal(size=(n, d)), rng.normal(size=(n, m))
    W_x, W_h = rng.normal(size=(3 * m, d)), rng.normal(size=(3 * m, m))
    b_x, b_h = rng.normal(size=(2, 3 * m))
    got = np.asarray(answer(x, h, W_x, W_h, b_x, b_h))
    yield same_shape(got, h, "returns a state of the shape of h")
    keep, nothing = b_x.copy(), np.zeros_like(W_x)
    keep[m : 2 * m] = 100.0
    kept = answer(x, h, nothing, 0 * W_h, keep, 0 * b_h)
    yield equal(kept, h, "keeps the old state where the update gate z is 1", 1e-9)
    renew = b_x.copy()
    renew[m : 2 * m] = -100.0
    new = np.tile(np.tanh(renew[2 * m :]), (n, 1))
    yield equal(answer(x, h, nothing, 0 * W_h, renew, 0 * b_h), new, "takes the proposal where z is 0", 1e-9)
    shut = renew.copy()
    shut[:m] = -100.0
    alone = np.tanh(x @ W_x[2 * m :].T + shut[2 * m :])
    only_new = W_x.copy()
    only_new[: 2 * m] = 0
    no_gates = W_h.copy()
    no_gates[: 2 * m] = 0
    got = answer(x, h, only_new, no_gates, shut, 0 * b_h)
    yield equal(got, alone, "proposes from the input alone where the reset gate r is 0", 1e-9)
    yield matches(answer, _gru_step, (x, h, W_x, W_h, b_x, b_h), "is right for random weights")


def _gru_step(x, h, W_x, W_h, b_x, b_h):
    r_x, z_x, n_x = np.split(x @ W_x.T + b_x, 3, axis=1)
    r_h, z_h, n_h = np.split(h @ W_h.T + b_h, 3, axis=1)
    r, z = 1 / (1 + np.exp(-r_x - r_h)), 1 / (1 + np.exp(-z_x - z_h))
    return (1 - z) * np.tanh(n_x + r * n_h) + z * h


@exercise("rnns/forget-bias", signature="forget_bias(k, share)")
def forget_bias(answer, rng):
    """The bias with which a share of a gradient is left after k steps."""

    def left(k, share):
        with np.errstate(all="ignore"):
            return (1 / (1 + np.exp(-float(answer(k, share))))) ** k

    yield equal(answer(1, 0.5), 0.0, "is 0 for one half after one step", 1e-12)
    yield equal(left(100, 0.5), 0.5, "leaves one half after 100 steps", 1e-9)
    k, share = int(rng.integers(2, 50)), float(rng.uniform(0.05, 0.95))
    yield equal(left(k, share), share, f"leaves {share:.2f} after {k} steps", 1e-9)
    with np.errstate(all="ignore"):
        far = float(answer(10**15, 0.5))
    yield equal(far, np.log(1e15) - np.log(np.log(2)), "keeps its digits for 10¹⁵ steps", 1e-6)


@exercise("rnns/truncated", signature="truncated_gradient(G, h, W_h, kept)")
def truncated(answer, rng):
    """The gradient by W_h through the last steps only."""
    steps, n, m = 7, 3, 4
    h, G = np.tanh(rng.normal(size=(steps + 1, n, m))), rng.normal(size=(n, m))
    W_h = rng.normal(size=(m, m))
    yield same_shape(answer(G, h, W_h, 3), W_h, "returns a gradient of the shape of W_h")
    one = (G * (1 - h[-1] ** 2)).T @ h[-2]
    yield equal(answer(G, h, W_h, 1), one, "through one step, is δ_T h_{T-1}ᵀ", 1e-12)
    yield matches(answer, _truncated, (G, h, W_h, steps), "through all steps, is the full gradient")
    yield matches(answer, _truncated, (G, h, W_h, 4), "through 4 of 7 steps, takes the last 4")


def _truncated(G, h, W_h, kept):
    by_W_h, carried = np.zeros_like(W_h), G
    for t in range(len(h) - 1, len(h) - 1 - kept, -1):
        delta = carried * (1 - h[t] ** 2)
        by_W_h += delta.T @ h[t - 1]
        carried = delta @ W_h
    return by_W_h


@exercise("rnns/reverse-padded", signature="reverse_padded(x, lengths)")
def reverse_padded(answer, rng):
    """Each sequence reversed within its own length, the padding left where it is."""
    n, steps, d = 5, 6, 2
    x, lengths = rng.normal(size=(n, steps, d)), np.array([6, 3, 1, 4, 0])
    got = np.asarray(answer(x, lengths))
    yield same_shape(got, x, "keeps the shape")
    yield equal(got[0], x[0, ::-1], "reverses a sequence of full length")
    yield equal(got[1, :3], x[1, 2::-1], "reverses a shorter one within its length")
    yield equal(got[1, 3:], x[1, 3:], "leaves the padding at the end")
    yield equal(got[2], x[2], "changes nothing about a single step")
    yield equal(got[4], x[4], "takes a sequence of no steps")
    yield equal(answer(got, lengths), x, "is its own inverse")
    yield equal(answer(x[3:4], lengths[3:4])[0, :4], x[3, 3::-1], "takes a batch of one")
