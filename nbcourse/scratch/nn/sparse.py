"""The embedding layer: a learned vector for each word or class."""

from ..tensor import empty, no_grad
from ..tensor.arguments import cpu_only, not_built
from . import functional as F
from . import init
from .functional.sparse import row_number
from .module import Module
from .parameter import Parameter

__all__ = ["Embedding"]


class Embedding(Module):
    """A table of vectors, looked up by number.  input: (*) → (*, embedding_dim).

    The weight (num_embeddings, embedding_dim) starts as N(0, 1), its row
    ``padding_idx`` at 0; ``_weight`` gives other values, which ``_freeze`` keeps from
    being learnt. The other arguments are those of `functional.embedding`.
    """

    def __init__(
        self,
        num_embeddings,
        embedding_dim,
        padding_idx=None,
        max_norm=None,
        norm_type=2.0,
        scale_grad_by_freq=False,
        sparse=False,
        _weight=None,
        _freeze=False,
        device=None,
        dtype=None,
    ):
        super().__init__()
        cpu_only("Embedding", device)
        not_built("Embedding", sparse=sparse)
        self.num_embeddings, self.embedding_dim = num_embeddings, embedding_dim
        if padding_idx is not None:
            padding_idx = row_number(padding_idx, num_embeddings)
        self.padding_idx, self.scale_grad_by_freq = padding_idx, scale_grad_by_freq
        self.max_norm, self.norm_type = max_norm, norm_type
        shape = (num_embeddings, embedding_dim)
        if _weight is not None and _weight.shape != shape:
            raise ValueError(
                f"Embedding: expected _weight of shape {shape}, got {_weight.shape}"
            )
        weight = empty(shape, dtype=dtype) if _weight is None else _weight
        self.weight = Parameter(weight, requires_grad=not _freeze)
        if _weight is None:
            self.reset_parameters()

    @classmethod
    def from_pretrained(
        cls,
        embeddings,
        freeze=True,
        padding_idx=None,
        max_norm=None,
        norm_type=2.0,
        scale_grad_by_freq=False,
        sparse=False,
    ):
        """Make the layer of a table of vectors (V, d), which ``freeze`` keeps as it is.

        The memory is shared.
        """
        if embeddings.ndim != 2:
            raise ValueError(
                f"from_pretrained: expected embeddings (V, d), got {embeddings.shape}"
            )
        return cls(
            *embeddings.shape,
            padding_idx,
            max_norm,
            norm_type,
            scale_grad_by_freq,
            sparse,
            _weight=embeddings,
            _freeze=freeze,
        )

    def reset_parameters(self):
        """Draw the weight anew."""
        init.normal_(self.weight)
        if self.padding_idx is not None:
            with no_grad():
                self.weight[self.padding_idx] = 0

    def forward(self, input):
        """Return the vector of each number in ``input``."""
        return F.embedding(
            input,
            self.weight,
            self.padding_idx,
            self.max_norm,
            self.norm_type,
            self.scale_grad_by_freq,
        )

    def extra_repr(self):
        """Return the sizes, and the settings that differ from their defaults."""
        usual = {
            "padding_idx": None,
            "max_norm": None,
            "norm_type": 2,
            "scale_grad_by_freq": False,
        }
        settings = [(name, getattr(self, name), x) for name, x in usual.items()]
        shown = [f"{name}={value}" for name, value, x in settings if value != x]
        return ", ".join([str(self.num_embeddings), str(self.embedding_dim), *shown])
