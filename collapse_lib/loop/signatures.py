"""hands_on_to: arguments that go on to another function are told once, where they go."""

import functools
import inspect

__all__ = ["hands_on_to"]


def hands_on_to(target):
    """Decorate a function of *parts and **settings that go to `target`, a function or a class:
    help() and the errors of a call tell them all, beside the keywords of the function itself."""
    taken = inspect.signature(target).parameters.values()

    def decorate(function):
        own = inspect.signature(function)
        added = [p for p in own.parameters.values() if p.kind is p.KEYWORD_ONLY]
        signature = own.replace(parameters=[*taken, *added])

        @functools.wraps(function)
        def called(*parts, **settings):
            signature.bind(*parts, **settings)  # complains in the name of the caller
            return function(*parts, **settings)

        called.__signature__ = signature
        return called

    return decorate
