"""The training loop: take a batch, compute the loss, go back, step; now and then look, and save."""

import contextlib
import itertools

import torch

from nbcourse.train import distributed
from nbcourse.train.device import autocast, choose_device, deterministic
from nbcourse.train.errors import OutOfMemory, TrainingError
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
        ``loss(model, batch)`` returns the mean loss over the batch, a tensor of one element.
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
        Whether to go on from the newest checkpoint in `folder`; if there is none, the run begins.
    hooks : callables
        ``hook(event, run)`` is called with "step" after each step, "look" after each look, and "end".
    sharded : bool
        Under ``torchrun``: whether parameters are spread over the processes (FSDP) or copied (DDP).

    Raises
    ------
    TrainingError
        If the loss is not finite (`NonFiniteLoss`), memory runs out (`OutOfMemory`), or a checkpoint cannot
        be written or read (`CheckpointError`).
    """
    if not len(batches):
        raise TrainingError("expected at least one batch in an epoch, got none")
    total = settings.steps or settings.epochs * len(batches)
    look_every = settings.validate_every or len(batches)
    with distributed.group(choose_device(device)) as device, deterministic(settings.deterministic):
        network = distributed.wrap(model.to(device), device, sharded)
        run = Run(model, settings, total, device, folder)
        if resume and folder is not None:
            run.restore()
        network = torch.compile(network) if settings.compile else network
        network.train()
        for batch in _remaining(batches, run):
            _step(run, network, batch, loss)
            _call(hooks, "step", run)
            step = run.progress.step
            if step % look_every == 0 or step == total:
                run.check_losses()
                run.look(validate, monitor, largest)
                _call(hooks, "look", run)
                run.save()
            if run.progress.stopped:
                break
        _call(hooks, "end", run)
    return run


def _remaining(batches, run):
    """Yield the batches from where the run stands to its end, epoch after epoch."""
    progress = run.progress
    while progress.step < run.total and not progress.stopped:
        for batch in itertools.islice(batches(progress.epoch), progress.batch, None):
            if progress.step == run.total:
                return
            progress.batch += 1
            yield batch
        progress.epoch, progress.batch = progress.epoch + 1, 0


def _step(run, network, batch, loss):
    """One step of the optimiser: gradients of the mean loss over the batch, in parts, then the update."""
    settings = run.settings
    batch, share = distributed.share(tuple(tensor.to(run.device) for tensor in batch))
    value = 0.0
    try:
        for part, weight, last in _parts(batch, settings.accumulate):
            alone = contextlib.nullcontext() if last else distributed.not_yet(network)
            with alone, autocast(run.device, settings.precision):
                mean = loss(network, part) * (weight * share * distributed.world())
            run.scaler.scale(mean).backward()
            value = value + mean.detach()
    except torch.OutOfMemoryError as error:
        raise OutOfMemory(
            f"{run.device} has no memory left at step {run.progress.step + 1} with batch_size="
            f"{settings.batch_size}: try a larger accumulate, a smaller batch_size, or precision=bfloat16"
        ) from error
    if settings.clip:
        run.scaler.unscale_(run.optimizer)
        torch.nn.utils.clip_grad_norm_(run.model.parameters(), settings.clip)
    run.scaler.step(run.optimizer)
    run.scaler.update()
    run.optimizer.zero_grad()
    run.scheduler.step()
    if run.average is not None:
        run.average.update_parameters(run.model)
    run.progress.step += 1
    run.losses.append(value)
    if len(run.losses) % LOSSES_CHECKED_EVERY == 0:
        run.check_losses()


def _parts(batch, accumulate):
    """Yield (part of the batch, its share of the examples, whether it is the last)."""
    n = len(batch[0])
    pieces = list(zip(*(tensor.tensor_split(min(accumulate, n)) for tensor in batch), strict=True))
    for i, part in enumerate(pieces):
        yield part, len(part[0]) / n, i == len(pieces) - 1


def _call(hooks, event, run):
    for hook in hooks:
        hook(event, run)
