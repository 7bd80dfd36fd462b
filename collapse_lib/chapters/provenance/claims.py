"""The claims of the chapter `provenance`: all quoted, and none computed here."""

from collapse_lib.chapters.claims import Kind, claim

AUDIT = "Longpre et al. 2024, Nature Machine Intelligence"
CONSENT = "Longpre et al. 2024, arXiv:2407.14933"
DOLEZAL = "Dolezal et al. 2026, arXiv:2604.26965"
GRAPHITE = "Graphite 2025"
AHREFS = "Ahrefs 2025"
THOMPSON = "Thompson et al. 2024, arXiv:2401.05749"


@claim(Kind.QUOTED, "{:,.0f}", source=AUDIT)
def audited_datasets():
    return 1800.0


@claim(Kind.QUOTED, "{:.0f} %", source=AUDIT)
def licence_omitted():
    return 70.0


@claim(Kind.QUOTED, "{:.0f} %", source=AUDIT)
def licence_wrong():
    return 50.0


@claim(Kind.QUOTED, "{:,.0f}", source=CONSENT)
def consent_domains():
    return 14_000.0


@claim(Kind.QUOTED, "{:.0f} %", source=CONSENT)
def consent_tokens():
    return 5.0


@claim(Kind.QUOTED, "{:.0f} %", source=CONSENT)
def consent_critical():
    return 28.0


@claim(Kind.QUOTED, "{:.0f} %", source=CONSENT)
def consent_terms():
    return 45.0


@claim(Kind.QUOTED, "{:.0f} %", source=DOLEZAL)
def web_websites():
    return 35.0


@claim(Kind.QUOTED, "{:.0f} %", source=GRAPHITE)
def web_articles():
    return 50.0


@claim(Kind.QUOTED, "{:.1f} %", source=GRAPHITE)
def web_articles_alarms():
    return 4.2


@claim(Kind.QUOTED, "{:.1f} %", source=AHREFS)
def web_pages():
    return 74.2


@claim(Kind.QUOTED, "{:.1f} %", source=AHREFS)
def web_pages_pure():
    return 2.5


@claim(Kind.QUOTED, "{:.1f} %", source=THOMPSON)
def web_translated():
    return 57.1
