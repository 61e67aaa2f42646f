"""Vendors' services as they document them, on loopback, for their real SDKs; and their bad days."""
