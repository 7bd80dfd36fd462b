"""What data is made of: a ledger that cannot be changed unseen, credentials for pictures.

    ledger       Ledger: an append-only file of sources, data sets, models and runs
    verify       verify: which record of a ledger is the first that was altered
    merkle       merkle_root, prove, check_proof: that one row stands in a data set
    lineage      lineage: what share of a data set descends from models, through how many of them
    prov_export  the same as W3C PROV (needs the package prov)
    credentials  Content Credentials for pictures, C2PA (needs c2pa-python)

Import the last two from their modules, as they need packages of their own.
"""

from collapse_lib.provenance.ledger import Ledger
from collapse_lib.provenance.lineage import Lineage, lineage, origin_shares
from collapse_lib.provenance.merkle import Proof, check_proof, merkle_root, prove
from collapse_lib.provenance.record import Head, Record
from collapse_lib.provenance.verify import Verdict, verify

__all__ = [
    "Head",
    "Ledger",
    "Lineage",
    "Proof",
    "Record",
    "Verdict",
    "check_proof",
    "lineage",
    "merkle_root",
    "origin_shares",
    "prove",
    "verify",
]
