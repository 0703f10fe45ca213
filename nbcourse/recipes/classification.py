"""What recipes for classifiers share: pictures as tensors, small random changes of them, losses, accuracy."""

import math

import torch
from torch.nn import functional as F

from nbcourse.recipes.recipe import Task
from nbcourse.train import Batches


def as_images(X, device):
    """Return pictures (n, h, w) or (n, c, h, w) of bytes as float32 (n, c, h, w) from 0 to 1."""
    x = torch.as_tensor(X).to(device)
    x = x[:, None] if x.ndim == 3 else x
    return x.float() / 255


def as_classes(y, device):
    """Return class numbers as an int64 tensor."""
    return torch.as_tensor(y).to(device)


def tensors(split, device):
    """Return {"train", "validation", "test"}: (pictures (n, c, h, w) from 0 to 1, classes (n,))."""
    named = {"train": split.train, "validation": split.validation, "test": split.test}
    return {name: (as_images(part.X, device), as_classes(part.y, device)) for name, part in named.items()}


def shifted(x, generator, most=2):
    """Move each picture of x (n, c, h, w) by up to `most` pixels each way; 0 comes in at the border."""
    n, _, h, w = x.shape
    padded = F.pad(x, (most,) * 4)
    moves = torch.randint(2 * most + 1, (2, n), generator=generator).to(x.device)
    rows = moves[0][:, None] + torch.arange(h, device=x.device)  # (n, h)
    columns = moves[1][:, None] + torch.arange(w, device=x.device)  # (n, w)
    picture = torch.arange(n, device=x.device)[:, None, None]
    return padded.transpose(1, 3)[picture, columns[:, :, None], rows[:, None, :]].permute(0, 3, 2, 1)


def warped(x, generator, most=2, degrees=10, share=0.1):
    """Turn, stretch and move each picture of x (n, c, h, w) a little; 0 comes in at the border.

    By up to `degrees` either way, by up to `share` of its size along each axis, and by up to `most` pixels.
    """
    h, w = x.shape[2:]
    drawn = 2 * torch.rand(5, len(x), generator=generator).to(x.device) - 1  # from -1 to 1
    angle, (wide, high) = math.radians(degrees) * drawn[0], 1 + share * drawn[1:3]
    right, down = 2 * most * drawn[3] / w, 2 * most * drawn[4] / h  # a picture is 2 units wide and high
    across = torch.stack([wide * angle.cos(), -wide * angle.sin(), right], 1)
    along = torch.stack([high * angle.sin(), high * angle.cos(), down], 1)
    places = F.affine_grid(torch.stack([across, along], 1), x.shape, align_corners=False)  # (n, h, w, 2)
    return F.grid_sample(x, places, align_corners=False)


def mirrored(x, generator):
    """Turn half of the pictures of x (n, c, h, w), drawn at random, left to right."""
    turned = torch.rand(len(x), generator=generator).to(x.device) < 0.5
    return torch.where(turned[:, None, None, None], x.flip(-1), x)


@torch.no_grad()
def scores_of(model, X, size=1000):
    """Return the model's scores of all examples, (n, classes), computed in parts."""
    return torch.cat([model(part) for part in X.split(size)])


def measured(scores, y):
    """Return {"loss": mean cross-entropy, "accuracy": per cent right, "errors": how many are wrong}."""
    right = scores.argmax(1) == y
    return {
        "loss": F.cross_entropy(scores, y).item(),
        "accuracy": 100 * right.double().mean().item(),
        "errors": int((~right).sum()),
    }


def classifier(model, parts, settings, seed, transform=None):
    """Return the `Task` of a classifier: parts is {"train", "validation", "test"}: (X, y) as tensors."""
    model = model.to(memory_format=torch.channels_last)  # the layout in which convolutions are fastest
    smoothing = settings.label_smoothing
    validation, test = parts["validation"], parts["test"]
    return Task(
        model,
        Batches(*parts["train"], batch_size=settings.batch_size, seed=seed, transform=transform),
        lambda network, batch: F.cross_entropy(network(batch[0]), batch[1], label_smoothing=smoothing),
        validate=lambda network: measured(scores_of(network, validation[0]), validation[1]),
        test=lambda network: measured(scores_of(network, test[0]), test[1]),
    )
