"""One browser for all the tests of a session, and one line where there is none."""

import pytest
from webpage import NO_BROWSER, launched


@pytest.fixture(scope="session")
def browser():
    with launched() as browser:
        yield browser


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Give all tests that had no browser one place, so that the summary has one line for them."""
    report = yield
    if report.skipped and getattr(call.excinfo.value, "msg", None) == NO_BROWSER:
        report.longrepr = (__file__, None, f"Skipped: {NO_BROWSER}")
    return report
