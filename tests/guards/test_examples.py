"""What CONTRIBUTING tells one to write works when it is written."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from procedures.book import LAW, ProcedureBook, shipped
from procedures.kinds import KINDS
from procedures.organisation import load_organisation
from procedures.problems import SourceError
from procedures.prover import prove
from tests.guards.documents import PACKAGES, ROOT, document, examples


def given() -> dict[str, str]:
    return examples(document("CONTRIBUTING.md"))


def city(folder: Path, definition: str) -> ProcedureBook:
    (folder / "example_city.yaml").write_text(definition, "utf-8")
    return ProcedureBook(LAW, folder)


def test_the_example_city_loads_and_keeps_the_promise(tmp_path: Path) -> None:
    book = city(tmp_path, given()["procedures/law/example_city.yaml"])
    organisation = tmp_path / "organisation.yaml"
    organisation.write_text(given()["procedures/organisations/example_city.yaml"], "utf-8")
    found = book.get("example_city")
    assert prove(found, KINDS).faults == ()
    assert (found.steps["hearing"].rules["notice_before"].value, len(found.steps)) == (
        10,
        len(shipped().get("order_713").steps) + 1,
    )
    assert load_organisation(organisation, book).profile == "example_city"


def test_the_example_city_cannot_loosen_what_the_nation_says(tmp_path: Path) -> None:
    definition = given()["procedures/law/example_city.yaml"]
    looser = definition.replace(
        "        cite: [order_713 15.1, city_rules 9]\n",
        "        cite: city_rules 9\n        value: 20\n        special_law: city_rules 9\n",
    )
    assert looser != definition
    with pytest.raises(SourceError) as caught:
        city(tmp_path, looser).get("example_city")
    assert "definition.special_law_too_low" in {each.code for each in caught.value.problems}


def test_the_example_kind_works(tmp_path: Path) -> None:
    for folder in (*PACKAGES, "tests"):
        ignored = shutil.ignore_patterns("__pycache__", "benchmarks", "integration", "scenarios")
        keep = None if folder != "tests" else ignored
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=keep)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name, content in given().items():
        path = tmp_path / name
        if path.suffix == ".toml":
            path.write_text(with_messages(path.read_text("utf-8"), content), "utf-8")
        elif name == "tests/unit/builders.py":
            inserted(path, "] = {\n", content)
        else:
            path.write_text(content, "utf-8")
    listed = tmp_path / "procedures/kinds/__init__.py"
    inserted(listed, "from procedures.kinds import (\n", "    site_visit,\n")
    inserted(listed, "for kind in (\n", "        site_visit.KIND,\n")
    test = "tests/unit/kinds/test_site_visit.py"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", test],
        cwd=tmp_path,
        env={"PATH": str(Path(sys.executable).parent), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 passed" in done.stdout


def inserted(path: Path, after: str, content: str) -> None:
    head, mark, tail = path.read_text("utf-8").partition(after)
    assert mark, after
    path.write_text(head + mark + content + tail, "utf-8")


def with_messages(catalogue: str, added: str) -> str:
    """A catalogue with the lines of some tables added to it."""
    for table, lines in re.findall(r"^(\[.+?\])\n(.*?)(?=^\[|\Z)", added, re.MULTILINE | re.DOTALL):
        head, mark, tail = catalogue.partition(f"{table}\n")
        catalogue = head + mark + lines + tail if mark else f"{catalogue}\n{table}\n{lines}"
    assert tomllib.loads(catalogue)
    return catalogue
