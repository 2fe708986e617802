"""What programs read: everything that people may read, as records, with a description made from the same types."""
