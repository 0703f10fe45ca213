"""Drawing tokens from a model's scores, one by one."""

from contextlib import contextmanager

import torch

from nbcourse.models.arguments import at_least


def draw(scores, temperature=1.0, top_k=None, generator=None):
    """Draw one token for each row of scores: (n, vocabulary) → (n, 1).

    Parameters
    ----------
    temperature : float
        The scores are divided by it: above 1 bolder, below 1 more careful; 0 takes the likeliest token.
    top_k : int, optional
        Draw from the `top_k` likeliest tokens only.
    generator : torch.Generator, optional
        Where randomness comes from.
    """
    checked(temperature, top_k)
    if temperature == 0:
        return scores.argmax(-1, keepdim=True)
    kept = None
    if top_k is not None:
        scores, kept = scores.topk(min(top_k, scores.shape[-1]))  # (n, k) both
    scores = scores - scores.amax(-1, keepdim=True)  # so that a small temperature cannot overflow
    drawn = torch.multinomial(torch.softmax(scores / temperature, -1), 1, generator=generator)
    return drawn if kept is None else kept.gather(1, drawn)


def checked(temperature, top_k, tokens=None, length=0):
    """Raise ValueError for an argument of `draw`, or of what calls it, that is out of range."""
    if not temperature >= 0:
        raise ValueError(f"expected a temperature of at least 0, got {temperature}")
    if top_k is not None:
        at_least(1, top_k=top_k)
    at_least(0, length=length)
    if tokens is not None and (tokens.ndim != 2 or not tokens.shape[1]):
        raise ValueError(f"expected tokens (n, T) with T ≥ 1 to go on from, got {tuple(tokens.shape)}")


@contextmanager
def evaluating(model):
    """Within this, a model drops nothing and records no gradients; afterwards it is in its mode again."""
    training = model.training
    model.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        model.train(training)
