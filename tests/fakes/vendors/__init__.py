"""Fakes of vendors' services as they are documented, on loopback, for the real SDKs, with scripted faults."""
