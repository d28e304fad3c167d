"""Who may read the metrics."""

import ipaddress
from secrets import compare_digest

from gantry_edge.parameters import Asking


def may_read_metrics(request: Asking, token: str) -> bool:
    """Who has the token; where there is none, this machine alone."""
    if token:
        return compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode())
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
