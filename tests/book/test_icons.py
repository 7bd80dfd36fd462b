"""Font Awesome's script is cut to the icons in use, and no other byte of it changes."""

from book_offline import keep_icons

SCRIPT = (
    'before({xmark:[384,512,[128473,"close","times"],"f00d","M1 2"],"face-smile":[512,512,[128578,'
    '"smile"],"f118","M3 4"],house:[576,512,[],"f015","M5 6"]})after[1,2]'
)


def test_icons_are_kept_by_name_or_alias():
    assert keep_icons(SCRIPT, {"times", "house"}) == (
        'before({xmark:[384,512,[128473,"close","times"],"f00d","M1 2"],'
        'house:[576,512,[],"f015","M5 6"]})after[1,2]'
    )
    assert keep_icons(SCRIPT, {"xmark", "face-smile", "house"}) == SCRIPT


def test_the_book_holds_a_small_script_with_its_icons(site):
    script = (site / "_static" / "scripts" / "fontawesome.js").read_text(encoding="utf-8")
    assert len(script) < 200_000
    assert "circle-half-stroke:[" in script or '"circle-half-stroke":[' in script
    assert '"face-smile":[' not in script
