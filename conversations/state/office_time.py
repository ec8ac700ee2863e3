"""The office's time: China has one zone and no summer time."""

from datetime import date, datetime, timedelta, timezone

OFFICE_TIME = timezone(timedelta(hours=8))


def today(now: datetime) -> date:
    """The day that it is at the office."""
    return now.astimezone(OFFICE_TIME).date()


def midnight(day: date) -> datetime:
    """When ``day`` begins at the office."""
    return datetime(day.year, day.month, day.day, tzinfo=OFFICE_TIME)


def shown(moment: datetime) -> str:
    """``moment`` by the office's clock: 2025-04-20 09:30."""
    return f"{moment.astimezone(OFFICE_TIME):%Y-%m-%d %H:%M}"
