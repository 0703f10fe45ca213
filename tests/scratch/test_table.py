"""Every row of the table: against torch, against finite differences, and what is refused."""

import importlib
import pkgutil

import pytest

from . import table
from .rows import check_differences, check_module, check_row

FAMILIES = {
    info.name: importlib.import_module(f"{table.__name__}.{info.name}")
    for info in pkgutil.iter_modules(table.__path__)
}


def rows(kind):
    """All rows of one kind, named by family and label."""
    return [
        pytest.param(row, id=f"{family}-{label}")
        for family, module in FAMILIES.items()
        for label, row in getattr(module, kind, {}).items()
    ]


@pytest.mark.parametrize("row", rows("ROWS"))
def test_it_is_torchs(row):
    check_row(row)


@pytest.mark.parametrize("row", [p for p in rows("ROWS") if p.values[0].differences and p.values[0].shapes])
def test_its_gradient_is_the_slope(row):
    check_differences(row)


@pytest.mark.parametrize("row", rows("MODULES"))
def test_the_module_is_torchs(row):
    check_module(row)


@pytest.mark.parametrize("row", rows("NOT_BUILT"))
def test_what_is_not_built_is_named(row):
    call, argument = row
    with pytest.raises(NotImplementedError, match=argument):
        call()


@pytest.mark.parametrize("row", rows("BAD"))
def test_a_bad_call_says_what_was_expected(row):
    call, error, text = row
    with pytest.raises(error, match=text):
        call()
