from __future__ import annotations

import io
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from PIL import Image

from server.api.avatars import child, encoding
from server.api.avatars.child import encode_in_child
from server.api.avatars.encoding import PictureRefused, encode_avatar
from server.errors import PictureTooLarge, PictureUnreadable


def encoded(image: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_pixel_format_is_accepted(mode: str) -> None:
    result = Image.open(io.BytesIO(encode_avatar(encoded(Image.new(mode, (300, 100)), "PNG"))))
    assert (result.format, result.size) == ("WEBP", (256, 256))


def test_cmyk_is_accepted() -> None:
    result = Image.open(io.BytesIO(encode_avatar(encoded(Image.new("CMYK", (50, 50)), "JPEG"))))
    assert result.size == (256, 256)


@pytest.mark.parametrize(
    ("mode", "kind"), [("P", "GIF"), ("LA", "PNG"), ("I;16", "PNG"), ("CMYK", "JPEG"), ("RGBA", "WEBP")]
)
def test_the_child_needs_no_file_once_it_reads_the_upload(mode: str, kind: str) -> None:
    """Pillow imports some of its modules only when a picture needs them."""
    image = Image.new(mode, (300, 100))
    exif = image.getexif()
    exif[0x0112] = 6  # turned by 90 degrees
    out = io.BytesIO()
    image.save(out, kind, **({} if kind == "GIF" else {"exif": exif}))
    assert Image.open(io.BytesIO(encode_in_child(out.getvalue()))).size == (256, 256)


def test_a_decoder_that_an_upload_has_taken_over_can_open_no_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s3cret")
    taken_over = (
        "import sys; from server.api.avatars import encoding; "
        f"encoding.encode_avatar = lambda _: open({str(secret)!r}, 'rb').read(); "
        f"sys.argv = ['', '{1 << 29}', '10']; encoding.main()"
    )
    done = subprocess.run([sys.executable, "-c", taken_over], input=b"", capture_output=True, check=False)
    assert b"s3cret" not in done.stdout
    assert b"Too many open files" in done.stderr


def test_transparency_is_kept() -> None:
    result = Image.open(io.BytesIO(encode_avatar(encoded(Image.new("RGBA", (50, 50), (0, 0, 0, 0)), "PNG"))))
    assert result.convert("RGBA").getchannel("A").getextrema() == (0, 0)


@pytest.mark.parametrize("size", [(1, 1), (1, 4000), (4000, 1)])
def test_other_shapes_are_cropped_to_a_square(size: tuple[int, int]) -> None:
    result = Image.open(io.BytesIO(encode_avatar(encoded(Image.new("RGB", size), "PNG"))))
    assert result.size == (256, 256)


def test_the_size_is_checked_before_pixels_are_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    body = encoded(Image.new("RGB", (4001, 4000)), "PNG")
    monkeypatch.setattr(Image.Image, "load", lambda _self: pytest.fail("decoded"))
    with pytest.raises(PictureRefused, match="16 million"):
        encode_avatar(body)


def test_a_photo_of_a_phone_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    # 4.5 million pixels beyond what is allowed to others: JPEG shrinks while it is read.
    monkeypatch.setattr(encoding, "_MAX_PIXELS_OTHERS", 1_000)
    result = Image.open(io.BytesIO(encode_avatar(encoded(Image.new("RGB", (3000, 1500), "red"), "JPEG"))))
    assert result.size == (256, 256)


@pytest.mark.parametrize("value", [0, 0x4000, 0x8000, 0xFFFF])
def test_16_bit_grey_keeps_its_brightness(value: int) -> None:
    body = encoded(Image.new("I;16", (300, 300), value), "PNG")
    grey = Image.open(io.BytesIO(encode_avatar(body))).convert("L").tobytes()
    assert abs(min(grey) - value // 257) <= 2
    assert abs(max(grey) - value // 257) <= 2


def png_of_zeros(width: int, height: int) -> bytes:
    """A black PNG of 1 bit a pixel, made without holding its pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    packer = zlib.compressobj(9)
    row = bytes(1 + (width + 7) // 8)
    pixels = b"".join([*(packer.compress(row * 10_000) for _ in range(height // 10_000)), packer.flush()])
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x01\x00\x00\x00\x00"
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("width", "height", "reason"),
    [
        (1, 16_000_000, "side of the picture has more than 20000 pixels"),
        (30_000, 30_000, "64 million pixels"),
    ],
)
def test_a_small_file_of_huge_dimensions_is_refused(width: int, height: int, reason: str) -> None:
    bomb = png_of_zeros(width, height)
    assert len(bomb) < 200_000
    with pytest.raises(PictureTooLarge, match=reason):
        encode_in_child(bomb)


def test_a_picture_that_needs_too_much_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    body = encoded(Image.new("RGB", (4000, 4000)), "PNG")
    assert Image.open(io.BytesIO(encode_in_child(body))).size == (256, 256)
    monkeypatch.setattr(child, "_MAX_MEMORY", 100 * 1024 * 1024)
    with pytest.raises(PictureTooLarge, match="too much memory or time"):
        encode_in_child(body)


@pytest.mark.parametrize(("limit", "value"), [("_TIMEOUT_S", 0.01), ("_MAX_CPU_S", 0)])
def test_a_picture_that_takes_too_long_is_refused(
    monkeypatch: pytest.MonkeyPatch, limit: str, value: float
) -> None:
    monkeypatch.setattr(child, limit, value)
    with pytest.raises(PictureTooLarge, match="too much memory or time"):
        encode_in_child(encoded(Image.new("RGB", (4000, 4000)), "PNG"))


def test_a_fault_of_the_decoder_itself_is_no_fault_of_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "_MAX_MEMORY", "no number")
    with pytest.raises(RuntimeError, match="the picture decoder failed"):
        encode_in_child(encoded(Image.new("RGB", (4, 4)), "PNG"))


def test_a_damaged_picture_is_called_unreadable_and_not_large() -> None:
    with pytest.raises(PictureUnreadable, match="could not be read"):
        encode_in_child(encoded(Image.new("RGB", (300, 300), "red"), "JPEG")[:-300])


def test_a_progressive_jpeg_whose_coefficients_fill_the_memory_is_called_too_large(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(encoding, "_MAX_COEFFICIENTS", 2 * 4 * 50 * 50 - 1)
    out = io.BytesIO()
    Image.new("CMYK", (50, 50)).save(out, "JPEG", progressive=True, subsampling=0)
    with pytest.raises(encoding.PictureTooLarge):
        encode_avatar(out.getvalue())
    encode_avatar(encoded(Image.new("CMYK", (50, 50)), "JPEG"))  # the baseline form needs no such memory


def test_a_progressive_jpeg_of_very_many_scans_is_called_too_large_before_it_is_decoded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = io.BytesIO()
    Image.new("L", (50, 50)).save(out, "JPEG", progressive=True)
    picture = out.getvalue()
    last = picture[picture.rindex(b"\xff\xda") : -2]
    bomb = picture[:-2] + 200 * last + picture[-2:]
    encode_avatar(bomb)  # so small that its scans do no harm
    monkeypatch.setattr(encoding, "_MAX_SCANNED_PIXELS", 100 * 50 * 50)
    encode_avatar(picture)
    with pytest.raises(encoding.PictureTooLarge):
        encode_avatar(bomb)
