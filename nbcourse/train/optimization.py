"""The optimiser and its learning-rate schedule, from the settings."""

import math

import torch


def make_optimizer(model, settings):
    """Return AdamW or SGD over the model's parameters; biases, norms and other vectors do not decay."""
    parameters = [p for p in model.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": settings.weight_decay},
        {"params": [p for p in parameters if p.ndim <= 1], "weight_decay": 0.0},
    ]
    groups = [group for group in groups if group["params"]]
    if settings.optimizer == "sgd":
        momentum = settings.momentum
        return torch.optim.SGD(groups, settings.lr, momentum=momentum, nesterov=momentum > 0)
    return torch.optim.AdamW(groups, settings.lr, betas=(settings.momentum, settings.beta2))


def rate(step, total, settings):
    """The share of the learning rate at `step` out of `total`, both counted from 0: from 0 to 1."""
    warmup = settings.warmup if settings.warmup >= 1 else settings.warmup * total
    if step < warmup:
        return (step + 1) / math.ceil(warmup + 1)
    done = (step - warmup) / max(1, total - warmup)  # 0 … 1
    if settings.schedule == "constant":
        return 1.0
    lowest = 0.1 if settings.schedule == "cosine" else 0.0
    return lowest + (1 - lowest) * (1 + math.cos(math.pi * min(1, done))) / 2


def make_scheduler(optimizer, total, settings):
    """Return the schedule as a ``LambdaLR``: it is stepped once after each step of the optimiser."""
    return torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: rate(step, total, settings))
