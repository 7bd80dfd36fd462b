"""The claims of the chapter `language`."""

from collapse_lib.chapters.claims import Kind, claim


@claim(Kind.QUOTED, "{:.0f}", source="Shumailov et al. 2024")
def paper_baseline():
    return 34.0


@claim(Kind.QUOTED, "{:.2f}", source="Gerstgrasser et al. 2024")
def gerstgrasser_plain():
    return 2.91


@claim(Kind.QUOTED, "{:.2f}", source="Gerstgrasser et al. 2024")
def gerstgrasser_cold():
    return 9.85


@claim(Kind.QUOTED, "{:.0f}", source="Shumailov et al. 2024")
def paper_loss_from():
    return 20.0


@claim(Kind.QUOTED, "{:.0f}", source="Shumailov et al. 2024")
def paper_loss_to():
    return 28.0


@claim(Kind.QUOTED, "{:.0f} %", source="Pew Research Center 2024")
def pages_gone():
    return 38.0
