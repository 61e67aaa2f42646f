"""A class that the tutor teaches, whatever carries its voice."""
