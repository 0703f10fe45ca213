"""The training loop: take a batch, compute the loss, go back, step; now and then look, and save."""

import contextlib
import itertools

import torch

from nbcourse.train import distributed
from nbcourse.train.device import autocast, check_compiler, choose_device, deterministic
from nbcourse.train.errors import TrainingError, explained
from nbcourse.train.run import Run

LOSSES_CHECKED_EVERY = 20  # steps: reading a loss makes a GPU wait for it


def fit(
    model,
    batches,
    loss,
    settings,
    *,
    validate=None,
    monitor="loss",
    largest=False,
    device="auto",
    folder=None,
    resume=False,
    hooks=(),
    sharded=False,
):
    """Train `model` in place and return its `Run`.

    Parameters
    ----------
    model : Module
        Its weights are where it starts.
    batches : callable with a length
        ``batches(epoch)`` yields tuples of tensors, the same for the same epoch; see `Batches`.
    loss : callable
        ``loss(model, batch)`` returns the mean loss over the examples of the batch, a tensor of one element.
    settings : Settings
        How to train.
    validate : callable, optional
        ``validate(model)`` returns {name: number}, on data that the model does not learn from.
    monitor : str
        The name whose value says which weights are best, and when patience ends.
    largest : bool
        Whether a large value of it is the better one.
    device : str
        "auto", "cpu", "cuda" or "mps"; see `choose_device`.
    folder : path, optional
        Where a checkpoint goes after each look at the validation part.
    resume : bool
        Whether to go on from the newest checkpoint in `folder`; if there is none, the run begins. Without it,
        a finished run in `folder` is replaced, and one that is not finished is an error.
    hooks : callables
        ``hook(event, run)`` is called with "step" after each step, "look" after each look, and "end".
    sharded : bool
        Under ``torchrun``: whether parameters are spread over the processes (FSDP) or copied (DDP).

    Raises
    ------
    TrainingError
        If the loss is not finite (`NonFiniteLoss`), memory runs out (`OutOfMemory`), a checkpoint cannot
        be written or read (`CheckpointError`), or another process is lost (`LostProcess`).
    """
    if not len(batches):
        raise TrainingError("expected at least one batch in an epoch, got none")
    if sharded and settings.ema:
        raise TrainingError("expected ema=0 with sharded weights: their average is not kept")
    total = settings.steps or settings.epochs * len(batches)
    look_every = settings.validate_every or len(batches)
    with distributed.group(choose_device(device)) as device, deterministic(settings.deterministic):
        if settings.compile:
            check_compiler(device)
        network = distributed.wrap(model.to(device), device, sharded)
        run = Run(model, settings, total, device, folder)
        distributed.separate_randomness()
        run.begin(resume)
        network = torch.compile(network) if settings.compile else network
        network.train()
        for batch in _remaining(batches, run):
            with explained(run):
                _step(run, network, batch, loss)
            _call(hooks, "step", run)
            if run.progress.step % look_every == 0 or run.finished:
                with explained(run):
                    run.look(validate, monitor, largest)
                _call(hooks, "look", run)
                run.save()
            if run.finished:
                break
        _call(hooks, "end", run)
    return run


def _remaining(batches, run):
    """Yield the batches from where the run stands to its end, epoch after epoch."""
    progress = run.progress
    while not run.finished:
        for batch in itertools.islice(batches(progress.epoch), progress.batch, None):
            progress.batch += 1
            yield batch
        if not progress.batch:
            raise TrainingError(f"expected batches in epoch {progress.epoch + 1}, got none")
        progress.epoch, progress.batch = progress.epoch + 1, 0


def _step(run, network, batch, loss):
    """One step of the optimiser: gradients of the mean loss over the batch, in parts, then the update."""
    settings = run.settings
    parts = min(settings.accumulate, max(1, len(batch[0]) // run.world))  # as many in every process
    batch, share = distributed.share(tuple(tensor.to(run.device) for tensor in batch))
    value = 0.0
    for part, weight, last in _parts(batch, parts):
        with contextlib.nullcontext() if last else distributed.not_yet(network):
            with autocast(run.device, settings.precision):
                mean = loss(network, part) * (weight * share * run.world)
            run.scaler.scale(mean).backward()
        value = value + mean.detach()
    if settings.clip:
        run.scaler.unscale_(run.optimizer)
        torch.nn.utils.clip_grad_norm_(run.model.parameters(), settings.clip)
    scale = run.scaler.get_scale()
    run.scaler.step(run.optimizer)
    run.scaler.update()
    run.optimizer.zero_grad()
    if run.scaler.get_scale() >= scale:  # a smaller one: float16 overflowed, and the optimiser did not step
        run.scheduler.step()
        if run.average is not None:
            run.average.update_parameters(run.model)
    run.progress.step += 1
    run.losses.append(value)
    if len(run.losses) % LOSSES_CHECKED_EVERY == 0:
        run.check_losses()


def _parts(batch, parts):
    """Yield (part of the batch, its share of the examples, whether it is the last)."""
    n = len(batch[0])
    pieces = zip(*(tensor.tensor_split(parts) for tensor in batch), strict=True)
    for i, part in enumerate(pieces):
        yield part, len(part[0]) / n, i == parts - 1


def _call(hooks, event, run):
    for hook in hooks:
        hook(event, run)
