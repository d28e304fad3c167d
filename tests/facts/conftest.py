from security.conftest import town

__all__ = ["town"]
