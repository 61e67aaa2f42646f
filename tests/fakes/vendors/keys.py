"""What of the environment names a vendor's account or its address, as the worker's settings have it."""

from __future__ import annotations

from ai_agent.config import Settings

VENDOR_KEYS = frozenset(
    str(field.validation_alias) for field in Settings.model_fields.values() if field.validation_alias
)
"""Variables."""
VENDOR_URLS = frozenset(name for name in Settings.model_fields if name.endswith("_url")) - {"server_url"}
"""Fields of Settings."""
