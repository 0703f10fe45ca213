"""MNIST: 99.4 % in a minute or two."""

from nbcourse.datasets import images
from nbcourse.models import FastCNN
from nbcourse.recipes.classification import Standardise, as_classes, as_images, classifier, shifted
from nbcourse.recipes.recipe import Recipe, Target
from nbcourse.train import Settings


def parts(device, validation=5_000):
    """Return {"train", "validation", "test"}: (pictures (n, 1, 28, 28), standardised; digits (n,))."""
    split = images.mnist(validation)
    named = {"train": split.train, "validation": split.validation, "test": split.test}
    standardise = Standardise(as_images(split.train.X, device))
    return {
        name: (standardise(as_images(part.X, device)), as_classes(part.y, device))
        for name, part in named.items()
    }


def make_cnn(settings, seed, device):
    """Three convolutions with batch norm, and pictures that are shifted at random."""
    return classifier(FastCNN(), parts(device), settings, seed, transform=shifted)


RECIPES = (
    Recipe(
        "mnist-cnn",
        "MNIST, three convolutions with batch norm",
        make_cnn,
        Settings(epochs=5, batch_size=128, lr=1e-2, weight_decay=0.05, warmup=0.2),
        target=Target(99.4, "this course's bound"),
        data=("mnist",),
        minutes=2,
    ),
)
