"""The translator: padding, causality, and a beam search held next to all sentences there are."""

import itertools
import math

import pytest
import torch

from nbcourse.models import Translator, beam_search
from nbcourse.models.translation import sinusoids
from tests.models.helpers import largest_difference

LONGEST = 4


def make(seed=0, vocabulary=6, std=0.5, **changed):
    """A small translator with random weights, in float64; with 6 tokens three of them are words."""
    torch.manual_seed(seed)
    arguments = {"width": 8, "heads": 2, "layers": 1, "inner": 16, "dropout": 0.0, "context": 20} | changed
    model = Translator(vocabulary, **arguments).double().eval()
    for p in model.parameters():
        torch.nn.init.normal_(p, std=std)
    return model


def sources(n=4, vocabulary=6, longest=5, seed=0):
    """Source sentences of different lengths, padded with 0, and each alone."""
    g = torch.Generator().manual_seed(seed)
    batch = torch.randint(3, vocabulary, (n, longest), generator=g)
    for i, length in enumerate(torch.randint(1, longest + 1, (n,), generator=g).tolist()):
        batch[i, length:] = 0
    return batch, [row[row > 0][None] for row in batch]


@torch.no_grad()
def test_padding_of_the_source_changes_nothing():
    model = make()
    batch, alone = sources()
    target = torch.randint(3, 6, (4, 6))
    apart = torch.cat([model(row, target[i : i + 1]) for i, row in enumerate(alone)])
    assert largest_difference(model(batch, target), apart) < 1e-12
    wider = torch.nn.functional.pad(batch, (0, 9))
    assert largest_difference(model(wider, target), apart) < 1e-12


@torch.no_grad()
def test_later_target_tokens_change_nothing_earlier():
    model, (batch, _) = make(), sources()
    target = torch.randint(3, 6, (4, 6))
    before = model(batch, target)
    for place in range(6):
        other = target.clone()
        other[:, place:] = 0  # padding among them
        assert (
            largest_difference(model(batch, other)[:, :place], before[:, :place]) < 1e-12 if place else True
        )


@torch.no_grad()
def test_step_by_step_gives_the_scores_of_the_whole():
    """Several translations of each source, read token by token, beside one another."""
    model, (batch, _) = make(layers=3, heads=4), sources()
    targets = torch.randint(3, 6, (4, 3, 7))  # (n, beams, T)
    targets[..., 0] = model.start
    memory, hidden = model.encode(batch)
    states, scores = None, []
    for tokens in targets.unbind(-1):
        found, states = model.step(tokens, memory, hidden, states)
        scores.append(found)
    for beam in range(3):
        whole = model(batch, targets[:, beam])  # (n, T, vocabulary)
        assert largest_difference(torch.stack([s[:, beam] for s in scores], 1), whole) < 1e-12
    assert states.shape == (4, 3, 3, 7, 8)


@torch.no_grad()
def test_an_empty_source_has_scores():
    model = make()
    batch = torch.tensor([[3, 4, 5], [0, 0, 0]])
    scores = model(batch, torch.ones(2, 2, dtype=torch.long))
    assert scores.isfinite().all()
    assert largest_difference(scores[:1], model(batch[:1], torch.ones(1, 2, dtype=torch.long))) < 1e-12
    assert len(beam_search(model, batch, longest=LONGEST)) == 2


def test_sinusoids():
    x = sinusoids(50, 8)
    assert x.shape == (50, 8)
    assert x[0].tolist() == [0, 1] * 4
    assert x[7, 2].item() == pytest.approx(math.sin(7 / 10_000 ** (2 / 8)), abs=1e-6)
    assert x[7, 3].item() == pytest.approx(math.cos(7 / 10_000 ** (2 / 8)), abs=1e-6)


def test_one_matrix_embeds_and_scores():
    model = make()
    scores = model(torch.tensor([[3, 4]]), torch.tensor([[1]]))
    memory, hidden = model.encode(torch.tensor([[3, 4]]))
    with torch.no_grad():
        model.embedding.weight[5] *= 2  # token 5 is not read, only scored
    assert torch.allclose(model.decode(torch.tensor([[1]]), memory, hidden)[..., 5], 2 * scores[..., 5])


class Table(torch.nn.Module):
    """Scores drawn at random for every source and every beginning, behind the translator's interface.

    Nothing about one beginning tells of another, so that the likeliest next token often leads astray, and
    translations of all lengths win.
    """

    padding, start, end, context = 0, 1, 2, 20

    def __init__(self, seed=0, vocabulary=6):
        super().__init__()
        g = torch.Generator().manual_seed(seed)
        self.scores = 1.5 * torch.randn(9973, vocabulary, generator=g, dtype=torch.double)
        self.scores[:, self.end] -= 1

    def encode(self, source):
        return source[..., None].double(), source == self.padding

    def step(self, tokens, memory, hidden, states=None):
        texts = tokens[..., None] if states is None else torch.cat([states, tokens[..., None]], -1)
        source = memory[..., 0].masked_fill(hidden, 0).long().sort(1).values  # (n, S)
        source = source[:, None].expand(-1, tokens.shape[1], -1)
        place = torch.zeros_like(tokens)
        for token in torch.cat([source, texts], -1).unbind(-1):  # zeros before the first change nothing
            place = (place * 31 + token) % len(self.scores)
        return self.scores[place], texts

    def after(self, source, text):
        """log p of each token after a text."""
        return next_scores(self, source, text).log_softmax(0)

    def log_p(self, source, text):
        """log p of a text, token by token."""
        return sum(self.after(source, text[:i])[token].item() for i, token in enumerate(text))


def next_scores(model, source, text):
    """The scores of the token after a text: all of it is read anew, one token after the other."""
    if isinstance(model, Translator):
        return model(source, torch.tensor([[model.start, *text]]))[0, -1]
    states = None
    for token in [model.start, *text]:
        scores, states = model.step(torch.tensor([[token]]), *model.encode(source), states)
    return scores[0, 0]


def greedy(model, source, longest):
    """The likeliest token each time, as one would write it down; padding and start are no words."""
    text = []
    while len(text) < longest:
        scores = next_scores(model, source, text).clone()
        scores[[model.padding, model.start]] = -torch.inf
        text.append(scores.argmax().item())
        if text[-1] == model.end:
            return text[:-1]
    return text


def best_of_all(model, source, alpha):
    """The best of all translations that end within LONGEST tokens, every one of them scored."""
    every = [list(t) for length in range(LONGEST) for t in itertools.product((3, 4, 5), repeat=length)]
    assert len(every) == 1 + 3 + 9 + 27

    def score(text):
        return model.log_p(source, [*text, model.end]) / ((5 + len(text) + 1) / 6) ** alpha

    return max(every, key=score)


ALPHAS = pytest.mark.parametrize("alpha", [0, 0.6, 2.0])


@ALPHAS
def test_a_wide_beam_finds_the_best_of_all_translations(alpha):
    lengths, different, astray = set(), set(), 0
    for seed in range(8):
        model, (batch, alone) = Table(seed), sources(seed=seed)
        found = beam_search(model, batch, beams=50, longest=LONGEST, alpha=alpha)
        assert found == [best_of_all(model, row, alpha) for row in alone]
        lengths |= set(map(len, found))
        different |= set(map(tuple, found))
        astray += sum(text != greedy(model, row, LONGEST) for text, row in zip(found, alone, strict=True))
    assert len(lengths) >= 3 and len(different) >= 8 and astray >= 10  # there was something to find


@ALPHAS
@pytest.mark.parametrize("make_model", [Table, make])
def test_one_beam_is_greedy(make_model, alpha):
    for seed in range(6):
        model, (batch, alone) = make_model(seed), sources(8, seed=seed)
        with torch.no_grad():
            expected = [greedy(model, row, 9) for row in alone]
        assert beam_search(model, batch, beams=1, longest=9, alpha=alpha) == expected


@pytest.mark.parametrize("alpha", [0, 0.6])
def test_more_beams_find_better_translations(alpha):
    """Not for every sentence, because a beam may lose the greedy path; but hardly ever the other way."""
    better = worse = 0
    for seed in range(16):
        model, (batch, alone) = Table(seed), sources(6, seed=seed)

        def score(row, text, model=model):
            whole = [*text, model.end] if len(text) < 12 else text
            return model.log_p(row, whole) / ((5 + len(whole)) / 6) ** alpha

        greedy, wide = (beam_search(model, batch, beams=k, longest=12, alpha=alpha) for k in (1, 4))
        for row, one, other in zip(alone, greedy, wide, strict=True):
            gained = score(row, other) - score(row, one)
            better, worse = better + (gained > 1e-9), worse + (gained < -1e-9)
    assert better > 40 and worse <= 2


class Watched(Table):
    """Notes how many sentences are still being translated at each step."""

    def step(self, tokens, *others):
        self.seen = [*getattr(self, "seen", []), len(tokens)]
        return super().step(tokens, *others)


def test_sentences_that_are_done_cost_nothing_more():
    model = Watched()
    beam_search(model, sources(8)[0], beams=2, longest=12)
    assert model.seen[0] == 8 and model.seen == sorted(model.seen, reverse=True)
    assert len(set(model.seen)) >= 4


@ALPHAS
@pytest.mark.parametrize("beams", [1, 2, 4])
@pytest.mark.parametrize("make_model", [Table, make])
def test_a_sentence_does_not_depend_on_its_batch(make_model, beams, alpha):
    lengths = set()
    for seed in range(4):
        model = make_model(seed, vocabulary=9)
        batch, alone = sources(12, vocabulary=9, seed=seed)
        together = beam_search(model, batch, beams, longest=12, alpha=alpha)
        assert together == [beam_search(model, row, beams, longest=12, alpha=alpha)[0] for row in alone]
        assert together[::-1] == beam_search(model, batch.flip(0), beams, longest=12, alpha=alpha)
        lengths |= set(map(len, together))
    assert make_model is make or len(lengths) >= 4


def test_stopping_early_loses_nothing():
    """A beginning that could still win keeps its sentence open, however long the winner is."""
    for seed in range(5):
        model, (_, alone) = Table(seed), sources(seed=seed)
        for row in alone:
            wide = beam_search(model, row, beams=200, longest=5, alpha=3.0)[0]
            every = (list(t) for n in range(5) for t in itertools.product((3, 4, 5), repeat=n))
            scored = {
                tuple(text): model.log_p(row, [*text, 2]) / ((6 + len(text)) / 6) ** 3.0 for text in every
            }
            assert scored[tuple(wide)] == pytest.approx(max(scored.values()), abs=1e-12)


def test_no_end_in_sight():
    model = make()
    with torch.no_grad():
        model.decoder.norm.weight.zero_()
        model.decoder.norm.bias.zero_()
        model.decoder.norm.bias[0] = 1
        model.embedding.weight[:, 0] = torch.tensor([50.0, 40, -50, 0, 1, 0])  # padding, start, end, words
    assert beam_search(model, sources(2)[0], beams=3, longest=7) == [[4] * 7] * 2
    # padding and start are likelier than every word, yet they never follow


def test_dropout_is_off_and_the_mode_is_left():
    model = make(dropout=0.5).train()
    batch, _ = sources()
    found = beam_search(model, batch, longest=6)
    assert model.training and model.decoder.training
    assert found == beam_search(model.eval(), batch, longest=6) and not model.training


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"beams": 0}, "beams"),
        ({"longest": 0}, "longest"),
        ({"longest": 21}, r"longest ≤ 20 \(the context\), got 21"),
        ({"alpha": -0.5}, "alpha ≥ 0, got -0.5"),
        ({"alpha": math.nan}, "alpha"),
        ({"source": torch.full((1, 21), 3)}, "at most 20 tokens"),
    ],
)
def test_bad_argument_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        beam_search(make(), **{"source": sources()[0], "longest": 5} | arguments)
