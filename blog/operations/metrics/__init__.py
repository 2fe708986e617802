"""`/metrics`: the numbers of all processes of this machine, and what the database says is owed."""
