"""The desk of the office: figures, leads, questions and hand-overs in a browser, behind accounts."""

PATH = "/desk"
"""Where it is mounted in the web."""
NAME = "desk"
"""What its routes are named by: ``desk:lead``."""
