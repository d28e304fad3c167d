from belongings.conftest import house
from documents.conftest import desk, embedder, working

__all__ = ["desk", "embedder", "house", "working"]
