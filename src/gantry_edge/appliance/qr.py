"""An address as a picture for phones."""

import io


def draw(url: str) -> bytes:
    """SVG, dark on light in any theme, as readers need it."""
    import segno

    picture = io.BytesIO()
    segno.make(url, micro=False).save(picture, kind="svg", border=4, light="#fff", omitsize=True)
    return picture.getvalue()
