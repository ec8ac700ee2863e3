"""What follows from facts: three-valued conditions, amounts, cumulation. Pure; knows no document and no wording."""
