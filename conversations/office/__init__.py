"""The office's side: leads, the helpdesk, hand-overs, figures, accounts, and what a person keeps with it."""
