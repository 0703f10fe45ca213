"""Language models: no look ahead, a cache that changes nothing, and texts that are drawn as asked."""

import math

import pytest
import torch

from nbcourse.models import GPT, RecurrentLM, continue_text, draw
from nbcourse.models.drawing import evaluating
from nbcourse.models.gpt import rotary_angles, rotate
from tests.models.helpers import largest_difference

V = 11


def make_gpt(**changed):
    """A GPT with large weights, in float64: what goes wrong shows."""
    torch.manual_seed(0)
    model = GPT(**{"vocabulary": V, "context": 10, "layers": 2, "heads": 2, "width": 16} | changed)
    model = model.double().eval()
    for p in model.parameters():
        torch.nn.init.normal_(p, std=0.4)
    return model


@pytest.fixture(params=["learned", "rotary"])
def gpt(request):
    return make_gpt(positions=request.param)


def some(n=3, length=10):
    return torch.randint(V, (n, length), generator=torch.Generator().manual_seed(5))


@torch.no_grad()
def test_later_tokens_change_nothing_earlier(gpt):
    x = some()
    for place in range(10):
        other = x.clone()
        other[:, place] = (x[:, place] + 1) % V
        difference = (gpt(x) - gpt(other)).abs().amax(2)
        assert not difference[:, :place].any()
        assert (difference[:, place] > 1e-6).all()


@torch.no_grad()
@pytest.mark.parametrize("cuts", [[1] * 10, [4, 6], [3, 1, 1, 5], [9, 1], [10]], ids=str)
def test_cache_equals_the_full_pass(gpt, cuts):
    x, caches, parts = some(), None, []
    for part in x.split(cuts, 1):
        scores, caches = gpt.step(part, caches)
        parts.append(scores)
    assert largest_difference(torch.cat(parts, 1), gpt(x)) < 1e-12
    assert caches[0][0].shape == (3, 2, 10, 8)


def test_cache_and_tokens_fit_the_context_together(gpt):
    _, caches = gpt.step(some(length=8))
    with pytest.raises(ValueError, match=r"at most 10 tokens \(the context\), got 11"):
        gpt.step(some(length=3), caches)


def test_rotary_scores_depend_on_the_distance_only():
    q, k = torch.randn(2, 16, dtype=torch.double)
    cosines, sines = (x.double() for x in rotary_angles(40, 16))
    scores = rotate(q, cosines, sines) @ rotate(k, cosines, sines).T  # (40, 40)
    for distance in range(-39, 40):
        along = scores.diagonal(distance)
        assert (along - along[0]).abs().max() < 1e-5  # angles are float32
    assert (scores[0] - scores[0, 0]).abs().max() > 0.1
    lengths = rotate(q, cosines, sines).norm(dim=-1)
    assert (lengths - q.norm()).abs().max() < 1e-6


@torch.no_grad()
def test_rotary_model_does_not_know_where_a_text_begins():
    model = make_gpt(positions="rotary", context=20)
    x = some(length=6)
    cosines, sines = rotary_angles(40, 8)
    before = model(x)
    model.cosines, model.sines = cosines[13:].double(), sines[13:].double()  # 13 places further on
    assert largest_difference(model(x), before) < 1e-4


def test_tied_weights_are_one_memory():
    model = make_gpt()
    assert model.head.weight is model.embedding.weight
    assert model.head.weight.data_ptr() == model.embedding.weight.data_ptr()
    assert "head.weight" not in dict(model.named_parameters())
    copy = make_gpt()
    copy.load_state_dict(model.state_dict())
    assert copy.head.weight is copy.embedding.weight
    free = make_gpt(tied=False)
    assert free.head.weight.data_ptr() != free.embedding.weight.data_ptr()


def test_initial_weights():
    torch.manual_seed(0)
    model = GPT(500, 32, layers=8, heads=4, width=128)
    assert model.embedding.weight.std().item() == pytest.approx(0.02, rel=0.05)
    for block in model.blocks:
        for last in (block.attention.out, block.mlp[2]):
            assert last.weight.std().item() == pytest.approx(0.02 / math.sqrt(16), rel=0.05)
    scores = model(torch.arange(32)[None])
    loss = torch.nn.functional.cross_entropy(scores[0, :-1], torch.arange(1, 32))
    assert loss.item() == pytest.approx(math.log(500), abs=0.2)  # it knows nothing yet


class TestGenerate:
    @torch.no_grad()
    def test_greedy_is_the_likeliest_token_each_time(self, gpt):
        x = some(length=2)
        out = gpt.generate(x, 30, temperature=0)
        assert out.shape == (3, 32) and torch.equal(out[:, :2], x)
        for place in range(2, 32):  # beyond the context, the last ten tokens are seen
            seen = out[:, max(0, place - 10) : place]
            assert torch.equal(out[:, place], gpt(seen)[:, -1].argmax(-1)), place
        assert torch.equal(out, gpt.generate(x, 30, temperature=0))

    def test_a_prompt_longer_than_the_context(self, gpt):
        x = some(length=25)
        out = gpt.generate(x, 3, temperature=0)
        assert torch.equal(out[:, :25], x)
        assert torch.equal(out[:, 25:], gpt.generate(x[:, -10:], 3, temperature=0)[:, 10:])

    def test_the_generator_decides(self, gpt):
        def drawn(seed):
            return gpt.generate(some(), 20, generator=torch.Generator().manual_seed(seed))

        state = torch.get_rng_state()
        assert torch.equal(drawn(1), drawn(1)) and not torch.equal(drawn(1), drawn(2))
        assert torch.equal(torch.get_rng_state(), state)

    def test_one_of_the_likeliest_is_the_greedy_text(self, gpt):
        assert torch.equal(gpt.generate(some(), 9, top_k=1), gpt.generate(some(), 9, temperature=0))

    def test_no_more_tokens(self, gpt):
        assert torch.equal(gpt.generate(some(), 0), some())

    def test_the_mode_is_left_as_it_was(self):
        model = make_gpt(dropout=0.5).train()
        out = model.generate(some(), 9, temperature=0)
        assert model.training and model.blocks[0].training and not out.requires_grad
        assert torch.equal(out, model.eval().generate(some(), 9, temperature=0)) and not model.training

    @pytest.mark.parametrize(
        "arguments, message",
        [
            ({"temperature": -1}, "temperature of at least 0, got -1"),
            ({"temperature": math.nan}, "temperature"),
            ({"top_k": 0}, "top_k"),
            ({"length": -1}, "length"),
            ({"tokens": torch.zeros(2, 0, dtype=torch.long)}, r"T ≥ 1 to go on from, got \(2, 0\)"),
            ({"tokens": torch.tensor([1])}, r"got \(1,\)"),
        ],
    )
    def test_bad_argument_is_named(self, gpt, arguments, message):
        recurrent = RecurrentLM(V, "gru", 8, 8)
        with pytest.raises(ValueError, match=message):
            gpt.generate(**{"tokens": some(), "length": 2} | arguments)
        with pytest.raises(ValueError, match=message):
            continue_text(recurrent, **{"tokens": some(), "length": 2} | arguments)


class TestDraw:
    scores = torch.tensor([[0.0, 1.0, 2.0, -1.0]])

    def shares(self, **arguments):
        rows = self.scores.expand(40_000, -1)
        drawn = draw(rows, generator=torch.Generator().manual_seed(0), **arguments)
        assert drawn.shape == (40_000, 1)
        return torch.bincount(drawn[:, 0], minlength=4) / 40_000

    @pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
    def test_shares_are_the_softmax(self, temperature):
        expected = torch.softmax(self.scores[0] / temperature, 0)
        assert largest_difference(self.shares(temperature=temperature), expected) < 0.01

    def test_top_k(self):
        expected = torch.zeros(4).index_put((torch.tensor([1, 2]),), torch.softmax(self.scores[0, 1:3], 0))
        assert largest_difference(self.shares(top_k=2), expected) < 0.01
        assert self.shares(top_k=2)[[0, 3]].tolist() == [0, 0]
        assert torch.equal(self.shares(top_k=99), self.shares(top_k=4))
        ties = draw(torch.zeros(1000, 5), top_k=2, generator=torch.Generator().manual_seed(0))
        assert len(ties.unique()) == 2

    def test_a_small_temperature_is_greedy(self):
        assert self.shares(temperature=1e-30).tolist() == [0, 0, 1, 0]
        assert self.shares(temperature=0).tolist() == [0, 0, 1, 0]

    def test_impossible_tokens_are_never_drawn(self):
        scores = torch.tensor([[0.0, -torch.inf, 0.0]]).expand(1000, -1)
        assert 1 not in draw(scores)


class TestRecurrent:
    @pytest.fixture(params=["rnn", "lstm", "gru"])
    def model(self, request):
        torch.manual_seed(0)
        return RecurrentLM(V, request.param, 8, 16, layers=2).double().eval()

    @torch.no_grad()
    def test_state_equals_the_full_pass(self, model):
        x, state, parts = some(), None, []
        for part in x.split([1, 4, 5], 1):
            scores, state = model.step(part, state)
            parts.append(scores)
        assert largest_difference(torch.cat(parts, 1), model(x)) < 1e-12

    @torch.no_grad()
    def test_greedy(self, model):
        x = some(length=2)
        out = continue_text(model, x, 6, temperature=0)
        assert torch.equal(out[:, :2], x)
        for place in range(2, 8):
            assert torch.equal(out[:, place], model(out[:, :place])[:, -1].argmax(-1))
        assert torch.equal(out, continue_text(model, x, 6, top_k=1))

    def test_generator_and_mode(self, model):
        model.train()
        one, two = (
            continue_text(model, some(), 20, 1.5, generator=torch.Generator().manual_seed(3))
            for _ in range(2)
        )
        assert torch.equal(one, two) and model.training


def test_evaluating_restores_the_mode_after_an_error():
    model = make_gpt().train()
    with pytest.raises(KeyError), evaluating(model):
        assert not model.training and not torch.is_grad_enabled()
        raise KeyError
    assert model.training and torch.is_grad_enabled()
