"""Normalisation over batches, images, groups of channels and neighbouring channels."""

from nbcourse import scratch
from nbcourse.scratch import nn
from nbcourse.scratch.nn import functional as F

from ..rows import ModuleRow, Row, normal, positive


def batch_norm(shapes, **settings):
    """A row of shapes [input, weight, bias]; those that are missing are left out."""
    return Row(
        lambda lib, x, w=None, b=None: lib.nn.functional.batch_norm(
            x, None, None, w, b, training=True, **settings
        ),
        shapes,
    )


def with_running(name, **settings):
    """A row of input, running mean and variance, weight and bias; all come back."""

    def call(lib, x, mean, var, w, b):
        mean, var = mean.detach().clone(), var.detach().clone()
        return getattr(lib.nn.functional, name)(x, mean, var, w, b, **settings), mean, var

    return Row(
        call,
        [(4, 3, 2, 5), (3,), (3,), (3,), (3,)],
        [normal, normal, positive, normal, normal],
        differences=False,
    )


def instance_norm(shapes, **settings):
    return Row(
        lambda lib, x, w=None, b=None: lib.nn.functional.instance_norm(x, weight=w, bias=b, **settings),
        shapes,
    )


def group_norm(groups, shapes, **settings):
    return Row(
        lambda lib, x, w=None, b=None: lib.nn.functional.group_norm(x, groups, w, b, **settings), shapes
    )


ROWS = {
    "batch_norm": batch_norm([(4, 3)]),
    "batch_norm-affine": batch_norm([(4, 3, 5), (3,), (3,)]),
    "batch_norm-images": batch_norm([(4, 3, 2, 5), (3,), (3,)], eps=0.1),
    "batch_norm-weight": batch_norm([(4, 3, 2), (3,)]),
    "batch_norm-volumes": batch_norm([(2, 3, 2, 2, 2)]),
    "batch_norm-bias": Row(
        lambda lib, x, b: lib.nn.functional.batch_norm(
            input=x, running_mean=None, running_var=None, bias=b, training=True
        ),
        [(4, 3), (3,)],
    ),
    "batch_norm-running": with_running("batch_norm", training=True),
    "batch_norm-momentum": with_running("batch_norm", training=True, momentum=0.3, eps=1e-3),
    "batch_norm-positions": Row(
        lambda lib, x, w, b: lib.nn.functional.batch_norm(
            x, lib.ones(3, dtype=x.dtype), lib.ones(3, dtype=x.dtype) * 2, w, b, False, 0.2, 0.5
        ),
        [(4, 3, 2), (3,), (3,)],
    ),
    "batch_norm-keywords": Row(
        lambda lib, x, mean, var, w, b: lib.nn.functional.batch_norm(
            input=x,
            running_mean=mean.detach(),
            running_var=var.detach(),
            weight=w,
            bias=b,
            training=False,
            momentum=0.2,
            eps=1e-3,
        ),
        [(4, 3, 2), (3,), (3,), (3,), (3,)],
        [normal, normal, positive, normal, normal],
        differences=False,
    ),
    "batch_norm-evaluation": with_running("batch_norm"),
    "batch_norm-no-images": Row(
        lambda lib, x: [
            lib.nn.functional.batch_norm(x, *running, training=True)
            for running in [(None, None), (lib.zeros(3, dtype=x.dtype), lib.ones(3, dtype=x.dtype))]
        ],
        [(0, 3, 4)],
        differences=False,
    ),
    "batch_norm-no-pixels": batch_norm([(2, 3, 0)]),
    "batch_norm-offset": Row(
        lambda lib, x: lib.nn.functional.batch_norm(100 + x, None, None, training=True), [(40, 3)]
    ),
    "batch_norm-constant": Row(
        lambda lib, x: lib.nn.functional.batch_norm(x * 0 + 1, None, None, training=True),
        [(4, 3)],
        differences=False,
    ),
    "instance_norm": instance_norm([(2, 3, 5)]),
    "instance_norm-affine": instance_norm([(2, 3, 4, 5), (3,), (3,)], eps=0.1),
    "instance_norm-keywords": Row(
        lambda lib, x, mean, var, w, b: lib.nn.functional.instance_norm(
            input=x,
            running_mean=mean.detach(),
            running_var=var.detach(),
            weight=w,
            bias=b,
            use_input_stats=False,
            momentum=0.2,
            eps=1e-3,
        ),
        [(4, 3, 2), (3,), (3,), (3,), (3,)],
        [normal, normal, positive, normal, normal],
        differences=False,
    ),
    "instance_norm-running": with_running("instance_norm"),
    "instance_norm-momentum": with_running("instance_norm", momentum=0.3, eps=1e-3),
    "instance_norm-no-images": instance_norm([(0, 3, 5)]),
    "group_norm": group_norm(2, [(3, 4, 5)]),
    "group_norm-affine": group_norm(2, [(3, 4, 2, 3), (4,), (4,)], eps=0.1),
    "group_norm-weight": group_norm(4, [(3, 4, 5), (4,)]),
    "group_norm-vectors": group_norm(2, [(3, 4), (4,), (4,)]),
    "group_norm-one": group_norm(1, [(3, 4, 2)]),
    "group_norm-keywords": Row(
        lambda lib, x, w, b: lib.nn.functional.group_norm(input=x, num_groups=3, weight=w, bias=b, eps=1e-3),
        [(2, 6, 3), (6,), (6,)],
    ),
    "group_norm-no-images": group_norm(2, [(0, 4, 3)]),
    "local_response_norm": Row(lambda lib, x: lib.nn.functional.local_response_norm(x, 3), [(2, 5, 4)]),
    "local_response_norm-keywords": Row(
        lambda lib, x: lib.nn.functional.local_response_norm(input=x, size=2, alpha=0.5, beta=0.3, k=2.0),
        [(2, 5, 2, 3)],
    ),
    "local_response_norm-wide": Row(
        lambda lib, x: lib.nn.functional.local_response_norm(x, 7, 0.5, 0.6, 1.5), [(2, 4, 3)]
    ),
    "local_response_norm-no-images": Row(
        lambda lib, x: lib.nn.functional.local_response_norm(x, 3) * 2, [(0, 4, 3)]
    ),
}


def several(lib, module, x):
    """Three batches, one after the other: running statistics move."""
    return [module(x), module(input=2 * x), module(x + 1)]


def converted(lib, module, x):
    return module.to(x.dtype)(x)


VECTORS, SIGNALS, IMAGES = (4, 3), (4, 3, 5), (4, 3, 2, 3)

MODULES = {
    "BatchNorm1d": ModuleRow(lambda lib: lib.nn.BatchNorm1d(3), [VECTORS], several),
    "BatchNorm1d-signals": ModuleRow(lambda lib: lib.nn.BatchNorm1d(3), [SIGNALS]),
    "BatchNorm2d": ModuleRow(lambda lib: lib.nn.BatchNorm2d(3), [IMAGES], several),
    "InstanceNorm1d": ModuleRow(lambda lib: lib.nn.InstanceNorm1d(3), [SIGNALS], several),
    "InstanceNorm1d-one": ModuleRow(lambda lib: lib.nn.InstanceNorm1d(3, affine=True), [(3, 5)]),
    "InstanceNorm2d": ModuleRow(lambda lib: lib.nn.InstanceNorm2d(3), [IMAGES], several),
    "InstanceNorm2d-one": ModuleRow(lambda lib: lib.nn.InstanceNorm2d(3, affine=True), [(3, 2, 5)]),
    "GroupNorm": ModuleRow(lambda lib: lib.nn.GroupNorm(2, 4), [(3, 4, 2, 2)]),
    "GroupNorm-settings": ModuleRow(
        lambda lib: lib.nn.GroupNorm(num_groups=2, num_channels=6, eps=0.1, bias=False),
        [(3, 6, 2)],
        lambda lib, module, x: module(input=x),
    ),
    "GroupNorm-plain": ModuleRow(lambda lib: lib.nn.GroupNorm(2, 4, affine=False), [(3, 4)]),
    "GroupNorm-dtype": ModuleRow(
        lambda lib: lib.nn.GroupNorm(2, 4, dtype=lib.float32), [(3, 4, 2)], converted
    ),
    "LocalResponseNorm": ModuleRow(lambda lib: lib.nn.LocalResponseNorm(2), [(2, 5, 3)]),
    "LocalResponseNorm-settings": ModuleRow(
        lambda lib: lib.nn.LocalResponseNorm(size=3, alpha=0.5, beta=0.6, k=2.0),
        [(2, 5, 3)],
        lambda lib, module, x: module(input=x),
    ),
}
NOT_BUILT = {"GroupNorm-device": (lambda: nn.GroupNorm(2, 4, device="cuda"), "device")}
for _name, _shape in {
    "BatchNorm1d": SIGNALS,
    "BatchNorm2d": IMAGES,
    "InstanceNorm1d": SIGNALS,
    "InstanceNorm2d": IMAGES,
}.items():
    _batch = _name.startswith("Batch")
    for _label, _settings in {
        "slow": {"eps": 1e-2, "momentum": 0.01, "affine": not _batch, "track_running_stats": not _batch},
        "untracked": {"track_running_stats": False},
        "plain": {"affine": False, "track_running_stats": True},
        "no-bias": {"affine": True, "bias": False},
        "all": {"affine": True, "track_running_stats": True, "momentum": None if _batch else 0.7},
    }.items():
        MODULES[f"{_name}-{_label}"] = ModuleRow(
            lambda lib, name=_name, settings=_settings: getattr(lib.nn, name)(num_features=3, **settings),
            [_shape],
            several,
        )
    MODULES[f"{_name}-dtype"] = ModuleRow(
        lambda lib, name=_name: getattr(lib.nn, name)(3, affine=True, dtype=lib.float32), [_shape], converted
    )
    NOT_BUILT[f"{_name}-device"] = (lambda name=_name: getattr(nn, name)(3, device="cuda"), "device")


def ones(*shape):
    return scratch.ones(shape)


BAD = {
    "batch_norm-dims": (lambda: F.batch_norm(ones(3), ones(3), ones(3)), ValueError, r"\(N, C, …\)"),
    "batch_norm-integers": (
        lambda: F.batch_norm(ones(2, 3).long(), None, None, training=True),
        TypeError,
        "floating-point dtype, got int64",
    ),
    "batch_norm-dtypes": (
        lambda: F.batch_norm(ones(2, 3), None, None, ones(3).double(), training=True),
        TypeError,
        "one dtype",
    ),
    "batch_norm-weight": (
        lambda: F.batch_norm(ones(2, 3), ones(3), ones(3), ones(4)),
        ValueError,
        r"weight of shape \(3,\).*got \(4,\)",
    ),
    "batch_norm-running": (
        lambda: F.batch_norm(ones(2, 3), ones(3), ones(4)),
        ValueError,
        "running_var of shape",
    ),
    "batch_norm-missing": (
        lambda: F.batch_norm(ones(2, 3), None, None),
        ValueError,
        "running_mean and running_var, got none",
    ),
    "batch_norm-one-missing": (
        lambda: F.batch_norm(ones(2, 3), ones(3), None, training=True),
        ValueError,
        "or neither, got only one",
    ),
    "batch_norm-number": (lambda: F.batch_norm(ones(2, 3), 0.0, 1.0), TypeError, "running_mean to be a Tens"),
    "batch_norm-eps": (
        lambda: F.batch_norm(ones(2, 3), None, None, training=True, eps=0),
        ValueError,
        "eps above 0",
    ),
    "batch_norm-one-value": (
        lambda: F.batch_norm(ones(1, 3, 1), None, None, training=True),
        ValueError,
        "more than 1 value",
    ),
    "instance_norm-one-value": (lambda: F.instance_norm(ones(2, 3, 1)), ValueError, "more than 1 value"),
    "instance_norm-no-pixels": (lambda: F.instance_norm(ones(2, 3)), ValueError, "more than 1 value"),
    "instance_norm-missing": (
        lambda: F.instance_norm(ones(2, 3, 4), use_input_stats=False),
        ValueError,
        "got none",
    ),
    "instance_norm-weight": (
        lambda: F.instance_norm(ones(2, 3, 4), weight=ones(4)),
        ValueError,
        r"got \(4,\)",
    ),
    "group_norm-groups": (lambda: F.group_norm(ones(2, 3), 2), ValueError, "2 equal groups"),
    "group_norm-no-groups": (lambda: F.group_norm(ones(2, 3), 0), ValueError, "num_groups of at least 1"),
    "group_norm-one-value": (lambda: F.group_norm(ones(1, 3, 1), 3), ValueError, "more than 1 value"),
    "group_norm-dims": (lambda: F.group_norm(ones(3), 1), ValueError, r"\(N, C, …\)"),
    "group_norm-bias": (lambda: F.group_norm(ones(2, 4, 3), 2, bias=ones(2)), ValueError, "bias of shape"),
    "local_response_norm-dims": (lambda: F.local_response_norm(ones(2, 3), 2), ValueError, r"\(N, C, …\)"),
    "local_response_norm-size": (lambda: F.local_response_norm(ones(2, 3, 2), 0), ValueError, "size of at"),
    "BatchNorm1d-dims": (lambda: nn.BatchNorm1d(3)(ones(2, 3, 4, 4)), ValueError, "2D or 3D input"),
    "BatchNorm2d-dims": (lambda: nn.BatchNorm2d(3)(ones(2, 3, 4)), ValueError, "expected 4D input"),
    "InstanceNorm1d-dims": (lambda: nn.InstanceNorm1d(3)(ones(1, 2, 3, 4)), ValueError, "2D or 3D input"),
    "InstanceNorm2d-channels": (
        lambda: nn.InstanceNorm2d(4, affine=True)(ones(2, 3, 4, 4)),
        ValueError,
        "expected 4 channels, got 3",
    ),
    "GroupNorm-groups": (lambda: nn.GroupNorm(2, 3), ValueError, "multiple of num_groups, got 3 and 2"),
    "GroupNorm-no-groups": (lambda: nn.GroupNorm(0, 3), ValueError, "got 3 and 0"),
}
