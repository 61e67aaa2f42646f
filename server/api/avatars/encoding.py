"""From whatever was uploaded to a clean 256 × 256 WebP: only pixels survive."""

from __future__ import annotations

import io

from PIL import Image, ImageOps

from server.errors import InvalidRequest

SIZE = 256
MEDIA_TYPES = ("image/png", "image/jpeg", "image/webp", "image/gif")
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
# Decoded pixels take up to 4 bytes. JPEG shrinks while it is decoded, so that phones' photos pass.
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
    except Exception as error:  # each of Pillow's decoders raises what its parser happens to meet
        raise InvalidRequest("The picture could not be read. Use a PNG, JPEG, WebP or GIF.") from error
    out = io.BytesIO()
    square.save(out, "WEBP", quality=82, method=4)
    return out.getvalue()


def _check_size(image: Image.Image) -> None:
    # The header alone has been read: nothing is decoded yet.
    limit = _MAX_PIXELS.get(image.format or "", _MAX_PIXELS_OTHERS)
    if image.width * image.height > limit:
        raise InvalidRequest(f"The picture has more than {limit // 1_000_000} million pixels.")


def _plain(image: Image.Image) -> Image.Image:
    """Pixels in a new image: comments, EXIF, colour profiles and further frames stay behind."""
    mode = "RGBA" if image.has_transparency_data else "RGB"
    converted = image.convert(mode)
    clean = Image.new(mode, converted.size)
    clean.paste(converted)
    return clean
