"""The desk of the office: figures, leads, questions and hand-overs in a browser, behind accounts."""
