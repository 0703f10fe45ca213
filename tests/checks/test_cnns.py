"""Wrong answers to chapter 5's first exercises fail, each at the property that it lacks."""

import numpy as np
import pytest

from nbcourse.checks import evaluate, exercises


def rounding_up(n, layers):
    found = []
    for k, padding, stride, dilation in layers:
        n = -(-(n + 2 * padding - dilation * (k - 1) - 1) // stride) + 1
        found.append(n)
    return found


def one_side_of_padding(n, layers):
    found = []
    for k, padding, stride, dilation in layers:
        n = (n + padding - dilation * (k - 1) - 1) // stride + 1
        found.append(n)
    return found


def without_error(n, layers):
    found = []
    for k, padding, stride, dilation in layers:
        n = (n + 2 * padding - dilation * (k - 1) - 1) // stride + 1
        found.append(n)
    return found


def to_all_winners(x, grad):
    N, C, H, W = x.shape
    best = x.reshape(N, C, H // 2, 2, W // 2, 2).max(axis=(3, 5))
    return (x == best.repeat(2, 2).repeat(2, 3)) * grad.repeat(2, 2).repeat(2, 3)


def to_all_four(x, grad):
    return grad.repeat(2, 2).repeat(2, 3) / 4


def without_padding(layers, i):
    first = last = i
    for k, _, stride, dilation in reversed(layers):
        first, last = first * stride, last * stride + dilation * (k - 1)
    return first, last


def forwards(layers, i):
    first = last = i
    for k, padding, stride, dilation in layers:
        first, last = first * stride - padding, last * stride - padding + dilation * (k - 1)
    return first, last


def backward_with(turned, summed=True):
    """A backward pass that may forget to turn the kernel, or to sum the bias over places."""

    def conv_backward(x, w, grad):
        by_x, by_w = np.zeros_like(x), np.zeros_like(w)
        _, rows, columns = grad.shape
        k = w.shape[2]
        for p in range(k):
            for q in range(k):
                met = np.s_[:, p : p + rows, q : q + columns]
                weight = w[:, :, p, q] if turned else w[:, :, k - 1 - p, k - 1 - q]
                by_w[:, :, p, q] = np.einsum("oij,cij->oc", grad, x[met])
                by_x[met] += np.einsum("oc,oij->cij", weight, grad)
        return by_x, by_w, grad.sum(axis=(1, 2)) if summed else grad.mean(axis=(1, 2))

    return conv_backward


def fold_without_mean(w, b, mean, variance, scale, shift, eps=1e-5):
    factor = scale / np.sqrt(variance + eps)
    return w * factor[:, None, None, None], b * factor + shift


def fold_with_an_axis_more(w, b, mean, variance, scale, shift, eps=1e-5):
    factor = scale / np.sqrt(variance + eps)
    return (w * factor[:, None, None, None])[None], (b - mean) * factor + shift


def fold_with_own_eps(w, b, mean, variance, scale, shift, eps=1e-5):
    factor = scale / np.sqrt(variance + 1e-5)
    return w * factor[:, None, None, None], (b - mean) * factor + shift


def always_a_product(kernel):
    U, s, Vt = np.linalg.svd(kernel)
    return U[:, 0] * s[0], Vt[0]


def product_by_rank(kernel):
    U, s, Vt = np.linalg.svd(kernel)
    return None if s[1] > 1e-7 else (U[:, 0] * s[0], Vt[0])


def never_a_product(kernel):
    return None if kernel.any() else (kernel[:, 0], kernel[0])


def as_matrices(kernel):
    U, s, Vt = np.linalg.svd(kernel)
    return None if s[1] > 1e-9 * s[0] else (U[:, :1] * s[0], Vt[:1])


def windows_of(x, k, padding, stride):
    edge = (padding, padding)
    x = np.pad(x, ((0, 0), (0, 0), edge, edge))
    view = np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(2, 3))
    return view[:, :, ::stride, ::stride]


def channels_last(x, k, padding=0, stride=1):
    view = windows_of(x, k, padding, stride)
    N, _, rows, columns = view.shape[:4]
    return view.transpose(0, 2, 3, 4, 5, 1).reshape(N, rows * columns, -1)


def without_stride(x, k, padding=0, stride=1):
    view = windows_of(x, k, padding, 1)
    N, _, rows, columns = view.shape[:4]
    return view.transpose(0, 2, 3, 1, 4, 5).reshape(N, rows * columns, -1)


def in_columns(x, k, padding=0, stride=1):
    view = windows_of(x, k, padding, stride)
    N, _, rows, columns = view.shape[:4]
    return view.transpose(0, 2, 3, 1, 4, 5).reshape(N, rows * columns, -1).swapaxes(1, 2)


WRONG = [
    ("sizes", rounding_up, "rounds down: 11 × 11 with stride 4 on 224 pixels gives 54"),
    ("sizes", one_side_of_padding, "3 × 3 with padding 1 keeps the size"),
    ("sizes", without_error, "raises ValueError where a kernel does not fit"),
    ("sizes", lambda n, layers: [n] * len(layers), "dilation 2 makes a kernel of 3 span 5 pixels"),
    ("pool", to_all_winners, "gives ties to the first, row by row"),
    ("pool", to_all_winners, "neither loses nor doubles any gradient"),
    ("pool", to_all_four, "hands the gradient to the largest of four"),
    ("pool", lambda x, grad: grad, "returns the shape of x"),
    ("sees", without_padding, "padding of 1 moves it back by one pixel"),
    ("sees", forwards, "output 0 of SimpleCNN's second pooling sees pixels -3 to 6"),
    ("backward", backward_with(turned=False), "the gradient of the image is right"),
    ("backward", backward_with(True, summed=False), "the gradient of the bias is right"),
    ("backward", lambda x, w, grad: x, "returns three things: the gradients of x, w and the bias"),
    ("fold", fold_without_mean, "one convolution does the work of both"),
    ("fold", fold_with_an_axis_more, "the weights keep their shape"),
    ("fold", fold_with_own_eps, "uses eps, also where the variance is 0"),
    ("separate", always_a_product, "returns None for a kernel that is no product"),
    ("separate", product_by_rank, "judges by the kernel's own size: None for 1e-8 times the former"),
    ("separate", never_a_product, "takes Sobel's kernel apart"),
    ("separate", as_matrices, "takes a random product apart"),
    ("im2col", channels_last, "times the kernels it is a convolution"),
    ("im2col", without_stride, "is right for k = 2, padding 0, stride 2"),
    ("im2col", in_columns, "is right for k = 3, padding 1, stride 1"),
]


@pytest.mark.parametrize("name, answer, lacking", WRONG, ids=[f"{n}-{i}" for i, (n, *_) in enumerate(WRONG)])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_wrong_answer_fails_where_it_is_wrong(name, answer, lacking):
    result = evaluate(f"cnns/{name}", answer)
    assert result.attempted and not result.passed
    assert lacking in [failure.sentence for failure in result.failures], str(result)


def test_every_exercise_has_a_wrong_answer_here():
    assert {f"cnns/{name}" for name, *_ in WRONG} == set(exercises("cnns"))
