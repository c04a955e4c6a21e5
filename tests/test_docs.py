"""The README can be believed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.cli import main

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def block_under(heading: str) -> list[str]:
    section = README.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return re.search(r"```sh\n(.*?)```", section, re.DOTALL).group(1).splitlines()


@pytest.mark.parametrize("heading", ["Run it", "Test it"])
def test_each_of_the_two_commands_is_one_line_that_installs_only_locked_packages(heading: str):
    (line,) = block_under(heading)
    assert "--require-hashes" in line
    assert "--no-deps" in line


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_is_in_the_readme_and_has_help_for_all_it_takes(name: str):
    assert f"storysafe {name}" in README
    command = main.commands[name]
    assert command.help
    assert all(getattr(p, "help", "x") for p in command.params if p.param_type_name == "option" and p.name != "out")


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_locks_hold_exact_versions_with_hashes_and_no_index_address(lock: str):
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "--index-url" not in text
    assert "://" not in text
    for entry in re.split(r"\n(?=\S)", text):
        if re.match(r"[A-Za-z0-9]", entry):
            assert re.match(r"[\w.\[\]-]+==\S+", entry)
            assert "--hash=sha256:" in entry


def test_every_file_that_the_readme_links_to_is_there():
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_every_exit_code_of_an_error_is_in_the_readme():
    from pipeline import errors

    codes = {e.exit_code for e in vars(errors).values() if isinstance(e, type) and issubclass(e, errors.StorysafeError)}
    assert all(f"| {code} |" in README for code in codes | {0, 3})
