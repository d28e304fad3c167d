"""One page of a list, and the cursor that leads to the next."""

from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")


class Page(msgspec.Struct, Generic[T]):
    """`next` goes into `?before=`; null on the last page."""

    items: list[T]
    next: str | None = None
