"""Interactive figures and quizzes that live in the page, without a kernel, and in JupyterLab and Colab."""

from nbcourse.widgets.activations import ActivationExplorer
from nbcourse.widgets.attention import AttentionExplorer
from nbcourse.widgets.base import Figure
from nbcourse.widgets.characters import CharacterExplorer
from nbcourse.widgets.kernel import KernelExplorer
from nbcourse.widgets.landscape import LandscapeExplorer
from nbcourse.widgets.playground import Playground
from nbcourse.widgets.quiz import Quiz, quiz
from nbcourse.widgets.roofline import RooflineExplorer
from nbcourse.widgets.stepper import GraphStepper

__all__ = [
    "ActivationExplorer",
    "AttentionExplorer",
    "CharacterExplorer",
    "Figure",
    "GraphStepper",
    "KernelExplorer",
    "LandscapeExplorer",
    "Playground",
    "Quiz",
    "RooflineExplorer",
    "quiz",
]
