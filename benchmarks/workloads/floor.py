"""The matrix products of a training step alone, in NumPy: what an engine on NumPy can hope to come near.

A function returns what is multiplied in a step: (how often, m, k, n) for each product of (m, k) by (k, n).
"""

IMAGES = 8  # convolved at a time, so that their columns stay in the processor's cache


def layer(m, k, n, times=1, first=False):
    """Y = X W with X (m, k), and backward Xᵀ G and, unless the layer is the first, G Wᵀ."""
    return [(times, m, k, n), (times, k, m, n)] + ([] if first else [(times, m, n, k)])


def mlp(s):
    """Two layers."""
    return layer(s.batch, s.features, s.hidden, first=True) + layer(s.batch, s.hidden, s.classes)


def cnn(s):
    """Two convolutions of 3×3 windows as columns, and a layer."""
    large, small, times = s.side**2, (s.side // 2) ** 2, -(-s.batch // IMAGES)
    f = s.filters
    return [
        *layer(IMAGES * large, 9 * s.channels, f, times, first=True),
        *layer(IMAGES * small, 9 * f, 2 * f, times),
        *layer(s.batch, 2 * f * (s.side // 4) ** 2, s.classes),
    ]


def lstm(s):
    """All inputs at once; the states one after the other; the gradient of their weights at once again."""
    n, gates = s.batch * s.length, 4 * s.hidden
    return [
        *layer(n, s.features, gates, first=True),
        (s.length, gates, s.hidden, s.batch),  # faster than (batch, hidden) by (hidden, gates)
        (s.length, s.hidden, gates, s.batch),
        (1, s.hidden, n, gates),
        *layer(s.batch, s.hidden, s.classes),
    ]


def gpt(s):
    """The layers, and attention to half of all pairs of positions: two products forward, four backward."""
    n, w, pairs = s.batch * s.length, s.width, s.batch * s.heads * s.layers
    return [
        *layer(n, w, 3 * w, s.layers),
        *layer(n, w, w, s.layers),
        *layer(n, w, 4 * w, s.layers),
        *layer(n, 4 * w, w, s.layers),
        *[
            (3 * pairs, s.length // 2, w // s.heads, s.length),
            (3 * pairs, s.length // 2, s.length, w // s.heads),
        ],
        *layer(n, w, s.vocabulary),
    ]
