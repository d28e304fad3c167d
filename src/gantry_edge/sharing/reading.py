"""The front door: the one condition by which somebody reads what another shared with them.

It stands in the very statement that reads, so that what is no longer shared is gone with the next one.
"""

from gantry_edge.sharing.schema import Kind


def granted(kind: Kind, object_id: str, reader: str = ":user") -> str:
    """In SQL; `object_id` is a column, `reader` a parameter."""
    return (
        f"EXISTS (SELECT 1 FROM readers r WHERE r.kind = '{kind}' AND r.object_id = {object_id}"
        f" AND r.user_id = {reader})"
    )
