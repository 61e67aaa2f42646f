"""Settings with a vendor's key or address, which tests must not take from the environment."""

from __future__ import annotations

from ai_agent.config import Settings

VENDOR_KEYS = frozenset(
    str(field.validation_alias) for field in Settings.model_fields.values() if field.validation_alias
)
"""Names of environment variables."""
VENDOR_URLS = frozenset(name for name in Settings.model_fields if name.endswith("_url")) - {"server_url"}
"""Names of fields of Settings."""
