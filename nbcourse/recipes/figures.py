"""The two small models inside interactive figures, trained on texts that come with the course.

``python -m nbcourse.recipes.weights NAME`` trains one and writes its weights where the figure finds them.
"""

import numpy as np
import torch

from nbcourse.datasets import texts, written
from nbcourse.models import GPT, RecurrentLM
from nbcourse.recipes.language import IGNORED, Characters, mean_loss, token_loss
from nbcourse.recipes.names import ALPHABET, spelled
from nbcourse.recipes.recipe import Recipe, Task
from nbcourse.train import Batches, Settings
from nbcourse.widgets.attention import HEADS, LAYERS
from nbcourse.widgets.attention import LONGEST as CONTEXT

WIDTH = 48  # of the attention explorer's model
HIDDEN = 48  # units of the character explorer's GRU


def make_characters(settings, seed, device):
    """A GRU that spells the names of English places."""
    dropout = max(settings.dropout, 0.0)
    return spelled(
        written.places(),
        lambda vocabulary, _: RecurrentLM(vocabulary, "gru", 16, HIDDEN, dropout=dropout),
        settings,
        seed,
        device,
    )


def make_attention(settings, seed, device):
    """A GPT of two layers that reads the keeper's log, in small letters, and letters that come twice."""
    log = texts.keeper()
    train, validation = (part.lower().replace("\n", " ") for part in (log.train, log.validation))
    characters = Characters(train + ALPHABET)
    letters = characters.encode(ALPHABET)
    read = _windows(characters.encode(train), 1)
    copied = _repeated(letters, len(read[0]), seed=0)
    held_out = _windows(characters.encode(validation), CONTEXT), _repeated(letters, 500, seed=1)
    rows = [torch.cat(parts).to(device) for parts in zip(read, copied, strict=True)]
    text, twice = ([part.to(device) for part in parts] for parts in held_out)
    model = GPT(len(characters), CONTEXT, LAYERS, HEADS, WIDTH, max(settings.dropout, 0.0))

    def look(network):
        return {"loss": mean_loss(network, *text, 512), "copying": mean_loss(network, *twice, 512)}

    batches = Batches(*rows, batch_size=settings.batch_size, seed=seed)
    return Task(model, batches, token_loss, validate=look, test=look)


def _windows(tokens, stride):
    """Cut tokens into inputs (n, CONTEXT) and targets one place on, a window every `stride` places."""
    rows = torch.tensor(tokens).unfold(0, CONTEXT + 1, stride)
    return rows[:, :-1].contiguous(), rows[:, 1:].contiguous()


def _repeated(letters, n, seed):
    """Return inputs and targets (n, CONTEXT): 4 to 19 letters drawn at random, over and over.

    Only what can be known counts: the letters of the first round are ignored as targets.
    """
    rng = np.random.default_rng(seed)
    rounds = rng.integers(4, CONTEXT // 2, n)
    drawn = rng.choice(letters, (n, CONTEXT // 2))
    places = np.arange(CONTEXT + 1) % rounds[:, None]  # (n, CONTEXT + 1)
    rows = torch.from_numpy(np.take_along_axis(drawn, places, 1))
    targets = rows[:, 1:].clone()
    targets[torch.arange(1, CONTEXT + 1) < torch.from_numpy(rounds)[:, None]] = IGNORED
    return rows[:, :-1].contiguous(), targets


def _recipe(name, title, make, settings, minutes):
    shown = {"metric": "loss", "unit": "nats a character", "largest": False, "instead": "for a figure"}
    return Recipe(f"figure-{name}", title, make, settings, **shown, best=True, seeds=1, minutes=minutes)


RECIPES = (
    _recipe(
        "characters",
        "A small GRU that spells place names, for the character explorer",
        make_characters,
        Settings(epochs=100, batch_size=64, lr=5e-3, weight_decay=0.1, clip=1.0, dropout=0.2),
        0.3,
    ),
    _recipe(
        "attention",
        "A GPT of two layers, for the attention explorer",
        make_attention,
        Settings(
            steps=3000, batch_size=64, lr=3e-3, weight_decay=0.1, clip=1.0, dropout=0.1, validate_every=200
        ),
        2,
    ),
)
