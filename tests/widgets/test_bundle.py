"""The joiner: modules in their restricted form become one file that runs; everything else is refused."""

import pytest

from nbcourse.widgets import base, bundle, static

WIDE = "export function wide() {\n  return 40;\n}\n"
MAIN = (
    'import {\n  wide,\n} from "./wide.js";\nimport { TWO } from "./two.js";\n'
    "const sum = wide() + TWO;\nexport default sum;\n"
)


def modules(folder, **sources):
    for name, source in sources.items():
        (folder / f"{name}.js").write_text(source, encoding="utf-8")
    return folder / "main.js"


def test_joined_module_runs_with_dependencies_first_and_once(tmp_path, node):
    two = 'import { wide } from "./wide.js";\nexport const TWO = wide() / 20;\n'
    entry = modules(tmp_path, main=MAIN, wide=WIDE, two=two)
    joined = bundle.es_module(entry)
    assert joined.count("function wide") == 1
    (tmp_path / "joined.mjs").write_text(joined + "console.log(sum);\n", encoding="utf-8")
    assert node(tmp_path / "joined.mjs") == "42\n"


def test_classic_script_registers_and_leaves_no_global_name(tmp_path, node):
    entry = modules(tmp_path, main=MAIN, wide=WIDE, two="export const TWO = 2;\n")
    script = bundle.classic_script(entry, "Sum")
    around = (
        "globalThis.window = { nbcourseFigures: { register: (n, w) => console.log(n, w) } };\n"
        f"{script}console.log(typeof wide, typeof TWO, typeof sum);\n"
    )
    (tmp_path / "script.cjs").write_text(around, encoding="utf-8")
    assert node(tmp_path / "script.cjs") == "Sum 42\nundefined undefined undefined\n"


@pytest.mark.parametrize(
    "main, message",
    [
        (
            'import * as w from "./wide.js";\nconst a = 1;\nexport default a;\n',
            r"line 1: expected .* got `import \*",
        ),
        ('import w from "./wide.js";\nconst a = 1;\nexport default a;\n', "got `import w from"),
        ('import { wide as w } from "./wide.js";\nconst a = 1;\nexport default a;\n', "without renaming"),
        ('import { wide } from "wide";\nconst a = 1;\nexport default a;\n', "got `import { wide }"),
        (
            'import { narrow } from "./wide.js";\nconst a = 1;\nexport default a;\n',
            "'narrow' .* exports wide",
        ),
        (
            'import { x } from "./none.js";\nconst a = 1;\nexport default a;\n',
            r"none.js: no such .* by main.js",
        ),
        ("const a = 1;\nexport { a };\nexport default a;\n", "line 2: .*got `export { a };`"),
        ("export default function () {}\n", "got `export default function"),
        ("export const [a] = [1];\nexport default a;\n", r"got `export const \[a\]"),
        ("var a = 1;\nexport default a;\n", "got `var a"),
        ('const a = () => import("./wide.js");\nexport default a;\n', "got `import\\("),
        ("const a = 1;\n", "expected one `export default"),
        ("export default a;\n", "`export default a` names no declaration"),
        ("const a = 1;\nexport default a;\nexport default a;\n", "at most one `export default`, got 2"),
        (
            'import { wide } from "./wide.js";\nfunction wide() {}\nexport default wide;\n',
            "also declared in wide.js",
        ),
        (
            'import { b } from "./circle.js";\nexport const a = b;\nexport default a;\n',
            "main.js -> circle.js -> main",
        ),
        ('import { d } from "./default.js";\nexport default d;\n', "default.js: only the entry main.js"),
    ],
)
def test_other_forms_are_refused(tmp_path, main, message):
    circle = 'import { a } from "./main.js";\nexport const b = 1;\n'
    entry = modules(
        tmp_path, main=main, wide=WIDE, circle=circle, default="export const d = 1;\nexport default d;\n"
    )
    with pytest.raises(bundle.BundleError, match=message):
        bundle.es_module(entry)


@pytest.mark.parametrize("figure", static.FIGURES, ids=lambda figure: figure.__name__)
def test_every_figure_joins_into_valid_javascript(tmp_path, node, figure):
    entry = base.SCRIPTS / figure.script
    (tmp_path / "module.mjs").write_text(bundle.es_module(entry), encoding="utf-8")
    (tmp_path / "script.cjs").write_text(bundle.classic_script(entry, "X"), encoding="utf-8")
    node("--check", tmp_path / "module.mjs")
    node("--check", tmp_path / "script.cjs")
