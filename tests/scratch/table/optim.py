"""Optimisers, schedules and the helpers of nn.utils, as functions of the library that makes them.

test_optim.py, test_schedulers.py and test_nn_utils.py compare what they do with torch's; `calls` makes
each of them on the engine, for test_public.py.
"""

import contextlib

import numpy as np

from nbcourse import scratch


def leaves(lib):
    """Two parameters with gradients, one of them 0-d."""
    params = [lib.tensor(np.array(a), requires_grad=True) for a in ([[1.0, -2.0], [3.0, 0.5]], 0.5)]
    for p, gradient in zip(params, ([[0.1, -5.0], [0.3, 2.0]], -4.0), strict=True):
        p.grad = lib.tensor(np.array(gradient))
    return params


OPTIMIZERS = {  # label: (lib, params) -> optimiser
    "sgd": lambda lib, p: lib.optim.SGD(p, lr=0.01),
    "sgd-decay": lambda lib, p: lib.optim.SGD(p, lr=0.01, weight_decay=0.1),
    "sgd-momentum": lambda lib, p: lib.optim.SGD(p, lr=0.01, momentum=0.9),
    "sgd-dampening": lambda lib, p: lib.optim.SGD(p, lr=0.01, momentum=0.9, dampening=0.5),
    "sgd-nesterov": lambda lib, p: lib.optim.SGD(p, 0.01, 0.9, 0, 0, True),
    "sgd-momentum-decay": lambda lib, p: lib.optim.SGD(p, lr=0.01, momentum=0.8, weight_decay=0.01),
    "sgd-nesterov-decay": lambda lib, p: lib.optim.SGD(
        p, lr=0.01, momentum=0.8, weight_decay=0.01, nesterov=True
    ),
    "sgd-maximize": lambda lib, p: lib.optim.SGD(p, lr=0.01, maximize=True, weight_decay=1.5),
    "sgd-maximize-dampening": lambda lib, p: lib.optim.SGD(
        p, lr=0.01, momentum=0.5, dampening=0.3, weight_decay=0.02, maximize=True
    ),
    "sgd-groups": lambda lib, p: lib.optim.SGD(
        [{"params": p[:1], "momentum": 0.5}, {"params": p[1:], "lr": 0.1}], lr=0.01
    ),
    "adagrad": lambda lib, p: lib.optim.Adagrad(p),
    "adagrad-decay": lambda lib, p: lib.optim.Adagrad(p, 0.1, 0.01, 0.1, 0.5, 1e-3),
    "adagrad-start": lambda lib, p: lib.optim.Adagrad(
        p, lr=0.1, lr_decay=0.02, initial_accumulator_value=0.1, eps=1e-6
    ),
    "adagrad-maximize": lambda lib, p: lib.optim.Adagrad(p, weight_decay=0.5, maximize=True),
    "adagrad-groups": lambda lib, p: lib.optim.Adagrad(
        [{"params": p[:1], "eps": 1e-4}, {"params": p[1:], "lr": 0.1, "weight_decay": 0.1}]
    ),
    "rmsprop": lambda lib, p: lib.optim.RMSprop(p, lr=0.01),
    "rmsprop-alpha": lambda lib, p: lib.optim.RMSprop(p, 0.003, 0.9, 1e-2, 0.1),
    "rmsprop-momentum": lambda lib, p: lib.optim.RMSprop(p, lr=0.001, momentum=0.9),
    "rmsprop-centered": lambda lib, p: lib.optim.RMSprop(p, lr=0.001, centered=True, eps=1e-3),
    "rmsprop-all": lambda lib, p: lib.optim.RMSprop(
        p, lr=0.002, alpha=0.95, eps=1e-2, weight_decay=0.1, momentum=0.5, centered=True, maximize=True
    ),
    "adam": lambda lib, p: lib.optim.Adam(p),
    "adam-betas": lambda lib, p: lib.optim.Adam(p, 0.05, (0.7, 0.9), 1e-3, 0.1, True),
    "adam-decay": lambda lib, p: lib.optim.Adam(p, lr=0.01, weight_decay=0.1),
    "adam-amsgrad": lambda lib, p: lib.optim.Adam(p, lr=0.02, betas=(0.8, 0.6), amsgrad=True),
    "adam-no-momentum": lambda lib, p: lib.optim.Adam(p, lr=0.01, betas=(0.0, 0.99), eps=1e-2),
    "adam-maximize": lambda lib, p: lib.optim.Adam(p, lr=0.01, weight_decay=0.5, maximize=True),
    "adam-decoupled": lambda lib, p: lib.optim.Adam(
        p, lr=0.01, weight_decay=0.2, decoupled_weight_decay=True
    ),
    "adam-groups": lambda lib, p: lib.optim.Adam(
        [{"params": p[:1], "betas": (0.5, 0.9)}, {"params": p[1:], "lr": 0.1, "amsgrad": True}], lr=0.01
    ),
    "adamw": lambda lib, p: lib.optim.AdamW(p, lr=0.01),
    "adamw-betas": lambda lib, p: lib.optim.AdamW(p, 0.05, (0.7, 0.9), 1e-3, 0.1, True),
    "adamw-no-decay": lambda lib, p: lib.optim.AdamW(p, lr=0.01, weight_decay=0),
    "adamw-maximize": lambda lib, p: lib.optim.AdamW(p, lr=0.01, weight_decay=0.5, maximize=True),
    "adamw-groups": lambda lib, p: lib.optim.AdamW(
        [{"params": p[:1], "weight_decay": 0.3}, {"params": p[1:], "eps": 0.1}], lr=0.02
    ),
}


def two_groups(lib, kind="SGD"):
    """An optimiser whose groups have different rates, and momentum to cycle."""
    w, b = leaves(lib)
    groups = [{"params": [w], "lr": 0.5}, {"params": [b]}]
    return lib.optim.SGD(groups, lr=0.1, momentum=0.9) if kind == "SGD" else lib.optim.Adam(groups, lr=0.1)


class Halving:
    """A callable object whose attributes are state."""

    def __init__(self, period):
        self.period = period

    def __call__(self, t):
        return 0.5 ** (t // self.period)


def sequence(lib, optimizer):
    s = lib.optim.lr_scheduler
    parts = [
        s.LinearLR(optimizer, 0.1, total_iters=10),
        s.CosineAnnealingLR(optimizer, 50, 0.01),
        s.ExponentialLR(optimizer, 0.97),
    ]
    return s.SequentialLR(optimizer, parts, [10, 60])


def odd_sequence(lib, optimizer):
    """Schedules that begin in other ways: a chain, functions, restarts, jumps."""
    s = lib.optim.lr_scheduler
    parts = [
        s.ChainedScheduler([s.ConstantLR(optimizer, 0.5, 4), s.StepLR(optimizer, 3, 0.9)]),
        s.MultiplicativeLR(optimizer, lambda t: 0.98),
        s.CosineAnnealingWarmRestarts(optimizer, 7, 2),
        s.LambdaLR(optimizer, lambda t: 0.99**t),
        s.MultiStepLR(optimizer, [5, 9], 0.5),
        s.PolynomialLR(optimizer, 40),
    ]
    return s.SequentialLR(optimizer, parts, [12, 40, 80, 120, 160])


def chain(lib, optimizer):
    s = lib.optim.lr_scheduler
    parts = [
        s.ConstantLR(optimizer, factor=0.1, total_iters=20),
        s.ExponentialLR(optimizer, gamma=0.98),
        s.CosineAnnealingLR(optimizer, T_max=30, eta_min=0.001),
    ]
    return s.ChainedScheduler(parts, optimizer=optimizer)


SCHEDULERS = {  # label: (lib, optimiser, last_epoch) -> schedule
    "lambda": lambda lib, o, last_epoch=-1: lib.optim.lr_scheduler.LambdaLR(
        o, [Halving(30), lambda t: 1 / (1 + t)], last_epoch
    ),
    "multiplicative": lambda lib, o, last_epoch=-1: lib.optim.lr_scheduler.MultiplicativeLR(
        o, lr_lambda=lambda t: 0.95 + 0.04 * (t % 3), last_epoch=last_epoch
    ),
    "step": lambda lib, o, last_epoch=-1: lib.optim.lr_scheduler.StepLR(o, 30, last_epoch=last_epoch),
    "step-gamma": lambda lib, o, last_epoch=-1: lib.optim.lr_scheduler.StepLR(o, 7, 0.9, last_epoch),
    "multistep": lambda lib, o, last_epoch=-1: lib.optim.lr_scheduler.MultiStepLR(
        o, milestones=[90, 5, 58, 5, 200], gamma=0.5, last_epoch=last_epoch
    ),
    "constant": lambda lib, o, last_epoch=-1: lib.optim.lr_scheduler.ConstantLR(o, last_epoch=last_epoch),
    "constant-long": lambda lib, o, last_epoch=-1: lib.optim.lr_scheduler.ConstantLR(o, 0.2, 58, last_epoch),
    "linear": lambda lib, o, last_epoch=-1: lib.optim.lr_scheduler.LinearLR(o, last_epoch=last_epoch),
    "linear-down": lambda lib, o, last_epoch=-1: lib.optim.lr_scheduler.LinearLR(
        o, start_factor=0.9, end_factor=0.0, total_iters=100, last_epoch=last_epoch
    ),
    "exponential": lambda lib, o, last_epoch=-1: lib.optim.lr_scheduler.ExponentialLR(
        o, gamma=0.97, last_epoch=last_epoch
    ),
    "polynomial": lambda lib, o, last_epoch=-1: lib.optim.lr_scheduler.PolynomialLR(
        o, total_iters=120, power=2.5, last_epoch=last_epoch
    ),
    "polynomial-straight": lambda lib, o, last_epoch=-1: lib.optim.lr_scheduler.PolynomialLR(
        o, last_epoch=last_epoch
    ),
    "cosine": lambda lib, o, last_epoch=-1: lib.optim.lr_scheduler.CosineAnnealingLR(
        o, T_max=37, eta_min=0.02, last_epoch=last_epoch
    ),
    "cosine-to-0": lambda lib, o, last_epoch=-1: lib.optim.lr_scheduler.CosineAnnealingLR(
        o, 400, last_epoch=last_epoch
    ),
    "restarts": lambda lib, o, last_epoch=-1: lib.optim.lr_scheduler.CosineAnnealingWarmRestarts(
        o, T_0=13, last_epoch=last_epoch
    ),
    "restarts-longer": lambda lib, o, last_epoch=-1: lib.optim.lr_scheduler.CosineAnnealingWarmRestarts(
        o, T_0=5, T_mult=2, eta_min=0.01, last_epoch=last_epoch
    ),
    "one-cycle": lambda lib, o, last_epoch=-1: lib.optim.lr_scheduler.OneCycleLR(
        o, max_lr=1.5, total_steps=400, last_epoch=last_epoch
    ),
    "one-cycle-linear": lambda lib, o, last_epoch=-1: lib.optim.lr_scheduler.OneCycleLR(
        o,
        max_lr=[1.0, 0.2],
        epochs=20,
        steps_per_epoch=20,
        pct_start=0.4,
        anneal_strategy="linear",
        base_momentum=[0.8, 0.7],
        max_momentum=0.99,
        div_factor=10.0,
        final_div_factor=50.0,
        three_phase=True,
        last_epoch=last_epoch,
    ),
    "one-cycle-rate-only": lambda lib, o, last_epoch=-1: lib.optim.lr_scheduler.OneCycleLR(
        o, (0.5, 1.0), 400, pct_start=0.0, cycle_momentum=False, last_epoch=last_epoch
    ),
}

COMBINED = {
    "sequence": sequence,
    "sequence-odd": odd_sequence,
    "chain": chain,
}  # (lib, optimiser) -> schedule

PLATEAUS = {  # label: (lib, optimiser) -> schedule
    "min": lambda lib, o: lib.optim.lr_scheduler.ReduceLROnPlateau(o),
    "min-abs": lambda lib, o: lib.optim.lr_scheduler.ReduceLROnPlateau(
        o, "min", 0.5, 3, 0.05, "abs", 2, 0.01, 1e-4
    ),
    "max": lambda lib, o: lib.optim.lr_scheduler.ReduceLROnPlateau(
        o, mode="max", factor=0.7, patience=0, threshold=0.1, min_lr=[0.1, 0.001], cooldown=1
    ),
    "max-abs": lambda lib, o: lib.optim.lr_scheduler.ReduceLROnPlateau(
        o, mode="max", factor=0.9, patience=2, threshold_mode="abs", eps=0.02
    ),
}

HELPERS = {  # label: (lib, parameters with gradients) -> what to compare
    "clip-norm": lambda lib, p: lib.nn.utils.clip_grad_norm_(p, 1.0),
    "clip-norm-1": lambda lib, p: lib.nn.utils.clip_grad_norm_(p, max_norm=2, norm_type=1),
    "clip-norm-inf": lambda lib, p: lib.nn.utils.clip_grad_norm_(p, 0.5, "inf", error_if_nonfinite=True),
    "clip-norm-minus-inf": lambda lib, p: lib.nn.utils.clip_grad_norm_(p, 0.01, -float("inf")),
    "clip-norm-0": lambda lib, p: lib.nn.utils.clip_grad_norm_(p, 1.5, 0),
    "clip-norm-not-needed": lambda lib, p: lib.nn.utils.clip_grad_norm_(p, 100.0, 3.0),
    "clip-norm-one": lambda lib, p: lib.nn.utils.clip_grad_norm_(p[0], 1.0),
    "clip-norm-negative": lambda lib, p: lib.nn.utils.clip_grad_norm_(p, 0.2, -1),
    "clip-norm-generator": lambda lib, p: lib.nn.utils.clip_grad_norm_((q for q in p), 1.0),
    "clip-value": lambda lib, p: lib.nn.utils.clip_grad_value_(p, 0.7),
    "clip-value-one": lambda lib, p: lib.nn.utils.clip_grad_value_(p[0], clip_value=1),
    "clip-value-negative": lambda lib, p: lib.nn.utils.clip_grad_value_(p, -0.1),
    "norm": lambda lib, p: lib.nn.utils.get_total_norm([q.grad for q in p]),
    "norm-one": lambda lib, p: lib.nn.utils.get_total_norm(p[0].grad, norm_type=4, error_if_nonfinite=True),
    "norm-none": lambda lib, p: lib.nn.utils.get_total_norm([]),
    "clip-with-norm": lambda lib, p: lib.nn.utils.clip_grads_with_norm_(p, 1.0, lib.tensor(5.0)),
    "to-vector": lambda lib, p: lib.nn.utils.parameters_to_vector(p),
    "from-vector": lambda lib, p: lib.nn.utils.vector_to_parameters(
        lib.tensor(np.array([5.0, 4.0, 3.0, 2.0, 1.0])), p
    ),
}


def counted(trainable_only):
    model = scratch.nn.Sequential(scratch.nn.Linear(3, 4), scratch.nn.Linear(4, 2, bias=False))
    model[1].requires_grad_(False)
    return scratch.nn.utils.count_parameters(model, trainable_only=trainable_only)


def unfinished(make):
    """Make a base class, which cannot make a first step of its own."""
    with contextlib.suppress(NotImplementedError):
        make()


def remembering(lib, kind="SGD"):
    """An optimiser whose groups know their initial rates and all else a schedule resumes from."""
    optimizer = two_groups(lib, kind)
    for group in optimizer.param_groups:
        group.update(initial_lr=group["lr"], max_lr=1.0, min_lr=0.1, max_momentum=0.9, base_momentum=0.8)
    return optimizer


def calls():
    """Yield (label, function without arguments): everything public, with every parameter, on the engine."""
    lib = scratch
    for label, make in OPTIMIZERS.items():
        yield label, lambda make=make: make(lib, leaves(lib))
    for label, make in SCHEDULERS.items():
        yield label, lambda make=make: make(lib, two_groups(lib))
        yield label, lambda make=make: make(lib, remembering(lib), last_epoch=57)
    for label, make in {**COMBINED, **PLATEAUS}.items():
        yield label, lambda make=make: make(lib, two_groups(lib))
    for label, call in HELPERS.items():
        yield label, lambda call=call: call(lib, leaves(lib))
    yield "count", lambda: counted(trainable_only=True)
    yield "optimizer", lambda: lib.optim.Optimizer(leaves(lib), {"lr": 0.1})
    yield (
        "scheduler",
        lambda: unfinished(lambda: lib.optim.lr_scheduler.LRScheduler(remembering(lib), last_epoch=3)),
    )


NOT_BUILT = {
    "sgd-foreach": (lambda: scratch.optim.SGD(leaves(scratch), foreach=True), "foreach"),
    "sgd-differentiable": (lambda: scratch.optim.SGD(leaves(scratch), differentiable=True), "differentiable"),
    "sgd-fused": (lambda: scratch.optim.SGD(leaves(scratch), fused=True), "fused"),
    "adagrad-foreach": (lambda: scratch.optim.Adagrad(leaves(scratch), foreach=True), "foreach"),
    "adagrad-differentiable": (
        lambda: scratch.optim.Adagrad(leaves(scratch), differentiable=True),
        "differentiable",
    ),
    "adagrad-fused": (lambda: scratch.optim.Adagrad(leaves(scratch), fused=True), "fused"),
    "rmsprop-capturable": (lambda: scratch.optim.RMSprop(leaves(scratch), capturable=True), "capturable"),
    "rmsprop-foreach": (lambda: scratch.optim.RMSprop(leaves(scratch), foreach=True), "foreach"),
    "rmsprop-differentiable": (
        lambda: scratch.optim.RMSprop(leaves(scratch), differentiable=True),
        "differentiable",
    ),
    "adam-foreach": (lambda: scratch.optim.Adam(leaves(scratch), foreach=True), "foreach"),
    "adam-capturable": (lambda: scratch.optim.Adam(leaves(scratch), capturable=True), "capturable"),
    "adam-differentiable": (
        lambda: scratch.optim.Adam(leaves(scratch), differentiable=True),
        "differentiable",
    ),
    "adam-fused": (lambda: scratch.optim.Adam(leaves(scratch), fused=True), "fused"),
    "adamw-foreach": (lambda: scratch.optim.AdamW(leaves(scratch), foreach=True), "foreach"),
    "adamw-capturable": (lambda: scratch.optim.AdamW(leaves(scratch), capturable=True), "capturable"),
    "adamw-differentiable": (
        lambda: scratch.optim.AdamW(leaves(scratch), differentiable=True),
        "differentiable",
    ),
    "adamw-fused": (lambda: scratch.optim.AdamW(leaves(scratch), fused=True), "fused"),
    "lr-tensor": (lambda: scratch.optim.Adam(leaves(scratch), lr=scratch.tensor(0.1)), "tensor for lr"),
    "beta-tensor": (
        lambda: scratch.optim.Adam(leaves(scratch), betas=(scratch.tensor(0.9), scratch.tensor(0.9))),
        "tensor for betas",
    ),
    "group-lr-tensor": (
        lambda: scratch.optim.SGD([{"params": leaves(scratch), "lr": scratch.tensor(0.1)}]),
        "tensor for lr",
    ),
    "group-fused": (lambda: scratch.optim.SGD([{"params": leaves(scratch), "fused": True}]), "fused"),
    "names": (lambda: scratch.optim.SGD(scratch.nn.Linear(2, 2).named_parameters()), "named parameters"),
    "epoch": (
        lambda: scratch.optim.lr_scheduler.StepLR(two_groups(scratch), 3).step(epoch=5),
        "epoch",
    ),
    "sequence-last-epoch": (
        lambda: scratch.optim.lr_scheduler.SequentialLR(two_groups(scratch), [], [], last_epoch=4),
        "last_epoch",
    ),
    "plateau-epoch": (
        lambda: scratch.optim.lr_scheduler.ReduceLROnPlateau(two_groups(scratch)).step(1.0, epoch=5),
        "epoch",
    ),
    "clip-norm-foreach": (
        lambda: scratch.nn.utils.clip_grad_norm_(leaves(scratch), 1.0, foreach=True),
        "foreach",
    ),
    "clip-value-foreach": (
        lambda: scratch.nn.utils.clip_grad_value_(leaves(scratch), 1.0, foreach=True),
        "foreach",
    ),
    "clip-with-norm-foreach": (
        lambda: scratch.nn.utils.clip_grads_with_norm_(leaves(scratch), 1.0, scratch.tensor(5.0), True),
        "foreach",
    ),
    "norm-foreach": (lambda: scratch.nn.utils.get_total_norm(leaves(scratch), foreach=True), "foreach"),
}
