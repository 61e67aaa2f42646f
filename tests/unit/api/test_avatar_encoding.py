from __future__ import annotations

import io

import pytest
from PIL import Image

from server.api.avatars import encoding
from server.api.avatars.encoding import encode_avatar
from server.errors import InvalidRequest


def encoded(image: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_pixel_is_taken(mode: str) -> None:
    result = Image.open(io.BytesIO(encode_avatar(encoded(Image.new(mode, (300, 100)), "PNG"))))
    assert (result.format, result.size) == ("WEBP", (256, 256))


def test_print_colours_are_taken() -> None:
    result = Image.open(io.BytesIO(encode_avatar(encoded(Image.new("CMYK", (50, 50)), "JPEG"))))
    assert result.size == (256, 256)


def test_transparency_is_kept() -> None:
    result = Image.open(io.BytesIO(encode_avatar(encoded(Image.new("RGBA", (50, 50), (0, 0, 0, 0)), "PNG"))))
    assert result.convert("RGBA").getchannel("A").getextrema() == (0, 0)


@pytest.mark.parametrize("size", [(1, 1), (1, 4000), (4000, 1)])
def test_odd_shapes_are_cut_to_a_square(size: tuple[int, int]) -> None:
    result = Image.open(io.BytesIO(encode_avatar(encoded(Image.new("RGB", size), "PNG"))))
    assert result.size == (256, 256)


def test_size_is_judged_before_a_pixel_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    body = encoded(Image.new("RGB", (4001, 4000)), "PNG")
    monkeypatch.setattr(Image.Image, "load", lambda _self: pytest.fail("decoded"))
    with pytest.raises(InvalidRequest, match="16 million"):
        encode_avatar(body)


def test_a_phones_photo_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    # 4.5 million pixels beyond what is allowed to others: JPEG shrinks while it is read.
    monkeypatch.setattr(encoding, "_MAX_PIXELS_OTHERS", 1_000)
    result = Image.open(io.BytesIO(encode_avatar(encoded(Image.new("RGB", (3000, 1500), "red"), "JPEG"))))
    assert result.size == (256, 256)
