"""Recurrent networks: each kind as a cell for one step, and as a layer over all steps.

A cell is written in a few operations that differentiate themselves. A layer computes
the same for a whole sequence as one node of the graph, with a loop over the steps, and
beneath it the loop back (backpropagation through time).
"""

from .gru import gru, gru_cell
from .lstm import lstm, lstm_cell
from .plain import rnn, rnn_cell
from .steps import unrolled

__all__ = ["gru", "gru_cell", "lstm", "lstm_cell", "rnn", "rnn_cell", "unrolled"]
