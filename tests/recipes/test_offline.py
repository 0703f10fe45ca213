"""With NBCOURSE_DATA set, no recipe asks the network for anything."""

import os
import socket

import pytest
import torch

from nbcourse import recipes
from nbcourse.datasets import store
from nbcourse.datasets.registry import known


def one_of_each_data():
    """The first network for each choice of data sets: the others read the same files."""
    found = {}
    for recipe in recipes.load_all().values():
        if recipe.make is not None:  # a baseline that scikit-learn fits makes no task
            found.setdefault(recipe.data, recipe.name)
    return list(found.values())


@pytest.fixture
def no_network(monkeypatch):
    """Refuse every connection and every look-up of a name; return what was tried."""
    tried = []

    def refuse(*address, **_):
        tried.append(address)
        raise OSError("the network is refused here")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    for name in ("create_connection", "getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, refuse)
    return tried


@pytest.mark.parametrize("name", one_of_each_data())
def test_a_recipe_reads_its_data_without_a_network(no_network, name):
    recipe = recipes.find(name)
    if recipe.data and "NBCOURSE_DATA" not in os.environ:
        pytest.skip("NBCOURSE_DATA names no folder with the data")
    absent = [f.path for data in recipe.data for f in known(data).files if not store.location(f).is_file()]
    if absent:
        pytest.skip(f"not in NBCOURSE_DATA: {', '.join(absent)}")
    task = recipe.make(recipe.settings, 0, torch.device("cpu"))
    assert len(next(iter(task.batches(0)))) >= 2
    assert no_network == []


def test_a_file_that_is_missing_is_not_asked_for_elsewhere(no_network, monkeypatch, tmp_path):
    monkeypatch.setenv("NBCOURSE_DATA", str(tmp_path))
    recipe = recipes.find("names-bigram")
    with pytest.raises(store.DataError, match=r"names\.txt is not in NBCOURSE_DATA"):
        recipe.make(recipe.settings, 0, torch.device("cpu"))
    assert no_network == []


def test_the_network_is_really_refused(no_network, monkeypatch, tmp_path):
    monkeypatch.delenv("NBCOURSE_DATA", raising=False)
    monkeypatch.setattr(store, "cache_folder", lambda: tmp_path)
    recipe = recipes.find("names-bigram")
    with pytest.raises(store.DataError, match="could not be downloaded"):
        recipe.make(recipe.settings, 0, torch.device("cpu"))
    assert no_network
