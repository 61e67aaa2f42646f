"""Re-encodes an uploaded picture as a 256 × 256 WebP: only its pixels are kept."""

from __future__ import annotations

import io

from PIL import Image, ImageOps

from server.errors import InvalidRequest

SIZE = 256
MEDIA_TYPES = ("image/png", "image/jpeg", "image/webp", "image/gif")
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
# A decoded pixel takes up to 4 bytes. JPEG is scaled down during decoding, so photos of phones are allowed.
_MAX_PIXELS = {"JPEG": 64_000_000}
_MAX_PIXELS_OTHERS = 16_000_000


def encode_avatar(data: bytes) -> bytes:
    """Takes PNG, JPEG, WebP and GIF (its first frame). Blocking. Raises InvalidRequest for anything else."""
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            _check_size(image)
            image.draft("RGB", (SIZE * 2, SIZE * 2))
            upright = ImageOps.exif_transpose(image)
            square = ImageOps.fit(_plain(upright), (SIZE, SIZE), Image.Resampling.LANCZOS)
    except InvalidRequest:
        raise
    except Exception as error:  # Pillow's decoders raise many types
        raise InvalidRequest("The picture could not be read. Use a PNG, JPEG, WebP or GIF.") from error
    out = io.BytesIO()
    square.save(out, "WEBP", quality=82, method=4)
    return out.getvalue()


def _check_size(image: Image.Image) -> None:
    # Only the header has been read so far.
    limit = _MAX_PIXELS.get(image.format or "", _MAX_PIXELS_OTHERS)
    if image.width * image.height > limit:
        raise InvalidRequest(f"The picture has more than {limit // 1_000_000} million pixels, the maximum.")


def _plain(image: Image.Image) -> Image.Image:
    """A new image with the pixels alone: no comments, EXIF, colour profile or further frames."""
    mode = "RGBA" if image.has_transparency_data else "RGB"
    converted = image.convert(mode)
    clean = Image.new(mode, converted.size)
    clean.paste(converted)
    return clean
