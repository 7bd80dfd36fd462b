"""Text: the marks that it can carry, what shows that a student read it, how far detectors go."""
