"""What tests of published data share: a cache of their own, and no folder that the person may have chosen."""

import pytest


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty cache folder, and no NBCOURSE_DATA; nothing that is fetched reaches the person's cache."""
    from nbcourse.datasets import store

    monkeypatch.delenv("NBCOURSE_DATA", raising=False)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(store, "cache_folder", lambda: tmp_path / "cache" / "nbcourse")
    return tmp_path / "cache" / "nbcourse"
