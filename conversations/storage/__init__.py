"""What is kept, and how: the store with its transactions, the tables, the lock on personal data, the migrations. Knows the state."""
