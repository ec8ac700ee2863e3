"""Placeholder until merged."""

from rules.values import Interval


def together(sums, across):
    most = [s.max for s in sums]
    low = [s.min for s in sums]
    return Interval(max(low) if across else sum(low), None if None in most else sum(most))
