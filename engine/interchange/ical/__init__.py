"""iCalendar (RFC 5545) in and out: hours and busy times of roles, with their recurrences."""

from engine.interchange.ical.doors import calendars_of, read_calendars
from engine.interchange.ical.options import CalendarOptions

__all__ = ["CalendarOptions", "calendars_of", "read_calendars"]
