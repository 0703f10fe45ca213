"""A model's parameters as one vector, and a vector as a model's parameters."""

from ...tensor import Tensor, cat

__all__ = ["parameters_to_vector", "vector_to_parameters"]


def parameters_to_vector(parameters):
    """Return all elements of the ``parameters`` in one vector; gradients pass through.

    Raises ValueError for none.
    """
    flat = [p.reshape(-1) for p in parameters]
    if not flat:
        raise ValueError("parameters: expected at least one, got none")
    return cat(flat)


def vector_to_parameters(vec, parameters):
    """Write the elements of ``vec`` into the ``parameters``, in order.

    They are copied, where torch's parameters share the vector's memory. Raises
    TypeError for what is not a Tensor, and ValueError, and changes nothing, unless
    there are as many elements as in the parameters.
    """
    if not isinstance(vec, Tensor):
        raise TypeError(f"vec: expected a Tensor, got {type(vec).__name__}")
    parameters = list(parameters)
    total = sum(p.numel() for p in parameters)
    if vec.shape != (total,):
        raise ValueError(f"vec: expected shape {(total,)}, got {vec.shape}")
    values, start = vec.detach(), 0
    for p in parameters:
        end = start + p.numel()
        p.detach().copy_(values[start:end].reshape(p.shape))
        start = end
