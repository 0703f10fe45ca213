"""Wrong answers to chapter 4's exercises fail, each at the property that it lacks."""

import numpy as np
import pytest

from nbcourse.checks import evaluate, exercises


def by_rows(groups, share, rng):
    return rng.random(len(groups)) < share


def first_patients(groups, share, rng):
    patients = np.unique(groups)
    return np.isin(groups, patients[: round(share * len(patients))])


def patient_numbers(groups, share, rng):
    return np.where(first_patients(groups, share, rng), groups, 0)


def last_loss_as_best(losses, patience):
    waited = 0
    for epoch in range(1, len(losses)):
        waited = 0 if losses[epoch] < losses[epoch - 1] else waited + 1
        if waited >= patience:
            return epoch, int(np.nanargmin(losses[: epoch + 1]))
    return len(losses) - 1, int(np.nanargmin(losses))


def never_resets(losses, patience):
    lowest, best, waited = np.inf, 0, 0
    for epoch, loss in enumerate(losses):
        if loss < lowest:
            lowest, best = loss, epoch
        else:
            waited += 1
        if waited >= patience:
            return epoch, best
    return len(losses) - 1, best


def equal_is_better(losses, patience):
    lowest, best = np.inf, 0
    for epoch, loss in enumerate(losses):
        if loss <= lowest:
            lowest, best = loss, epoch
        elif epoch - best >= patience:
            return epoch, best
    return len(losses) - 1, best


def lower_than_each_before(losses, patience):
    best = 0
    for epoch, loss in enumerate(losses):
        if all(loss < before for before in losses[:epoch]):  # never again after a NaN
            best = epoch
        elif epoch - best >= patience:
            return epoch, best
    return len(losses) - 1, best


def unscaled(a, p, rng):
    mask = rng.random(a.shape) >= p
    return a * mask, lambda g: g * mask


def another_mask_backward(a, p, rng):
    return a * (rng.random(a.shape) >= p) / (1 - p), lambda g: g * (rng.random(a.shape) >= p) / (1 - p)


def keeps_p(a, p, rng):
    mask = (rng.random(a.shape) < p) / max(p, 1e-9)
    return a * mask, lambda g: g * mask


def one_mask_for_all(a, p, rng):
    mask = (rng.random(a.shape[1]) >= p) / (1 - p)
    return a * mask, lambda g: g * mask


class BiasedRunning:
    def __init__(self, m):
        self.mean, self.var = np.zeros(m), np.ones(m)

    unbiased = 0

    def forward(self, z, training):
        mean, var = self.mean, self.var
        if training:
            mean, var = z.mean(axis=0), z.var(axis=0)
            self.mean = 0.9 * self.mean + 0.1 * mean
            self.var = 0.9 * self.var + 0.1 * z.var(axis=0, ddof=self.unbiased)
        return (z - mean) / np.sqrt(var + 1e-5)


class AlwaysTheBatch(BiasedRunning):
    unbiased = 1

    def forward(self, z, training):
        return super().forward(z, True)


class ForgetsOldBatches(BiasedRunning):
    unbiased = 1

    def forward(self, z, training):
        if training:
            self.mean, self.var = np.zeros_like(self.mean), np.ones_like(self.var)
        return super().forward(z, training)


def starts_at_zero(t, total, warmup, lr):
    rising = lr * t / max(warmup, 1)
    return np.where(t < warmup, rising, lr * (1 + np.cos(np.pi * (t - warmup) / (total - warmup))) / 2)


def cosine_of_the_whole_run(t, total, warmup, lr):
    return np.where(t < warmup, lr * (t + 1) / max(warmup, 1), lr * (1 + np.cos(np.pi * t / total)) / 2)


def each_by_itself(gradients, longest):
    return [g * min(1, longest / max(np.linalg.norm(g), 1e-12)) for g in gradients]


def always_rescaled(gradients, longest):
    norm = np.sqrt(sum(np.sum(g**2) for g in gradients))
    return [g * longest / max(norm, 1e-12) for g in gradients]


def mean_of_all(k, n, q, rng):
    return rng.binomial(n, q, size=k).mean() / n


def count_not_share(k, n, q, rng):
    return rng.binomial(n, q, size=k).max()


def each_by_its_own_limits(train, *others):
    def scale(part):
        width = np.ptp(part, axis=0)
        return (part - part.min(axis=0)) / np.where(width == 0, 1, width)

    return tuple(scale(part) for part in (train, *others))


def divides_by_zero(train, *others):
    lowest, width = train.min(axis=0), np.ptp(train, axis=0)
    return tuple((part - lowest) / width for part in (train, *others))


def loop(shuffled=True, paired=True, whole=True, logits=True, reset=True, ready=True):
    """The training loop of the exercise, with chosen mistakes."""

    def answer(library, model, X, y, epochs, lr, batch=32, seed=0):
        rng, losses = np.random.default_rng(seed), []
        optimiser = library.optim.SGD(model.parameters(), lr=lr)
        model.train()
        for _ in range(epochs):
            order = rng.permutation(len(X)) if shuffled else np.arange(len(X))
            others = order if paired else rng.permutation(len(X))
            total = 0.0
            for start in range(0, len(X) if whole else max(1, len(X) - batch), batch):
                rows, targets = order[start : start + batch], others[start : start + batch]
                out = model(library.tensor(X[rows]))
                out = out if logits else library.nn.functional.softmax(out, dim=1)
                loss = library.nn.functional.cross_entropy(out, library.tensor(y[targets]))
                if reset:
                    optimiser.zero_grad()
                loss.backward()
                optimiser.step()
                total += loss.item() * len(rows)
            losses.append(total / len(X))
        if ready:
            model.eval()
        return losses

    return answer


GRADIENT_DESCENT = "with one batch of all examples, is plain gradient descent"
WRONG = [
    ("grouped-split", by_rows, "keeps all rows of a patient on one side"),
    ("grouped-split", first_patients, "draws the patients at random, by rng"),
    ("grouped-split", patient_numbers, "returns a boolean mask"),
    ("early-stopping", last_loss_as_best, "compares with the best epoch, not with the last"),
    ("early-stopping", never_resets, "counts anew after an improvement"),
    ("early-stopping", equal_is_better, "does not take an equal loss for an improvement"),
    ("early-stopping", lower_than_each_before, "compares no later loss with NaN"),
    ("dropout", unscaled, "divides the others by 1 - p"),
    ("dropout", another_mask_backward, "backward uses the mask of the forward pass"),
    ("dropout", keeps_p, "silences a share p of the neurons"),
    ("dropout", one_mask_for_all, "draws a mask for each example"),
    ("batch-norm", BiasedRunning, "in evaluation, uses the running ones"),
    ("batch-norm", AlwaysTheBatch, "starts with running mean 0 and variance 1"),
    ("batch-norm", ForgetsOldBatches, "remembers over several batches"),
    ("schedule", starts_at_zero, "begins at lr / warmup"),
    ("schedule", cosine_of_the_whole_run, "starts the cosine from lr"),
    ("clip", each_by_itself, "multiplies all by one factor"),
    ("clip", always_rescaled, "leaves short gradients as they are"),
    (
        "best-of",
        lambda k, n, q, rng: rng.binomial(n, q, size=k).mean() / n,
        "of a hundred, is about 0.97 on average",
    ),
    ("best-of", lambda k, n, q, rng: rng.binomial(n, q, size=k).max(), "of one setting, is q on average"),
    ("scaler", each_by_its_own_limits, "the others are mapped by the training part's limits"),
    ("scaler", divides_by_zero, "a constant column becomes 0"),
    ("mend", loop(shuffled=False), "takes another order in each epoch"),
    ("mend", loop(paired=False), "keeps each input with its label, and gives the loss logits"),
    ("mend", loop(whole=False), "uses every example in every epoch, the last ones too"),
    ("mend", loop(logits=False), GRADIENT_DESCENT),
    ("mend", loop(logits=False), "keeps each input with its label, and gives the loss logits"),
    ("mend", loop(reset=False), GRADIENT_DESCENT),
    ("mend", loop(reset=False), "forgets gradients from before"),
    ("mend", loop(ready=False), "leaves the model ready to predict"),
]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name, answer, lacking", WRONG, ids=[f"{n}-{i}" for i, (n, *_) in enumerate(WRONG)])
def test_a_wrong_answer_fails_where_it_is_wrong(name, answer, lacking):
    result = evaluate(f"training/{name}", answer)
    assert result.attempted and not result.passed
    assert lacking in [failure.sentence for failure in result.failures], str(result)


def test_the_mended_loop_passes_whoever_wrote_it():
    assert evaluate("training/mend", loop()).passed


def test_every_exercise_has_a_wrong_answer_here():
    assert {f"training/{name}" for name, *_ in WRONG} == set(exercises("training"))
