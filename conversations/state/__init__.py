"""The state of a consultation and what goes in and out of it: messages, answers, the case that they come to. Knows knowledge and rules."""
