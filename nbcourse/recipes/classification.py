"""What recipes for classifiers share: pictures as tensors, losses, accuracy, small random shifts."""

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


class Standardise:
    """(x − mean) / deviation for each channel, of the training pictures."""

    def __init__(self, x):
        self.mean = x.mean((0, 2, 3), keepdim=True)
        self.deviation = x.std((0, 2, 3), keepdim=True)

    def __call__(self, x):
        """Standardise pictures (n, c, h, w)."""
        return (x - self.mean) / self.deviation


def shifted(x, generator, most=2):
    """Move each picture of x (n, c, h, w) by up to `most` pixels each way; 0 comes in at the border."""
    n, _, h, w = x.shape
    padded = F.pad(x, (most,) * 4)
    moves = torch.randint(2 * most + 1, (2, n), generator=generator).to(x.device)
    rows = moves[0][:, None] + torch.arange(h, device=x.device)  # (n, h)
    columns = moves[1][:, None] + torch.arange(w, device=x.device)  # (n, w)
    picture = torch.arange(n, device=x.device)[:, None, None]
    return padded.transpose(1, 3)[picture, columns[:, :, None], rows[:, None, :]].permute(0, 3, 2, 1)


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
    smoothing = settings.label_smoothing
    validation, test = parts["validation"], parts["test"]
    return Task(
        model,
        Batches(*parts["train"], batch_size=settings.batch_size, seed=seed, transform=transform),
        lambda network, batch: F.cross_entropy(network(batch[0]), batch[1], label_smoothing=smoothing),
        validate=lambda network: measured(scores_of(network, validation[0]), validation[1]),
        test=lambda network: measured(scores_of(network, test[0]), test[1]),
    )
