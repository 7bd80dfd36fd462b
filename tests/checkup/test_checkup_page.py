"""The report as one page."""

import re

import numpy as np
import pytest
from bs4 import BeautifulSoup
from checkup.conftest import mixed

from collapse_lib.checkup import checkup


@pytest.fixture(scope="module")
def report():
    rng = np.random.default_rng(1)
    real, cut = mixed(800, rng), mixed(800, rng, spread=0.6)
    cut["town"] = cut["town"].replace("town 3", "<script>alert(1)</script>")
    return checkup(real, cut, n_deals=99)


def test_the_page_asks_for_nothing_and_escapes_what_data_says(report, tmp_path):
    text = report.to_html(tmp_path / "report.html")
    assert (tmp_path / "report.html").read_text("utf-8") == text
    page = BeautifulSoup(text, "html.parser")
    assert not page.find_all(["script", "img", "iframe", "object"])
    assert all(link["href"].startswith("data:") for link in page.find_all(["link", "a"]))
    assert not re.search(r"url\((?!#)|@import|https?://(?!www\.w3\.org)", text)
    assert page.html["lang"] == "en" and page.title.string == "Something is lost: check-up"


def test_the_page_says_what_the_report_says(report):
    page = BeautifulSoup(report.to_html(), "html.parser")
    assert page.select_one(".first").get_text() == report.to_dict()["summary"]
    rows = page.select("#table-all-measures tbody tr")
    assert len(rows) == len(report.findings)
    assert [row.find_all("td")[3].string for row in rows].count("lost") == len(report.lost)
    assert page.select_one("#figure-checkup-kept svg")
    assert "prefers-color-scheme:dark" in page.style.string and "@media print" in page.style.string


def test_a_report_without_measures_has_a_page():
    report = checkup(None, np.random.default_rng(1).normal(size=(30, 2)))
    assert "Without real rows" in report.to_html() and report._repr_html_()
