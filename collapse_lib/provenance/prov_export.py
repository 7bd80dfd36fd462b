"""A ledger as W3C PROV: entities that activities made and agents carried out.

    sources and data sets  entities
    models                 entities that were fitted, and agents (software) that rows are drawn by
    fit, sample, mix       activities; a data set drawn from one model is a sample, any other a mix
    runs                   activities, with their settings
    collapse_lib           the agent (software) behind runs, fit and mix

Source: W3C, PROV-DM and PROV-JSON (www.w3.org/TR/prov-dm, www.w3.org/Submission/prov-json). Needs
the package prov.
"""

from urllib.parse import quote

from collapse_lib.arguments import (
    check_type,
)
from collapse_lib.provenance.ledger import Ledger
from collapse_lib.provenance.record import canonical

__all__ = ["prov_json", "to_prov"]

NAMESPACE = "urn:collapse_lib:ledger:"
LIBRARY = "collapse_lib"


def to_prov(ledger: Ledger):
    """The ledger as a prov.model.ProvDocument. Raises ImportError, with a remedy, without prov."""
    try:
        from prov.model import PROV_ROLE, PROV_TYPE, ProvDocument
    except ImportError:
        raise ImportError(
            "W3C PROV needs the package prov; install it with `python -m pip install prov`."
        ) from None
    check_type("to_prov.ledger", ledger, Ledger)
    document = ProvDocument()
    ours = document.add_namespace("ledger", NAMESPACE)

    def named(name: str):
        """A name of ours, with every sign that PROV-N cannot write as its bytes, such as %0A."""
        return ours[quote(name, errors="surrogatepass")]

    agent_type = document.valid_qualified_name("prov:SoftwareAgent")
    document.agent(ours[LIBRARY], {PROV_TYPE: agent_type})
    models = set()
    for record in ledger.records():
        name = record.content.get("name")
        about = {ours["record"]: record.number, ours["digest"]: record.digest}
        if record.kind == "run":
            held = record.content.get("settings", {})
            settings = {named(key): _text(value) for key, value in held.items()}
            document.activity(named(name), other_attributes={PROV_TYPE: ours["run"], **settings})
            document.wasAssociatedWith(named(name), ours[LIBRARY])
        elif record.kind == "source":
            document.entity(named(name), {**about, PROV_TYPE: ours["source"]})
        elif record.kind == "model":
            models.add(name)
            document.entity(named(name), {**about, PROV_TYPE: ours["model"]})
            document.agent(named(name), {PROV_TYPE: agent_type})
            fit = document.activity(named(f"fit/{name}"), other_attributes={PROV_TYPE: ours["fit"]})
            trained_on = named(record.content["trained_on"])
            document.used(fit, trained_on, other_attributes={PROV_ROLE: ours["training-set"]})
            document.wasGeneratedBy(named(name), fit)
            document.wasAssociatedWith(fit, ours[LIBRARY])
            document.wasDerivedFrom(named(name), trained_on, fit)
        elif record.kind == "dataset":
            content = record.content
            size = {ours["rows"]: content["rows"], ours["root"]: content["root"]}
            document.entity(named(name), {**about, **size, PROV_TYPE: ours["dataset"]})
            parents = [part["from"] for part in content["parts"]]
            kind = "sample" if len(parents) == 1 and parents[0] in models else "mix"
            made = document.activity(
                named(f"{kind}/{name}"), other_attributes={PROV_TYPE: ours[kind]}
            )
            document.wasGeneratedBy(named(name), made)
            document.wasAssociatedWith(made, named(parents[0] if kind == "sample" else LIBRARY))
            for part in content["parts"]:
                parent, share = named(part["from"]), {ours["rows"]: part["rows"]}
                document.used(made, parent, other_attributes=share)
                document.wasDerivedFrom(named(name), parent, made, other_attributes=share)
    return document


def prov_json(ledger: Ledger) -> str:
    """The ledger as PROV-JSON text, which any reader of W3C PROV takes."""
    return to_prov(ledger).serialize(format="json", indent=1)


def _text(value) -> str:
    return value if isinstance(value, str) else canonical(value).decode()
