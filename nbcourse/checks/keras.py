"""The exercises of the Keras appendix."""

import numpy as np

from nbcourse.checks.properties import equal, holds, is_type, same_shape
from nbcourse.checks.registry import exercise


@exercise("keras/port", signature="port(network)")
def port(answer, rng):
    """A PyTorch network in Keras, with the same outputs."""
    import keras
    import torch
    from torch import nn

    def made(*layers):
        torch.manual_seed(int(rng.integers(1000)))
        return nn.Sequential(*layers)

    cases = {
        "one layer": made(nn.Linear(3, 2)),
        "the classifier": made(nn.Linear(10, 64), nn.ReLU(), nn.Linear(64, 1), nn.Sigmoid()),
        "layers of equal width": made(nn.Linear(5, 5), nn.Tanh(), nn.Linear(5, 5), nn.ReLU()),
        "two activations in a row": made(nn.Linear(4, 6), nn.Tanh(), nn.ReLU(), nn.Linear(6, 3)),
        "a layer without bias": made(nn.Linear(4, 4, bias=False), nn.Sigmoid(), nn.Linear(4, 2)),
    }
    for what, network in cases.items():
        before = {name: value.clone() for name, value in network.state_dict().items()}
        model = answer(network)
        yield is_type(model, keras.Model, f"{what}: returns a Keras model")
        if not isinstance(model, keras.Model):
            return
        x = rng.normal(size=(7, network[0].in_features)).astype("float32")
        expected = network(torch.tensor(x)).detach().numpy()
        got = keras.ops.convert_to_numpy(model(x))
        yield equal(got, expected, f"{what}: gives the same outputs", 1e-5)
        kept = all(torch.equal(before[name], value) for name, value in network.state_dict().items())
        yield holds(kept, f"{what}: leaves PyTorch's network as it was")


@exercise("keras/decay-groups", signature="decay_groups(network, l2)")
def decay_groups(answer, rng):
    """Parameter groups that train as Keras does with an L2 penalty on every dense matrix."""
    import torch
    from torch import nn

    torch.manual_seed(int(rng.integers(1000)))
    first, second = nn.Linear(6, 8), nn.Linear(8, 2)
    network = nn.Sequential(first, nn.BatchNorm1d(8), nn.Sequential(nn.ReLU(), second))
    groups = answer(network, 0.03)
    listed = [p for group in groups for p in group["params"]]
    names = {id(p): name for name, p in network.named_parameters()}
    missing = [name for key, name in names.items() if key not in {id(p) for p in listed}]
    detail = f"missing: {', '.join(missing)}" if missing else f"{len(listed)} listed of {len(names)}"
    once = not missing and len(listed) == len(names)
    yield holds(once, "every parameter stands in exactly one group", detail)
    if not once:
        return
    x = torch.tensor(rng.normal(size=(9, 6)), dtype=torch.float32)
    dense = first.weight, second.weight
    loss = network(x).square().mean()
    parameters = list(network.parameters())
    plain = torch.autograd.grad(loss + 0.03 * sum((w**2).sum() for w in dense), parameters)
    expected = [p.detach() - 0.1 * g for p, g in zip(parameters, plain, strict=True)]
    optimiser = torch.optim.SGD(groups, lr=0.1)
    loss = network(x).square().mean()
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    for p, after in zip(parameters, expected, strict=True):
        kind = "penalised like Keras's" if any(p is w for w in dense) else "trained, and not penalised"
        yield equal(p, after, f"{names[id(p)]} is {kind}", 1e-5)


@exercise("keras/running-variance", signature="torch_variance(variance, momentum, steps, n)")
def running_variance(answer, rng):
    """PyTorch's running variance from Keras's, after the same steps."""

    def remembered(batches, momentum, ddof):
        running = np.ones(batches.shape[2])
        for batch in batches:
            running = momentum * running + (1 - momentum) * batch.var(axis=0, ddof=ddof)
        return running

    for momentum, steps, n in [(0.9, 1, 4), (0.99, 30, 8), (0.5, 12, 2), (0.9, 200, 32)]:
        batches = rng.normal(0, rng.uniform(0.2, 4, size=5), size=(steps, n, 5))
        keras_has = remembered(batches, momentum, ddof=0)
        torch_has = remembered(batches, momentum, ddof=1)
        got = answer(keras_has, momentum, steps, n)
        yield equal(got, torch_has, f"momentum {momentum}, {steps} steps of {n} rows", 1e-9)
    yield same_shape(answer(np.ones(3), 0.9, 5, 4), (3,), "returns one number for each unit")
    yield equal(answer(np.ones(3), 0.99, 0, 4), np.ones(3), "before the first step both are 1", 1e-12)


@exercise("keras/gru", signature="gru_from_keras(kernel, recurrent, bias)")
def gru_from_keras(answer, rng):
    """A Keras GRU's arrays as PyTorch's state dict."""
    d, m = 3, 4
    kernel, recurrent, bias = (rng.normal(size=shape) for shape in [(d, 3 * m), (m, 3 * m), (2, 3 * m)])
    found = answer(kernel, recurrent, bias)
    names = ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"]
    right = isinstance(found, dict) and sorted(found) == sorted(names)
    yield holds(right, "returns a dictionary with PyTorch's four names", f"got {type(found).__name__}")
    if not right:
        return
    for name, shape in zip(names, [(3 * m, d), (3 * m, m), (3 * m,), (3 * m,)], strict=True):
        yield same_shape(found[name], shape, f"{name} has PyTorch's shape")
    order = np.r_[m : 2 * m, :m, 2 * m : 3 * m]  # Keras's columns of r, z, n
    expected = dict(zip(names, [kernel.T[order], recurrent.T[order], *bias[:, order]], strict=True))
    for name in names:
        yield equal(found[name], expected[name], f"{name} has the blocks r, z, n", 1e-12)
