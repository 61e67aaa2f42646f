"""Notices to people: stored, shown in their pages, and sent on to where they can be reached."""
