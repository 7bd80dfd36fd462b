"""Odd calls and valid extremes: every public function, with arguments that nobody had in mind.

    python -m tools odd                    odd arguments in one or two places
    python -m tools odd --valid            arguments at the ends of what is allowed

`calls` finds what can be called, `examples` holds valid arguments, `oddities` and `extremes` what
is put in their place, `judge` tells how a call ended, and `walk` makes the calls in processes of
their own, so that one that hangs or dies is counted as well.
"""
