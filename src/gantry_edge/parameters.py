"""Parameters that many routes share."""

from typing import Annotated, Any

from litestar import Request
from litestar.params import QueryParameter
from msgspec import Meta

Asking = Request[Any, Any, Any]
Limit = Annotated[int, QueryParameter(ge=1, le=200)]
LAST = 1 << 53  # as far as JSON counts exactly; SQLite counts further
Time = Annotated[int, Meta(ge=0, le=LAST)]  # ms
Skip = Annotated[int, QueryParameter(ge=0, le=10_000_000)]
Words = Annotated[str, QueryParameter(max_length=200)]
Before = Annotated[str | None, QueryParameter(max_length=100)]
