"""Pictures are taken in whole and clean, or not at all."""

import io
import random
from typing import Any

import pytest
from PIL import Image

from gantry_edge.chat.pictures import clean
from gantry_edge.errors import BadRequest

KINDS = ["PNG", "JPEG", "WEBP", "GIF"]
SECRET = b"52.5200N 13.4050E"


def picture(kind: str, *, secret: bool = False, frames: int = 1, **how: object) -> bytes:
    dice = random.Random(5)
    images = [
        Image.frombytes("RGB", (40, 30), dice.randbytes(40 * 30 * 3)).convert("P" if kind == "GIF" else "RGB")
        for _ in range(frames)
    ]
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    extra: dict[str, object] = {"save_all": True, "append_images": images[1:]} if frames > 1 else {}
    if secret:
        extra |= {"exif": exif, "comment": SECRET} if kind != "GIF" else {"comment": SECRET}
    file = io.BytesIO()
    images[0].save(file, kind, **extra, **how)
    return file.getvalue()


def pixels(data: bytes) -> bytes:
    return Image.open(io.BytesIO(data)).convert("RGB").tobytes()


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_seen_stays(kind: str) -> None:
    data = picture(kind)
    cleaned = clean(data)
    assert (cleaned.width, cleaned.height) == (40, 30)
    assert cleaned.media == f"image/{kind.lower()}"
    assert pixels(cleaned.data) == pixels(data)


@pytest.mark.parametrize("how", [{"progressive": True}, {"lossless": True}], ids=str)
def test_other_ways_to_store_it_stay_too(how: dict[str, Any]) -> None:
    data = picture("JPEG" if "progressive" in how else "WEBP", **how)
    assert pixels(clean(data).data) == pixels(data)


@pytest.mark.parametrize("kind", KINDS)
def test_what_nobody_sees_goes(kind: str) -> None:
    data = picture(kind, secret=True)
    assert SECRET in data
    cleaned = clean(data)
    assert SECRET not in cleaned.data
    assert pixels(cleaned.data) == pixels(data)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_hides_behind_its_end(kind: str) -> None:
    data = picture(kind)
    assert clean(data + b"<script>alert(1)</script>").data == clean(data).data


@pytest.mark.parametrize("kind", ["WEBP", "GIF"])
def test_one_that_moves_goes_on_moving(kind: str) -> None:
    assert Image.open(io.BytesIO(clean(picture(kind, frames=3)).data)).n_frames == 3  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", KINDS)
def test_a_part_of_one_is_none(kind: str) -> None:
    data = picture(kind)
    for length in range(0, len(clean(data).data) - 1, 7):
        with pytest.raises(BadRequest):
            clean(data[:length])


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_comes_is_refused_in_a_sentence_or_stays_what_it_is(kind: str) -> None:
    dice, data = random.Random(3), picture(kind)
    for _ in range(500):
        spoilt = bytearray(data)
        for _ in range(dice.randrange(1, 4)):
            spoilt[dice.randrange(len(spoilt))] = dice.randrange(256)
        try:
            again = clean(bytes(spoilt))
        except BadRequest:
            continue
        assert clean(again.data).data == again.data


@pytest.mark.parametrize("data", [b"", b"<svg onload='alert(1)'/>", b"%PDF-1.7", b"GIF89a<script>"])
def test_others_are_refused(data: bytes) -> None:
    with pytest.raises(BadRequest):
        clean(data)
