"""Re-encodes an uploaded picture as a 256 × 256 WebP: only its pixels are kept.

Run as a program (`encoding.py MEMORY_BYTES CPU_SECONDS`), it is the child process of `child.py`: the upload
is on standard input, the WebP on standard output. It imports little else of the server, to start fast.
"""

from __future__ import annotations

import copy
import io
import sys

from PIL import Image, ImageColor, ImageOps, ImagePalette, JpegImagePlugin, TiffImagePlugin, WebPImagePlugin

from server.common.limited_program import limit_this_process, open_no_more_files

SIZE = 256
MEDIA_TYPES = ("image/png", "image/jpeg", "image/webp", "image/gif")
UNREADABLE, TOO_LARGE = 3, 4
"""Exit codes of the program for pictures that it refuses; a reason may be on standard error."""
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
# A decoded pixel takes up to 4 bytes. JPEG is scaled down during decoding, so photos of phones are allowed.
_MAX_PIXELS = {"JPEG": 64_000_000}
_MAX_PIXELS_OTHERS = 16_000_000
_MAX_SIDE = 20_000
"""Panoramas of phones have up to 16,384. Pillow needs memory for each row besides the pixels."""
_MAX_COEFFICIENTS = 448 * 1024 * 1024
"""Bytes. A progressive JPEG is decoded only once all of its coefficients are in memory, 2 bytes each."""
_MAX_SCANNED_PIXELS = 1_000_000_000
"""Every scan of a progressive JPEG passes over all pixels, and one without content takes 90 bytes of a file.
Cameras and programs write about ten scans."""
_LOADED = (copy, ImageColor, ImagePalette, TiffImagePlugin, WebPImagePlugin)
"""Pillow imports these only when it needs them: for palettes, EXIF and WebP."""
_SCAN = b"\xff\xda"
"""Start of a scan (T.81 B.1.1.3); within one, 0xFF is followed by 0x00 or a restart marker."""


class PictureRefused(Exception):
    """The text says why and is safe to show; without one the picture could not be read."""

    exit_code = UNREADABLE


class PictureTooLarge(PictureRefused):
    """Without a text it needs too much memory to decode."""

    exit_code = TOO_LARGE


def encode_avatar(data: bytes) -> bytes:
    """Takes PNG, JPEG, WebP and GIF (its first frame). Raises PictureTooLarge, PictureRefused."""
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            _check_size(image)
            _check_scans(image, data)
            image.draft("RGB", (SIZE * 2, SIZE * 2))
            upright = ImageOps.exif_transpose(image)
            square = ImageOps.fit(_plain(upright), (SIZE, SIZE), Image.Resampling.LANCZOS)
    except PictureRefused:
        raise
    except Image.DecompressionBombError:  # Pillow's own limit is far above ours
        raise PictureTooLarge(_too_many_pixels(max(_MAX_PIXELS.values()))) from None
    except MemoryError:
        raise PictureTooLarge from None
    except Exception as error:  # Pillow's decoders raise many types
        raise PictureRefused from error
    out = io.BytesIO()
    square.save(out, "WEBP", quality=82, method=4)
    return out.getvalue()


def main() -> int:
    """The program: see the module's text."""
    limit_this_process(memory=int(sys.argv[1]), cpu_s=int(sys.argv[2]))
    Image.preinit()
    open_no_more_files()
    try:
        image = encode_avatar(sys.stdin.buffer.read())
    except PictureRefused as refused:
        sys.stderr.write(str(refused))
        return refused.exit_code
    sys.stdout.buffer.write(image)
    return 0


def _check_size(image: Image.Image) -> None:
    # Only the header has been read so far.
    limit = _MAX_PIXELS.get(image.format or "", _MAX_PIXELS_OTHERS)
    if image.width * image.height > limit:
        raise PictureTooLarge(_too_many_pixels(limit))
    if max(image.size) > _MAX_SIDE:
        raise PictureTooLarge(f"A side of the picture has more than {_MAX_SIDE} pixels, the maximum.")
    # libjpeg reports a lack of memory like a damaged file, so it is foreseen.
    if _coefficient_bytes(image) > _MAX_COEFFICIENTS:
        raise PictureTooLarge


def _check_scans(image: Image.Image, data: bytes) -> None:
    # Bytes of a film that a phone puts behind its (baseline) photo may look like scans.
    if not image.info.get("progressive"):
        return
    if data.count(_SCAN) * image.width * image.height > _MAX_SCANNED_PIXELS:
        raise PictureTooLarge


def _coefficient_bytes(image: Image.Image) -> float:
    """0 unless the picture is a progressive JPEG."""
    if not isinstance(image, JpegImagePlugin.JpegImageFile) or not image.info.get("progressive"):
        return 0
    samples = [h * v for _id, h, v, _table in image.layer]
    return 2 * image.width * image.height * sum(samples) / max(samples)


def _too_many_pixels(limit: int) -> str:
    return f"The picture has more than {limit // 1_000_000} million pixels, the maximum."


def _plain(image: Image.Image) -> Image.Image:
    """A new image with the pixels alone: no comments, EXIF, colour profile or further frames."""
    if image.mode.startswith("I"):
        image = _eight_bits(image)
    mode = "RGBA" if image.has_transparency_data else "RGB"
    converted = image.convert(mode)
    clean = Image.new(mode, converted.size)
    clean.paste(converted)
    return clean


def _eight_bits(image: Image.Image) -> Image.Image:
    """16-bit grey scaled to 8 bits. Pillow's own conversion clips: everything above 255 becomes white."""
    grey = image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    grey.info.pop("transparency", None)  # a 16-bit value
    return grey


if __name__ == "__main__":
    sys.exit(main())
