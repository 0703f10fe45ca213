"""Reproducible results, a file for each data set: `nbcourse train NAME` runs one.

Nothing here is imported before it is needed: a recipe brings PyTorch with it.
"""

from nbcourse.messages import nearest

FILES = (
    "digits",
    "images",
    "mnist",
    "mnist_ladder",
    "mnist1d",
    "names",
    "reviews",
    "series",
    "shakespeare",
    "translation",
    "figures",  # last: nobody waits for their numbers
)


class UnknownRecipe(ValueError):
    """There is no recipe of that name."""


def load_all():
    """Return {name: Recipe} of every recipe, in the order of the files."""
    from importlib import import_module

    modules = [import_module(f"{__name__}.{file}") for file in FILES]
    return {recipe.name: recipe for module in modules for recipe in module.RECIPES}


def find(name):
    """Return the recipe called `name`; raise UnknownRecipe, with the nearest name, if there is none."""
    recipes = load_all()
    if name not in recipes:
        raise UnknownRecipe(f"no recipe {name!r}{nearest(name, recipes)} (nbcourse train --list shows all)")
    return recipes[name]
