"""Normals that are refitted to rows: one dimension, unless a file says otherwise."""
