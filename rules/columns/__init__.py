"""A policy's rules as SQL over columns, for all firms at once: what ``rules`` says of one case, said of every row.

Needs sqlglot, which the extra ``match`` brings; nothing else of ``rules`` imports this folder.
"""
