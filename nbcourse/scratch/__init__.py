"""The course's own engine, from scratch: NumPy only, with torch's names.

``from nbcourse import scratch as torch`` runs code that was written for torch, as far
as the operations are built. What torch accepts and this does not raises
NotImplementedError with the argument's name. Four things differ on purpose:
``Tensor.data`` is the NumPy array; dtypes are NumPy's; the random generator starts from
a seed (`random`); and while gradients are recorded ``y += x`` makes a new y, and other
names and views of the old one keep its values.

Layers, lowest first: `random`, `tensor`, `nn.functional`, `nn`; `optim` and `autograd`
know only `tensor`, and `gradcheck` tests derivatives. Beside them stand `scalar`, the
same idea for single numbers, and `allocator`, which lets memory be used again.
"""

from . import allocator as allocator  # at its import, memory is set to be reused
from . import autograd, nn, optim, random, tensor
from .gradcheck import gradcheck
from .names import public
from .random import manual_seed

__all__ = ["autograd", "gradcheck", "manual_seed", "nn", "optim", "random"]
__all__ += tensor.__all__

globals().update(public(tensor))  # last: the function `tensor` takes its package's name
