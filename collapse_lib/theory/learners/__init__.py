"""Learners of other kinds: regression, any regular family, estimators with a mind of their own."""
