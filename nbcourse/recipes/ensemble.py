"""Several networks that learn alone and answer together: the mean of their probabilities."""

import math
import shutil
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

from nbcourse.recipes.recipe import Recipe
from nbcourse.train import CheckpointError, checkpoint, distributed


class Average(nn.Module):
    """The logarithm of the mean of probabilities, in place of the scores (n, classes) of one model.

    The mean runs over the models, and over their `looks` at a picture that is moved by (down, right) pixels.
    """

    def __init__(self, models, looks=((0, 0),)):
        super().__init__()
        self.models, self.looks = nn.ModuleList(models), tuple(looks)

    def forward(self, x):
        """Return the scores of the classes."""
        seen = [moved(x, *look) for look in self.looks]
        answers = [model(picture).log_softmax(1) for model in self.models for picture in seen]
        return torch.stack(answers).logsumexp(0) - math.log(len(answers))  # over (answers, n, classes)


def moved(x, down, right):
    """Return pictures (n, c, h, w) moved by whole pixels; 0 comes in at the border."""
    return F.pad(x, (right, -right, down, -down)) if down or right else x


@dataclass(frozen=True)
class Ensemble(Recipe):
    """A recipe whose result is that of several networks, trained one after the other with their own seeds.

    Its other attributes are those of `Recipe`; `make` makes one member.

    Attributes
    ----------
    members : int
        How many; those of seed s are trained with the seeds s · members, s · members + 1, …
    looks : tuple of pairs
        By how many pixels (down, right) a picture is moved for each of a member's answers.
    """

    members: int = 5
    looks: tuple[tuple[int, int], ...] = ((0, 0),)

    def run(self, seed, settings=None, *, device="auto", folder=None, resume=False, hooks=()):
        """Train the members and score the mean of their probabilities on the test part, once.

        Returns what `Recipe.run` returns, without "best_step" and with "members", their seeds; seconds and
        steps are sums, and each row of the history names its member. Checkpoints go to
        ``folder/seed-0/member-0`` and so on: a run that is resumed goes on with the member that it was at.
        """
        seeds = range(seed * self.members, (seed + 1) * self.members)
        places = [None if folder is None else Path(folder) / f"seed-{seed}" / f"member-{s}" for s in seeds]
        if folder is not None and not resume:
            _clear(places)
        runs = []
        for member, place in zip(seeds, places, strict=True):
            heard = hooks if member == seeds[-1] else [_until_the_end(hook) for hook in hooks]
            told = {"device": device, "folder": place, "resume": resume, "hooks": heard}
            task, run = self.train(member, settings, **told)
            runs.append(run)
        return self._told(seed, seeds, runs, task)

    def _told(self, seed, seeds, runs, task):
        """Return the result of `run`: the members' answer together, and what all of them took."""
        average = Average((run.measured for run in runs), self.looks).eval()
        with torch.no_grad():
            scores = task.test(average)
        return {
            "seed": seed,
            "metric": scores[self.metric],
            "test": scores,
            "notes": task.notes,
            "members": list(seeds),
            "steps": sum(run.progress.step for run in runs),
            "seconds": round(sum(run.progress.seconds for run in runs), 2),
            "history": [
                {"member": member, **row}
                for member, run in zip(seeds, runs, strict=True)
                for row in run.progress.history
            ],
        }


def _clear(places):
    """Delete the members of a finished run, all before any is replaced; one not finished is an error."""
    found = [checkpoint.load(place) for place in places]
    finished = [content is not None and content["finished"] for content in found]
    if any(content is not None for content in found) and not all(finished):
        raise CheckpointError(
            f"{places[0].parent} holds {sum(finished)} of {len(places)} networks of a run that is not "
            "finished: resume it, or delete the folder to start again"
        )
    distributed.barrier()  # every process has looked
    if distributed.rank() == 0:
        for place in places:
            shutil.rmtree(place, ignore_errors=True)
    distributed.barrier()


def _until_the_end(hook):
    """The hook without its "end": the run goes on with the next member."""

    def heard(event, run):
        if event != "end":
            hook(event, run)

    return heard
