"""Clothes and photographs, Fashion-MNIST and CIFAR-10: pictures that vary more than digits, for a GPU."""

from functools import partial

import torch

from nbcourse import datasets
from nbcourse.models import FastCNN, ResNet
from nbcourse.recipes.classification import classifier, mirrored, shifted, tensors
from nbcourse.recipes.recipe import Recipe, Target
from nbcourse.train import Settings


def standardised(parts):
    """Return the parts with (x − mean) / deviation for pictures x, by colour, of the training pictures."""
    deviation, mean = torch.std_mean(parts["train"][0], (0, 2, 3), keepdim=True)
    return {name: ((x - mean) / deviation, y) for name, (x, y) in parts.items()}


def moved(x, generator, most):
    """Move each picture of x (n, c, h, w) by up to `most` pixels each way, and turn half of them around."""
    return mirrored(shifted(x, generator, most), generator)


def make_fashion_cnn(settings, seed, device):
    """Three convolutions with batch norm."""
    parts = tensors(datasets.fashion_mnist(5_000), device)
    return classifier(FastCNN(), parts, settings, seed, partial(moved, most=2))


def make_fashion_resnet(settings, seed, device):
    """A residual network of 20 layers, twice as wide as the one for CIFAR-10."""
    parts = tensors(datasets.fashion_mnist(5_000), device)
    return classifier(ResNet(channels=1, width=32), parts, settings, seed, partial(moved, most=2))


def make_cifar10_resnet(settings, seed, device):
    """The residual network of 20 layers of He et al. (2016), pictures shifted by up to 4 pixels as there."""
    parts = standardised(tensors(datasets.cifar10(5_000), device))
    return classifier(ResNet(), parts, settings, seed, partial(moved, most=4))


def _recipe(name, title, make, settings, data, target=None):
    return Recipe(name, title, make, settings, target=target, data=(data,), minutes=0)


_FAST = Settings(batch_size=256, precision="bfloat16", warmup=0.2, epochs=15, lr=1e-2, weight_decay=0.05)
_LONG = _FAST.changed(epochs=60, batch_size=128, optimizer="sgd", lr=0.1, weight_decay=5e-4)
RECIPES = (
    _recipe(
        "fashion-cnn",
        "Fashion-MNIST, three convolutions with batch norm",
        make_fashion_cnn,
        _FAST,
        "fashion-mnist",
    ),
    _recipe(
        "fashion-resnet",
        "Fashion-MNIST, a residual network of 20 layers",
        make_fashion_resnet,
        _LONG,
        "fashion-mnist",
    ),
    _recipe(
        "cifar10-resnet",
        "CIFAR-10, the residual network of 20 layers",
        make_cifar10_resnet,
        _LONG.changed(epochs=100),
        "cifar-10",
        Target(91.25, "He, Zhang, Ren and Sun (2016), ResNet-20", 2),
    ),
)
