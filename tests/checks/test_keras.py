"""Wrong answers to the Keras appendix's exercises fail, each at the property that it lacks."""

import os

import numpy as np
import pytest

from nbcourse.checks import evaluate, exercises

os.environ.setdefault("KERAS_BACKEND", "torch")  # before the import, which reads it once
keras = pytest.importorskip("keras", reason="pip install -e '.[keras]'")
nn = pytest.importorskip("torch.nn", reason="pip install -e '.[torch]'")


def ported(turn=True, activations=True, bias=None):
    """A port that may leave out what is easily forgotten."""

    def port(network):
        parts = [keras.Input((network[0].in_features,))]
        for layer in network:
            if isinstance(layer, nn.Linear):
                has_bias = layer.bias is not None if bias is None else bias
                parts.append(keras.layers.Dense(layer.out_features, use_bias=has_bias))
            elif activations:
                parts.append(keras.layers.Activation(type(layer).__name__.lower()))
        model = keras.Sequential(parts)
        arrays = [p.detach().numpy() for p in network.parameters()]
        square = [a.ndim == 2 and a.shape[0] == a.shape[1] for a in arrays]
        model.set_weights([a if s and not turn else a.T for a, s in zip(arrays, square, strict=True)])
        return model

    return port


def to_zero(network):
    model = ported()(network)
    for p in network.parameters():
        p.data.zero_()
    return model


def groups(factor=2, of=nn.Linear, biases=False, leave_out=False):
    """Parameter groups that may penalise too much, too little or the wrong ones."""

    def decay_groups(network, l2):
        chosen = [m for m in network.modules() if isinstance(m, of)]
        inside = {id(m.weight) for m in chosen} | ({id(m.bias) for m in chosen} if biases else set())
        penalised = [p for p in network.parameters() if id(p) in inside]
        others = [p for p in network.parameters() if id(p) not in inside]
        found = [{"params": penalised, "weight_decay": factor * l2}]
        return found if leave_out else [*found, {"params": others}]

    return decay_groups


def ratio_of_all(variance, momentum, steps, n):
    return variance * n / (n - 1)


def the_other_way(variance, momentum, steps, n):
    rest = momentum**steps
    return rest + (variance - rest) * (n - 1) / n


def complement(variance, momentum, steps, n):
    rest = (1 - momentum) ** steps
    return rest + (variance - rest) * n / (n - 1)


def one_number(variance, momentum, steps, n):
    rest = momentum**steps
    return np.mean(rest + (variance - rest) * n / (n - 1))


def gru(order=(1, 0, 2), turn=True, swap=False):
    """A conversion with another order of blocks, unturned matrices or exchanged biases."""

    def convert(kernel, recurrent, bias):
        def blocks(array, axis):
            parts = np.split(array, 3, axis)
            return np.concatenate([parts[i] for i in order], axis)

        matrices = [blocks(w.T, 0) if turn else blocks(w, 1) for w in (kernel, recurrent)]
        biases = [blocks(b, 0) for b in (bias[::-1] if swap else bias)]
        names = ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"]
        return dict(zip(names, [*matrices, *biases], strict=True))

    return convert


WRONG = [
    ("port", ported(turn=False), "layers of equal width: gives the same outputs"),
    ("port", ported(activations=False), "the classifier: gives the same outputs"),
    ("port", ported(bias=True), None),
    ("port", to_zero, "the classifier: leaves PyTorch's network as it was"),
    ("port", lambda network: network, "one layer: returns a Keras model"),
    ("decay-groups", groups(factor=1), "0.weight is penalised like Keras's"),
    ("decay-groups", groups(biases=True), "0.bias is trained, and not penalised"),
    ("decay-groups", groups(of=(nn.Linear, nn.BatchNorm1d)), "1.weight is trained, and not penalised"),
    ("decay-groups", groups(leave_out=True), "every parameter stands in exactly one group"),
    ("running-variance", ratio_of_all, "before the first step both are 1"),
    ("running-variance", the_other_way, "momentum 0.9, 1 steps of 4 rows"),
    ("running-variance", complement, "momentum 0.99, 30 steps of 8 rows"),
    ("running-variance", one_number, "returns one number for each unit"),
    ("gru", gru(order=(0, 1, 2)), "weight_ih_l0 has the blocks r, z, n"),
    ("gru", gru(turn=False), "weight_hh_l0 has PyTorch's shape"),
    ("gru", gru(swap=True), "bias_ih_l0 has the blocks r, z, n"),
    ("gru", lambda kernel, recurrent, bias: [kernel.T], "returns a dictionary with PyTorch's four names"),
]


@pytest.mark.parametrize("name, answer, lacking", WRONG, ids=[f"{n}-{i}" for i, (n, *_) in enumerate(WRONG)])
def test_a_wrong_answer_fails_where_it_is_wrong(name, answer, lacking):
    result = evaluate(f"keras/{name}", answer)
    assert result.attempted and not result.passed
    if lacking:  # else an error of its own ends the check
        assert lacking in [failure.sentence for failure in result.failures], str(result)


@pytest.mark.parametrize("name, answer", [("port", ported()), ("decay-groups", groups()), ("gru", gru())])
def test_the_same_answer_without_the_mistake_passes(name, answer):
    result = evaluate(f"keras/{name}", answer)
    assert result.passed, str(result)


def test_every_exercise_has_a_wrong_answer_here():
    assert {f"keras/{name}" for name, *_ in WRONG} == set(exercises("keras"))
