"""Finding articles and the vocabulary by words."""
