"""Calendars that leave the house: subscriptions, feeds and exports in iCalendar."""
