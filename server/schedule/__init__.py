"""Rooms at a set time: events that recur, places in them, reminders, calendars."""
