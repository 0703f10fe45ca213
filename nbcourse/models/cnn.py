"""Convolutional networks: from two convolutions to residual networks."""

import torch
from torch import nn
from torch.nn import functional as F

from nbcourse.models.arguments import at_least, each_at_least, share


class SimpleCNN(nn.Module):
    """Two convolutions with pooling and a linear layer: (n, channels, size, size) → (n, classes)."""

    def __init__(self, channels=3, size=32, classes=10):
        super().__init__()
        at_least(4, size=size)
        at_least(1, channels=channels, classes=classes)
        self.conv1 = nn.Conv2d(channels, 32, 3, padding=1)
        self.pool = nn.MaxPool2d(2, 2)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.fc = nn.Linear(64 * (size // 4) ** 2, classes)

    def forward(self, x):
        """Return the scores of the classes."""
        x = self.pool(F.relu(self.conv1(x)))  # (n, 32, size/2, size/2)
        x = self.pool(F.relu(self.conv2(x)))  # (n, 64, size/4, size/4)
        return self.fc(x.flatten(1))


class LeNet(nn.Sequential):
    """Convolutions of 5 × 5 with pooling, then fully connected layers: (n, 1, 28, 28) → (n, classes).

    The family of LeNet-5 (LeCun, Bottou, Bengio and Haffner, 1998), with a choice of what to change: the
    ladder of Nielsen's chapter 6 climbs it.

    Parameters
    ----------
    filters : tuple of int
        Channels of each convolution; () leaves convolutions out.
    hidden : tuple of int
        Units of each fully connected hidden layer.
    activation : type
        The activation's module.
    dropout : float
        How often a unit of the fully connected layers is dropped.
    norm : bool
        Whether batch norm stands before the activation of each convolution.
    """

    def __init__(
        self, filters=(20, 40), hidden=(100,), activation=nn.ReLU, dropout=0.0, norm=False, classes=10
    ):
        each_at_least(1, filters=filters, hidden=hidden)
        at_least(1, classes=classes)
        share(dropout=dropout)
        if len(filters) > 2:
            raise ValueError(f"expected at most 2 filters on 28 × 28 pixels, got {filters}")
        layers, channels, size = [], 1, 28
        for n in filters:
            layers += [nn.Conv2d(channels, n, 5), nn.MaxPool2d(2)]  # pooled first: a quarter is left to do
            layers += [nn.BatchNorm2d(n), activation()] if norm else [activation()]
            channels, size = n, (size - 4) // 2  # 28, 12, 4
        layers, features = [*layers, nn.Flatten()], channels * size * size
        for m in hidden:
            layers += [nn.Linear(features, m), activation()]
            layers += [nn.Dropout(dropout)] if dropout else []
            features = m
        super().__init__(*layers, nn.Linear(features, classes))


class FastCNN(nn.Sequential):
    """Convolutions with batch norm for small grey images, (n, 1, 28, 28) → (n, classes).

    Pooling halves the sides after `repeat` convolutions of each width. With the default widths, five epochs
    are enough for 99.4 % on MNIST: ``nbcourse train mnist-cnn``.
    """

    def __init__(self, widths=(32, 64, 128), classes=10, dropout=0.0, repeat=1):
        each_at_least(1, widths=widths)
        at_least(1, classes=classes, repeat=repeat)
        share(dropout=dropout)
        if len(widths) > 4:
            raise ValueError(f"expected at most 4 widths on 28 × 28 pixels, got {widths}")
        layers, channels = [], 1
        for n in widths:
            for _ in range(repeat):
                layers += [nn.Conv2d(channels, n, 3, padding=1, bias=False), nn.BatchNorm2d(n), nn.ReLU()]
                channels = n
            layers += [nn.MaxPool2d(2)]
        size = 28 // 2 ** len(widths)
        layers += [nn.Flatten()] + ([nn.Dropout(dropout)] if dropout else [])
        super().__init__(*layers, nn.Linear(channels * size * size, classes))


class Residual(nn.Module):
    """relu(f(x) + x), f being two convolutions of 3 × 3 with batch norm (He, Zhang, Ren and Sun, 2016).

    Where the shape changes, x passes a 1 × 1 convolution with batch norm (the paper's option B).
    (n, inputs, h, w) → (n, outputs, h/stride, w/stride).
    """

    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        at_least(1, inputs=inputs, outputs=outputs, stride=stride)
        self.f = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(),
            nn.Conv2d(outputs, outputs, 3, padding=1, bias=False),
            nn.BatchNorm2d(outputs),
        )
        self.shortcut = nn.Identity()
        if stride > 1 or inputs != outputs:
            self.shortcut = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
            )

    def forward(self, x):
        """Return relu(f(x) + x)."""
        return F.relu(self.f(x) + self.shortcut(x))


class ResNet(nn.Module):
    """A residual network for small images: (n, channels, h, w) → (n, classes).

    With ``blocks=3, width=16`` the 20-layer network for CIFAR-10 of He et al. (2016).

    Parameters
    ----------
    channels, classes : int
        Colours of the image; classes.
    width : int
        Channels of the first stage; each of the two later ones doubles them and halves the sides.
    blocks : int
        Residual blocks in each of the three stages: 6 · blocks + 2 layers.
    """

    def __init__(self, channels=3, classes=10, width=16, blocks=3):
        super().__init__()
        at_least(1, channels=channels, classes=classes, width=width, blocks=blocks)
        self.stem = nn.Sequential(
            nn.Conv2d(channels, width, 3, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU()
        )
        stages, inputs = [], width
        for outputs, stride in ((width, 1), (2 * width, 2), (4 * width, 2)):
            stages += [Residual(inputs, outputs, stride)]
            stages += [Residual(outputs, outputs) for _ in range(blocks - 1)]
            inputs = outputs
        self.stages = nn.Sequential(*stages)
        self.head = nn.Linear(inputs, classes)

    def forward(self, x):
        """Return the scores of the classes."""
        x = self.stages(self.stem(x))  # (n, 4 · width, h/4, w/4)
        return self.head(x.mean((2, 3)))


class SignalCNN(nn.Module):
    """Three convolutions along a line with stride 2, for MNIST-1D: (n, 40) → (n, 10).

    The convolutional model of Greydanus and Kobak (2024).
    """

    def __init__(self, points=40, width=25, classes=10):
        super().__init__()
        at_least(8, points=points)
        at_least(1, width=width, classes=classes)
        self.convolutions = nn.Sequential(
            nn.Conv1d(1, width, 5, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv1d(width, width, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv1d(width, width, 3, stride=2, padding=1),
            nn.ReLU(),
        )
        with torch.no_grad():
            features = self.convolutions(torch.zeros(1, 1, points)).numel()
        self.head = nn.Linear(features, classes)

    def forward(self, x):
        """Return the scores of the classes."""
        return self.head(self.convolutions(x[:, None]).flatten(1))
