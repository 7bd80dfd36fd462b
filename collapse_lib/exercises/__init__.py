"""Exercises that check themselves: the answer is computed, never stored."""

from collapse_lib.exercises.answers import Exercise, check_answer, exercise

__all__ = ["Exercise", "check_answer", "exercise"]
