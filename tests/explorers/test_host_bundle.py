"""Several ES modules joined into one text."""

import re

import pytest

from collapse_lib.explorers.host.bundle import bundle, page_script

ENTRY = 'import { a } from "./a.mjs";\n\nexport default { render() { return a(); } };\n'


def write(folder, **files):
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.mjs").write_text(text, encoding="utf-8")
    return folder / "entry.mjs"


def rendered(browser, text):
    """What `render` of the default export of a module gives."""
    page = browser.new_page()
    run = """async text => (await import(URL.createObjectURL(
        new Blob([text], {type: "text/javascript"})))).default.render()"""
    found = page.evaluate(run, text)
    page.close()
    return found


def test_modules_are_joined_each_once_and_before_those_that_need_it(browser, tmp_path):
    (tmp_path / "deep").mkdir()
    write(
        tmp_path / "deep",
        low="export const LOW = 1;\nexport let [x, y] = [2, 3];\n"
        "export const { w: z } = { w: 4 };\nexport { late };\nasync function* late() {}\n",
    )
    entry = write(
        tmp_path,
        a="import {\n  b,\n} from \"./b.mjs\";\nimport { LOW, y, z } from './deep/low.mjs'\n"
        "export function a() { return b() + LOW + y + z; }\n",
        b='import { LOW, late } from "./deep/low.mjs";\nexport class Held {}\n'
        "export const b = () => 10 * LOW + (late && Held ? 100 : 0);\n",
        entry=ENTRY,
    )
    text = bundle(entry)
    order = re.findall(r"^// (\S+)$", text, re.MULTILINE)
    assert order == ["deep/low.mjs", "b.mjs", "a.mjs", "entry.mjs"]
    assert not re.search(r"^import\b", text, re.MULTILINE)
    assert re.findall(r"^export.*$", text, re.MULTILINE) == ["export default cl$3.default;"]
    assert rendered(browser, text) == 10 + 100 + 1 + 3 + 4


def test_two_files_may_use_one_name(browser, tmp_path):
    files = {
        "a": 'import { b } from "./b.mjs";\nconst twice = 10;\nfunction own() { return twice; }\n'
        "export const a = () => own() + b();\n",
        "b": "const { x: twice } = { x: 2 };\nfunction own() { return twice; }\n"
        "export const b = () => own();\n",
    }
    entry = write(tmp_path, entry=ENTRY + "const twice = 300, own = null;\n", **files)
    assert rendered(browser, bundle(entry)) == 10 + 2
    wrong = files | {"b": files["b"].replace("x: 2", "x: 3")}
    assert rendered(browser, bundle(write(tmp_path, **wrong))) == 10 + 3


def test_a_page_script_starts_the_views_of_all_entries_and_leaves_no_name(browser, tmp_path):
    files = {"a": "export const a = () => 1;\n", "entry": ENTRY}
    write(tmp_path, **files, host="export const start = (views) => { window.clViews = views; };\n")
    other = write(tmp_path / "other", **files | {"a": "export const a = () => 2;\n"})
    entries = {"One": tmp_path / "entry.mjs", "Two": other}
    script = page_script(entries, wrapper=tmp_path / "host.mjs")
    page = browser.new_page()
    before = page.evaluate("Object.keys(window)")
    page.add_script_tag(content=script)
    drawn = "Object.fromEntries(Object.entries(clViews).map(([k, view]) => [k, view.render()]))"
    assert page.evaluate(drawn) == {"One": 1, "Two": 2}
    assert set(page.evaluate("Object.keys(window)")) - set(before) == {"clViews"}
    page.close()
    assert not re.search(r"^(import|export)\b", script, re.MULTILINE)


def test_the_same_files_give_the_same_text_wherever_they_lie(tmp_path):
    files = {"a": "export const a = () => 1;\n", "entry": ENTRY}
    one, two = (bundle(write(tmp_path / name, **files)) for name in ("one", "two"))
    assert one == two
    assert str(tmp_path) not in one
    assert bundle(tmp_path / "one" / "entry.mjs") == one


def test_comments_on_their_own_lines_are_left_out(tmp_path):
    entry = write(
        tmp_path,
        entry="/** About.\n * More. */\nexport default {\n  // why\n  render() {\n"
        "    /* one */\n    return 1; // stays\n  },\n};\n",
    )
    assert bundle(entry) == (
        "// entry.mjs\nconst cl$0 = (() => {\nconst cl$default = {\n  render() {\n"
        "    return 1; // stays\n  },\n};\nreturn { default: cl$default };\n})();\n\n"
        "export default cl$0.default;\n"
    )


def test_a_wrapper_is_put_around_the_default_export(tmp_path):
    files = {"a": "export const a = () => 1;\n", "entry": ENTRY}
    wrapper = tmp_path / "host.mjs"
    wrapper.write_text("export const hosted = (v) => v;\nexport function mount() {}\n")
    text = bundle(write(tmp_path / "figure", **files), wrapper=wrapper)
    assert text.endswith("export default cl$0.hosted(cl$2.default);\n")


REFUSED = {
    "an alias on lines of its own": (
        {"a": 'import {\n  b as c,\n} from "./b.mjs";\nexport const a = 1;\n', "b": ""},
        "a.mjs has an import that cannot be joined: 'import { b as c, } from \"./b.mjs\";'; write "
        'import { name } from "./file.mjs", with no alias and no default import.',
    ),
    "an alias": (
        {"a": 'import { b as c } from "./b.mjs";\nexport const a = 1;\n', "b": ""},
        "a.mjs has an import that cannot be joined: 'import { b as c } from \"./b.mjs\";'; write "
        'import { name } from "./file.mjs", with no alias and no default import.',
    ),
    "a default import": (
        {"a": 'import b from "./b.mjs";\nexport const a = 1;\n', "b": ""},
        "a.mjs has an import that cannot be joined: 'import b from \"./b.mjs\";'; write "
        'import { name } from "./file.mjs", with no alias and no default import.',
    ),
    "an outside module": (
        {"a": 'import { b } from "https://example.org/b.mjs";\nexport const a = 1;\n'},
        "a.mjs has an import that cannot be joined: 'import { b } from "
        '"https://example.org/b.mjs";\'; write import { name } from "./file.mjs", with no alias '
        "and no default import.",
    ),
    "an import for its effects": (
        {"a": 'import "./b.mjs";\nexport const a = 1;\n', "b": ""},
        "a.mjs has an import that cannot be joined: 'import \"./b.mjs\";'; write "
        'import { name } from "./file.mjs", with no alias and no default import.',
    ),
    "a name that is not exported": (
        {"a": 'import { b } from "./b.mjs";\nexport const a = 1;\n', "b": "const b = 1;\n"},
        "a.mjs imports 'b' from b.mjs, which does not export it.",
    ),
    "a second default": (
        {"a": "export const a = 1;\nexport default a;\n"},
        "a.mjs must have no default export; got 1.",
    ),
    "another export": (
        {"a": 'export { b as a } from "./b.mjs";\n', "b": "export const b = 1;\n"},
        "a.mjs has an export that cannot be joined: 'export { b as a } from \"./b.mjs\";'; write "
        "export in front of a declaration, or export { name };, with no alias.",
    ),
    "a circle": (
        {
            "a": 'import { b } from "./b.mjs";\nexport const a = 1;\n',
            "b": 'import { a } from "./a.mjs";\nexport const b = 1;\n',
        },
        "b.mjs and a.mjs import each other, directly or by way of others; move what both need "
        "into a third file.",
    ),
    "the end of a script": (
        {"a": 'export const a = "</script>";\n'},
        "a.mjs holds '</script', which would end the script that carries it in a page; write it in "
        "two parts.",
    ),
    "a missing file": ({}, "There is no module a.mjs in here."),
}


@pytest.mark.parametrize("files, sentence", REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_joined_is_refused_in_a_sentence(tmp_path, files, sentence):
    entry = write(tmp_path / "here", entry=ENTRY, **files)
    with pytest.raises(ValueError) as caught:
        bundle(entry)
    assert str(caught.value) == sentence


def test_an_entry_needs_a_default_export(tmp_path):
    with pytest.raises(ValueError) as caught:
        bundle(write(tmp_path, entry="export const render = 1;\n"))
    assert str(caught.value) == "entry.mjs must have exactly one default export; got 0."
