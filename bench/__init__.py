"""Benchmarks: each a ratio against a named peer that does the same work in the same run."""
