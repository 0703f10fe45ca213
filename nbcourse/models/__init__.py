"""The course's models in PyTorch, a file for each kind of network."""

from nbcourse.models.cnn import FastCNN, LeNet, Residual, ResNet, SignalCNN, SimpleCNN
from nbcourse.models.drawing import draw
from nbcourse.models.gpt import GPT
from nbcourse.models.mlp import MLP, SimpleNN, WindowLM
from nbcourse.models.rnn import Forecaster, RecurrentClassifier, RecurrentLM, SignalRNN, continue_text
from nbcourse.models.text import BagOfWords, TextCNN, TextTransformer
from nbcourse.models.translation import Translator, beam_search

__all__ = [
    "GPT",
    "MLP",
    "BagOfWords",
    "FastCNN",
    "Forecaster",
    "LeNet",
    "RecurrentClassifier",
    "RecurrentLM",
    "ResNet",
    "Residual",
    "SignalCNN",
    "SignalRNN",
    "SimpleCNN",
    "SimpleNN",
    "TextCNN",
    "TextTransformer",
    "Translator",
    "WindowLM",
    "beam_search",
    "continue_text",
    "draw",
]
