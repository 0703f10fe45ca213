"""What every test of the project shares: how notebooks are compared, and what their kernels see."""

import os

from nbval.plugin import IPyNbFile

from nbcourse.notebooks import ON_CPU, is_dropped

os.environ["NBCOURSE_PROGRESS"] = "off"  # a test run is not the reader's progress
if os.environ.setdefault("NBCOURSE_DEVICE", "cpu") == "cpu":  # outputs are compared on the CPU
    os.environ.update(ON_CPU)


class _Skipped(tuple):
    """nbval's list of what it does not compare, and besides everything that the normal form drops."""

    __slots__ = ()

    def __contains__(self, key):
        return super().__contains__(key) or is_dropped(key)


_original = IPyNbFile.__init__


def _init(self, *args, **kwargs):
    _original(self, *args, **kwargs)
    self.skip_compare = _Skipped(self.skip_compare)


IPyNbFile.__init__ = _init
