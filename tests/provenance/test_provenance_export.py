"""W3C PROV and the drawing: both say what the ledger says."""

import json

import numpy as np
import pytest
from figures import foreign_colours, outside_references, overlapping
from prov.model import ProvDerivation, ProvDocument
from sentences import says

from collapse_lib import run_loop
from collapse_lib.models.gaussian import Gaussian
from collapse_lib.plotting import lineage_drawing
from collapse_lib.policies import Accumulate, FreshReal
from collapse_lib.provenance import Ledger, lineage, origin_shares
from collapse_lib.provenance.prov_export import NAMESPACE, prov_json, to_prov

WORDS = {
    "name": "lineage",
    "title": "Of what each training set is made",
    "caption": "",
    "alt": "The real share of the training sets falls from one generation to the next.",
}


def source(n, rng):
    return rng.normal(size=n)


def run_into(path, policy, n_generations=4, n_fresh=0):
    with Ledger(path) as ledger:
        run_loop(
            Gaussian(),
            source,
            policy,
            n_samples=10,
            n_fresh=n_fresh,
            n_generations=n_generations,
            seed=1,
            n_reference=2,
            ledger=ledger,
        )
    return ledger


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    return run_into(tmp_path_factory.mktemp("prov") / "ledger.jsonl", Accumulate(), n_fresh=2)


def test_prov_json_comes_back_through_the_reader_of_prov(ledger):
    document, text = to_prov(ledger), prov_json(ledger)
    again = ProvDocument.deserialize(content=text, format="json")
    assert again == document
    changed = text.replace('"$": "10"', '"$": "11"')
    assert changed != text and ProvDocument.deserialize(content=changed, format="json") != document


def test_prov_says_what_the_ledger_says(ledger):
    found = json.loads(prov_json(ledger))
    kinds = {kind: [r for r in ledger.records() if r.kind == kind] for kind in ("dataset", "model")}
    (run,) = [r for r in ledger.records() if r.kind == "run"]
    assert found["prefix"]["ledger"] == NAMESPACE
    assert len(found["entity"]) == len(ledger) - 1  # all but the run, which is an activity
    assert len(found["activity"]) == 1 + sum(map(len, kinds.values()))
    settings = found["activity"][f"ledger:{run.content['name']}"]
    assert settings["ledger:policy"] == "Accumulate()" and settings["ledger:seed"] == "[[1],[]]"
    for record in kinds["dataset"]:
        entity = found["entity"][f"ledger:{record.content['name']}"]
        assert entity["ledger:root"] == record.content["root"]
        assert entity["ledger:digest"] == record.digest
    agents = {f"ledger:{record.content['name']}" for record in kinds["model"]}
    assert set(found["agent"]) == agents | {"ledger:collapse_lib"}


def test_derivations_alone_lead_to_the_same_depths(ledger):
    """An independent way to the lineage: walk PROV's derivations, knowing nothing of the ledger."""
    document = ProvDocument.deserialize(content=prov_json(ledger), format="json")
    parents = {}
    for derivation in document.get_records(ProvDerivation):
        generated, used = (str(value) for _, value in derivation.formal_attributes[:2])
        parents.setdefault(generated, []).append(used)

    def models_above(entity):
        step = int("/model-" in entity)
        return step + max((models_above(parent) for parent in parents.get(entity, ())), default=0)

    (run,) = [r.content["name"] for r in ledger.records() if r.kind == "run"]
    for t in (2, 3, 4):
        found = lineage(ledger, f"train-{t}")
        assert models_above(f"ledger:{run}/train-{t}") == max(found.by_depth) == t - 1


def test_the_drawing_holds_the_shares(ledger):
    shares = origin_shares(ledger)
    figure = lineage_drawing(shares, **WORDS)
    assert np.array_equal(figure.table["real rows"], shares[:, 0])
    assert np.array_equal(figure.table["of model 2"], shares[:, 2])
    assert shares[1] == pytest.approx([12 / 22, 10 / 22, 0, 0])


@pytest.mark.parametrize("n_generations", [1, 2, 12])
def test_the_drawing_is_a_figure_of_the_book(tmp_path, n_generations):
    policy = FreshReal(0.5) if n_generations == 2 else Accumulate()
    made = run_into(tmp_path / "ledger.jsonl", policy, n_generations)
    figure = lineage_drawing(origin_shares(made), **WORDS)
    svg = figure.svg()
    assert overlapping(svg) == [] and foreign_colours(svg) == []
    assert outside_references(figure.html()) == [] and len(svg) < 40_000
    assert figure.html() == lineage_drawing(origin_shares(made), **WORDS).html()
    in_legend = 1
    assert (svg.count("var(--cl-synthetic") > in_legend) == (n_generations > 1)


def test_shares_that_cannot_be_drawn_are_told():
    with says("lineage_drawing: generations must be at most 12; got 13."):
        lineage_drawing(np.eye(13), **WORDS)
    with says("lineage_drawing needs arrays of one shape; got shares (1, 2), a square (1, 1)."):
        lineage_drawing([[1.0, 0.0]], **WORDS)
    with says(
        "lineage_drawing: shares above the diagonal must be finite and at most 0; 1 of 4 are not "
        "(the first is 1)."
    ):
        lineage_drawing([[0.0, 1.0], [1.0, 0.0]], **WORDS)
    with says("lineage_drawing.shares must sum to 1; got 0.9. Divide counts by their sum."):
        lineage_drawing([[1.0, 0.0], [0.5, 0.4]], **WORDS)
