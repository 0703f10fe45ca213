"""Models of texts: padding changes nothing, an empty text has scores, and what is read is what counts."""

import pytest
import torch

from nbcourse.models import BagOfWords, RecurrentClassifier, TextCNN, TextTransformer
from tests.models.helpers import largest_difference

READERS = {
    "BagOfWords": lambda padding: BagOfWords(12, 3, 8, 8, padding=padding),
    "TextCNN": lambda padding: TextCNN(12, 3, 8, 6, padding=padding),
    "RecurrentClassifier": lambda padding: RecurrentClassifier(12, 3, "gru", 8, 8, 2, padding=padding),
    "RecurrentClassifier of LSTM": lambda padding: RecurrentClassifier(12, 3, "lstm", 8, 8, padding=padding),
    "TextTransformer": lambda padding: TextTransformer(12, 3, 8, 2, 2, context=20, padding=padding),
}


@pytest.fixture(params=[0, 11], ids=["padding 0", "padding 11"])
def padding(request):
    return request.param


@pytest.fixture(params=READERS.values(), ids=READERS)
def model(request, padding):
    torch.manual_seed(1)
    model = request.param(padding).double().eval()
    for p in model.parameters():  # biases as large as weights: what padding adds would show
        torch.nn.init.normal_(p, std=0.5)
    model.embedding.weight.data[padding] = 0  # as it is built, and as training leaves it
    return model


@torch.no_grad()
def test_padding_changes_nothing(model, padding):
    texts = [torch.randint(1, 11, (length,)) for length in (1, 3, 7, 4)]
    alone = torch.cat([model(text[None]) for text in texts])
    for longest in (7, 8, 20):
        batch = torch.full((4, longest), padding)
        for row, text in zip(batch, texts, strict=True):
            row[: len(text)] = text
        assert largest_difference(model(batch), alone) < 1e-12, longest


@torch.no_grad()
def test_every_token_counts(model):
    text = torch.randint(1, 11, (1, 6))
    for place in range(6):
        other = text.clone()
        other[0, place] = text[0, place] % 10 + 1
        assert largest_difference(model(text), model(other)) > 1e-6, place


@torch.no_grad()
def test_an_empty_text_has_scores(model, padding):
    batch = torch.full((2, 9), padding)
    batch[0, :4] = torch.arange(1, 5)
    scores = model(batch)
    assert scores.isfinite().all()
    assert largest_difference(scores[0], model(batch[:1, :4])[0]) < 1e-12
    assert largest_difference(scores[1], model(batch[1:, :1])[0]) < 1e-12


def test_the_vector_of_padding_stays_zero(padding):
    for make in READERS.values():
        model = make(padding)
        assert not model.embedding.weight[padding].any()
        model(torch.tensor([[1, 2, padding]])).sum().backward()
        assert not model.embedding.weight.grad[padding].any()


def test_padding_in_between_is_refused():
    with pytest.raises(ValueError, match=r"expected padding \(0\) after the other tokens only"):
        RecurrentClassifier(5)(torch.tensor([[1, 0, 2]]))


def test_a_recurrent_classifier_begins_with_short_vectors():
    weight = RecurrentClassifier(500).embedding.weight
    assert weight[1:].std().item() == pytest.approx(0.1, rel=0.05) and weight.requires_grad


@torch.no_grad()
def test_a_transformer_begins_without_an_order():
    model = TextTransformer(12, 3, 8, 2).eval()
    words = torch.randint(1, 12, (5, 9))
    turned = words.flip(1)
    assert largest_difference(model(words), model(turned)) < 1e-5
    torch.nn.init.normal_(model.position.weight)
    assert largest_difference(model(words), model(turned)) > 1e-3
