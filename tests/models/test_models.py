"""Every model: shapes, known numbers of parameters, bad arguments named, eight examples learned by heart."""

import pytest
import torch
from torch.nn import functional as F

from nbcourse import models
from nbcourse.models import (
    GPT,
    MLP,
    BagOfWords,
    FastCNN,
    Forecaster,
    LeNet,
    RecurrentClassifier,
    RecurrentLM,
    Residual,
    ResNet,
    SignalCNN,
    SignalRNN,
    SimpleCNN,
    SimpleNN,
    TextCNN,
    TextTransformer,
    Translator,
    WindowLM,
)
from tests.models.helpers import count, largest_difference, train


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


def pictures(channels, size):
    return lambda n: torch.randn(n, channels, size, size)


def numbers(*shape):
    return lambda n: torch.randn(n, *shape)


def tokens(length, vocabulary=12, least=1):
    return lambda n: torch.randint(least, vocabulary, (n, length))


# name: (make, inputs for n examples, shape of what comes out for one)
CLASSIFIERS = {
    "MLP": (lambda: MLP(6, 32, 16, 3), numbers(6), (3,)),
    "MLP of pictures": (lambda: MLP(12, 32, 3, activation="tanh"), numbers(2, 2, 3), (3,)),
    "linear": (lambda: MLP(40, 10), numbers(40), (10,)),
    "SimpleNN": (lambda: SimpleNN(6, 32, 3), numbers(6), (3,)),
    "SimpleCNN": (lambda: SimpleCNN(1, 9, 4), pictures(1, 9), (4,)),
    "LeNet": (lambda: LeNet((4, 6), (20,)), pictures(1, 28), (10,)),
    "LeNet without convolutions": (lambda: LeNet((), (20, 10), classes=5), pictures(1, 28), (5,)),
    "FastCNN": (lambda: FastCNN((4, 8, 8), 5), pictures(1, 28), (5,)),
    "ResNet": (lambda: ResNet(3, 4, width=4, blocks=2), pictures(3, 16), (4,)),
    "ResNet, odd sides": (lambda: ResNet(1, 4, width=4, blocks=1), pictures(1, 13), (4,)),
    "SignalCNN": (lambda: SignalCNN(), numbers(40), (10,)),
    "SignalRNN": (lambda: SignalRNN(), numbers(40), (10,)),
    "SignalRNN of LSTM": (lambda: SignalRNN("lstm", 4, 3, points=11), numbers(11), (3,)),
    "RecurrentClassifier": (lambda: RecurrentClassifier(12, 3, "gru", layers=2), tokens(7), (3,)),
    "BagOfWords": (lambda: BagOfWords(12, 3, dropout=0.0), tokens(7), (3,)),
    "TextCNN": (lambda: TextCNN(12, 3, 16, 10, dropout=0.0), tokens(7), (3,)),
    "TextCNN of one word": (lambda: TextCNN(12, 3, 16, 10, dropout=0.0), tokens(1), (3,)),
    "TextTransformer": (lambda: TextTransformer(12, 3, 16, 2, 1, dropout=0.0, context=9), tokens(7), (3,)),
}
LANGUAGE_MODELS = {
    "WindowLM": (lambda: WindowLM(12), tokens(9, least=0), (9, 12)),
    **{
        f"RecurrentLM of {cell}": (lambda cell=cell: RecurrentLM(12, cell, 16, 32), tokens(9), (9, 12))
        for cell in ("rnn", "lstm", "gru")
    },
    "GPT": (lambda: GPT(12, 9, 2, 2, 32), tokens(9), (9, 12)),
    "GPT with rotary positions": (lambda: GPT(12, 9, 2, 2, 32, positions="rotary"), tokens(9), (9, 12)),
    "GPT, not tied": (lambda: GPT(12, 9, 1, 4, 32, tied=False), tokens(5), (5, 12)),
}
FORECASTERS = {
    "Forecaster": (lambda: Forecaster(), numbers(6, 1), (1,)),
    "Forecaster of steps": (lambda: Forecaster(2, "gru", layers=2, steps=3), numbers(6, 2), (3,)),
}
ALL = CLASSIFIERS | LANGUAGE_MODELS | FORECASTERS


@pytest.mark.parametrize("make, inputs, shape", ALL.values(), ids=ALL)
def test_shape(make, inputs, shape):
    model = make().eval()
    x = inputs(5)
    y = model(x)
    assert y.shape == (5, *shape) and y.isfinite().all()
    assert model(x[:1]).shape == (1, *shape)
    assert largest_difference(model(x[:2]), y[:2]) < 1e-5  # an example's scores are its own


@pytest.mark.parametrize("make, inputs, shape", ALL.values(), ids=ALL)
def test_every_parameter_has_a_gradient(make, inputs, shape):
    model = make()
    model(inputs(8)).square().mean().backward()
    for name, p in model.named_parameters():
        assert p.grad is not None and p.grad.abs().sum() > 0, name


@pytest.mark.parametrize("make, inputs, shape", CLASSIFIERS.values(), ids=CLASSIFIERS)
def test_classifier_learns_eight_examples_by_heart(make, inputs, shape):
    model, x = make(), inputs(8)
    while len(torch.unique(x, dim=0)) < 8:
        x = inputs(8)
    y = torch.arange(8) % shape[0]
    assert train(model, x, y, F.cross_entropy) < 0.1


@pytest.mark.parametrize("make, inputs, shape", LANGUAGE_MODELS.values(), ids=LANGUAGE_MODELS)
def test_language_model_learns_eight_texts_by_heart(make, inputs, shape):
    x = inputs(8)
    x[:, 0] = torch.arange(8)  # tells which text it is; a window of three tokens sees it at three places
    y = torch.cat([x[:, 1:], x[:, :1]], 1)

    def loss(scores, targets):
        return F.cross_entropy(scores[:, :3].flatten(0, 1), targets[:, :3].flatten())

    assert train(make(), x, y, loss) < 0.1


@pytest.mark.parametrize("make, inputs, shape", FORECASTERS.values(), ids=FORECASTERS)
def test_forecaster_learns_eight_series_by_heart(make, inputs, shape):
    assert train(make(), inputs(8), torch.randn(8, *shape), F.mse_loss, steps=300) < 0.01


def test_translator_learns_eight_pairs_by_heart():
    model = Translator(12, 32, 2, 1, 64, dropout=0.0, context=9)
    source, target = tokens(6, least=3)(8), tokens(5, least=3)(8)
    before = torch.cat([torch.full((8, 1), model.start), target], 1)
    after = torch.cat([target, torch.full((8, 1), model.end)], 1)
    scores = model(source, before)
    assert scores.shape == (8, 6, 12)

    def loss(scores, targets):
        return F.cross_entropy(scores.flatten(0, 1), targets.flatten())

    assert train(model, (source, before), after, loss, steps=150, lr=3e-3) < 0.1
    assert models.beam_search(model, source, beams=2, longest=9) == target.tolist()


@pytest.mark.parametrize(
    "make, expected",
    [
        (lambda: SimpleNN(), 784 * 128 + 128 + 128 * 10 + 10),
        (lambda: MLP(784, 128, 10), count(SimpleNN())),
        (lambda: SignalCNN(), 5_210),  # Greydanus and Kobak (2024)
        (lambda: SignalRNN(), 5_134),  # the same
        # He et al. (2016): 0.27 M and 1.7 M. Their shortcuts have no weights, so subtract those of ours.
        (lambda: ResNet(), 269_722 + 2_752),
        (lambda: ResNet(blocks=18), 1_727_962 + 2_752),
        (lambda: RecurrentLM(10, "lstm", 4, 8), 10 * 4 + 4 * 8 * (4 + 8 + 2) + 8 * 10 + 10),
        (lambda: GPT(12, 9, 2, 2, 32), 12 * 32 + 9 * 32 + 2 * (12 * 32**2 + 2 * 32) + 32),
    ],
    ids=["SimpleNN", "MLP", "SignalCNN", "SignalRNN", "ResNet-20", "ResNet-110", "LSTM", "GPT"],
)
def test_parameters(make, expected):
    assert count(make()) == expected


def test_parameters_of_gpt2():
    """GPT-2 has 124,439,808 parameters (Radford et al., 2019); ours leaves its 102,144 biases out."""
    layers, width = 12, 768
    biases = layers * (3 * width + width + 4 * width + width + 2 * width) + width
    with torch.device("meta"):
        model = GPT(50_257, context=1024, layers=layers, heads=12, width=width)
    assert (biases, count(model)) == (102_144, 124_439_808 - 102_144)


def test_residual_block_begins_with_the_shortcut():
    block = Residual(3, 3).eval()
    torch.nn.init.zeros_(block.f[-1].weight)  # f(x) = 0
    x = torch.randn(2, 3, 5, 5)
    assert torch.equal(block(x), x.relu())
    assert Residual(3, 4, 2)(x).shape == (2, 4, 3, 3)


def test_window_sees_three_tokens_only():
    model = WindowLM(12).eval()
    x = tokens(9)(2)
    changed = x.clone()
    changed[:, 4] = (x[:, 4] + 1) % 12
    difference = (model(x) - model(changed)).abs().amax((0, 2))
    assert (difference > 0).tolist() == [False] * 4 + [True] * 3 + [False] * 2


NAMED = {
    "MLP of one size": (lambda: MLP(3), "at least two sizes"),
    "MLP of 0 units": (lambda: MLP(3, 0, 2), r"sizes\[1\].*got 0"),
    "MLP's activation": (lambda: MLP(3, 2, activation="rleu"), "'rleu'; did you mean 'relu'"),
    "MLP's dropout": (lambda: MLP(3, 2, 2, dropout=1.0), "dropout from 0 to below 1, got 1.0"),
    "SimpleNN": (lambda: SimpleNN(hidden_size=0), "hidden_size"),
    "SimpleCNN's size": (lambda: SimpleCNN(size=3), "size to be an integer of at least 4"),
    "SimpleCNN's classes": (lambda: SimpleCNN(classes=2.0), "classes.*got 2.0"),
    "LeNet's filters": (lambda: LeNet((3, 4, 5)), "at most 2 filters"),
    "LeNet's filter": (lambda: LeNet((3, 0)), r"filters\[1\]"),
    "LeNet's hidden": (lambda: LeNet(hidden=(0,)), r"hidden\[0\]"),
    "LeNet's dropout": (lambda: LeNet(dropout=-0.1), "dropout"),
    "FastCNN's repeat": (lambda: FastCNN(repeat=0), "repeat"),
    "FastCNN's widths": (lambda: FastCNN((2,) * 5), "at most 4 widths"),
    "FastCNN's dropout": (lambda: FastCNN(dropout=True), "dropout"),
    "ResNet's blocks": (lambda: ResNet(blocks=0), "blocks"),
    "Residual's stride": (lambda: Residual(2, 2, 0), "stride"),
    "SignalCNN's points": (lambda: SignalCNN(points=7), "points"),
    "SignalCNN's width": (lambda: SignalCNN(width=0), "width"),
    "SignalRNN's cell": (lambda: SignalRNN("grru"), "'grru'; did you mean 'gru'"),
    "SignalRNN's points": (lambda: SignalRNN(points=0), "points"),
    "RecurrentLM's vocabulary": (lambda: RecurrentLM(0), "vocabulary"),
    "RecurrentLM's layers": (lambda: RecurrentLM(3, layers=0), "layers"),
    "RecurrentLM's dropout": (lambda: RecurrentLM(3, dropout=2), "dropout"),
    "RecurrentClassifier's padding": (lambda: RecurrentClassifier(3, padding=3), "padding below 3, got 3"),
    "RecurrentClassifier's hidden": (lambda: RecurrentClassifier(3, hidden=0), "hidden"),
    "Forecaster's features": (lambda: Forecaster(0), "features"),
    "Forecaster's dropout": (lambda: Forecaster(dropout="a lot"), "dropout"),
    "WindowLM's window": (lambda: WindowLM(3, 0), "window"),
    "BagOfWords's padding": (lambda: BagOfWords(3, padding=-1), "padding"),
    "BagOfWords's hidden": (lambda: BagOfWords(3, hidden=0), "hidden"),
    "TextCNN's filters": (lambda: TextCNN(3, filters=0), "filters"),
    "TextTransformer's heads": (lambda: TextTransformer(3, heads=3), "width=64 and heads=3"),
    "TextTransformer's context": (lambda: TextTransformer(3, context=0), "context"),
    "TextTransformer's input": (lambda: TextTransformer(3, context=4)(tokens(5, 3)(1)), "at most 4 tokens"),
    "GPT's heads": (lambda: GPT(3, heads=3), "width=128 and heads=3"),
    "GPT's rotary width": (lambda: GPT(3, heads=2, width=6, positions="rotary"), "even width.*got 3"),
    "GPT's positions": (lambda: GPT(3, positions="rotatory"), "did you mean 'rotary'"),
    "GPT's dropout": (lambda: GPT(3, dropout=1), "dropout"),
    "GPT's context": (
        lambda: GPT(3, 4, 1, 1, 4)(tokens(5, 3)(1)),
        r"at most 4 tokens \(the context\), got 5",
    ),
    "GPT's input": (lambda: GPT(3, 4, 1, 1, 4)(torch.tensor([1, 2])), r"shape \(n, T\), got \(2,\)"),
    "Translator's heads": (lambda: Translator(5, heads=3), "width=256 and heads=3"),
    "Translator's width": (lambda: Translator(5, width=3, heads=3), "even width"),
    "Translator's inner": (lambda: Translator(5, inner=0), "inner"),
    "Translator's end": (lambda: Translator(5, end=5), "end below 5"),
    "Translator's start": (
        lambda: Translator(5, start=0),
        "different padding, start and end, got 0, 0 and 2",
    ),
}


@pytest.mark.parametrize("make, message", NAMED.values(), ids=NAMED)
def test_bad_argument_is_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_all_public_models_are_tried():
    classes = {name for name in models.__all__ if isinstance(getattr(models, name), type)}
    tried = {type(make()).__name__ for make, *_ in ALL.values()} | {"Translator", "Residual"}
    assert classes == tried
