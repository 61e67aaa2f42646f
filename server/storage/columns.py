"""Columns that many tables have: ids, and references to rows with which a row is deleted."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, String


def key(name: str) -> Column[str]:
    """An id or a digest that is the primary key, or a part of it."""
    return Column(name, String(64), primary_key=True)


def part_of(target: str, name: str, *, is_key: bool = False) -> Column[str]:
    """A reference to `target` ("rooms.id"): a row is deleted with the one that it refers to. `is_key`: it is
    a part of the primary key."""
    deleted_with = ForeignKey(target, ondelete="CASCADE")
    return Column(name, String(64), deleted_with, primary_key=is_key, nullable=False)


def of_user(name: str, *, is_key: bool = False) -> Column[str]:
    """A reference to a person: a row is deleted with their profile."""
    return part_of("users.id", name, is_key=is_key)
