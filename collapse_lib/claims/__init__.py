"""The claim ledger: every quantitative sentence of the book is bound to what computes it.

In a chapter the number stands as a literal with its claim in an HTML comment behind it:

    Blue is gone in 78.6 %<!--claim blue-lost-by-100--> of the runs.

The claims of a chapter stand in the module of this package that bears the chapter's name, each as
a function under `@claim(...)`. `python -m collapse_lib.claims write` writes the literals and the
page that lists them; `check` recomputes and compares, and finds numbers that belong to no claim.
"""

from collapse_lib.claims.ledger import Claim, Kind, claim, claims_of

__all__ = ["Claim", "Kind", "claim", "claims_of"]
