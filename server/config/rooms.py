"""Settings of rooms and the people in them: what is allowed, how long, and how many."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from server.common.durations import DAY_S
from server.common.settings import BaseConfig

_MIN_FACTOR = 0.01
"""Below it nobody could do anything."""


class RoomConfig(BaseConfig):
    contact: str = Field(
        "",
        max_length=200,
        description="e-mail address or page of the people who run this server; shown with bans and privacy",
    )
    bad_words: Literal["off", "mask", "refuse"] = Field(
        "mask", description="names, topics and messages with insulting words: off, mask them, or refuse"
    )
    house_rules: bool = Field(
        True, description="people accept the house rules before they first enter a room with others"
    )
    seat_grace_s: float = Field(
        30.0, ge=1, le=3_600, description="seconds a seat is kept for its resume token"
    )
    empty_room_ttl_s: float = Field(
        300.0, ge=1, le=30 * DAY_S, description="seconds an empty room stays open"
    )
    max_rooms: int = Field(
        1_000,
        ge=1,
        le=100_000,
        description="maximum of open rooms; one network (/24, /48) has an eighth of what others leave, or 20",
    )
    max_rooms_per_user: int = Field(
        5, ge=1, le=100_000, description="maximum of open rooms that one person hosts"
    )
    max_rooms_per_address: int = Field(
        100,
        ge=0,
        le=100_000,
        description="maximum of open rooms that were opened from one address (IPv6: /64); 0: no limit",
    )
    new_rooms_per_address: int = Field(
        200,
        ge=0,
        le=100_000,
        description="rooms that one address may open in an hour, half of them at once; 0: no limit",
    )
    sign_ups_per_address: int = Field(
        240,
        ge=0,
        le=1_000_000,
        description="new profiles of one address in an hour, half of them at once; 0: no limit",
    )
    max_sockets_per_address: int = Field(
        400,
        ge=0,
        le=100_000,
        description="maximum of sockets of one address; an open page has one or two; 0: no limit",
    )
    max_tutors_per_user: int = Field(
        3, ge=0, le=1_000, description="maximum of tutors that one person has at work; 0: no limit"
    )
    max_tutors_per_address: int = Field(
        12,
        ge=0,
        le=10_000,
        description="maximum of tutors that people of one address have at work; 0: no limit",
    )
    rate_limit: float = Field(
        1.0,
        ge=0,
        le=1_000,
        description="factor on every rate limit; 0 turns them and all limits by address off (load tests)",
    )

    @model_validator(mode="after")
    def _check_rate_limit(self) -> Self:
        if self.rate_limit and self.rate_limit < _MIN_FACTOR:
            raise ValueError(f"PARLOR_RATE_LIMIT must be 0, or at least {_MIN_FACTOR}")
        return self
