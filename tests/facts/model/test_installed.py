"""What installed packages say of themselves is read from their folders as importlib.metadata reads it."""

import subprocess
import sys
from importlib import metadata
from pathlib import Path

from facts.model.installed import installed_version, mentions_entry_points


def _package(folder: Path, name: str, groups: str) -> None:
    """Install nothing but what a package says of itself."""
    info = folder / f"{name}-1.2.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n\nVersion: 9\n")
    (info / "entry_points.txt").write_text(groups)


def test_the_version_is_that_of_the_first_package_on_the_path(tmp_path: Path) -> None:
    """Its description may speak of versions too."""
    _package(tmp_path / "one", "acme", "")
    assert installed_version("acme", [str(tmp_path), str(tmp_path / "one")]) == "1.2"


def test_a_package_that_is_not_installed_has_no_version(tmp_path: Path) -> None:
    """Another one whose name begins alike does not count."""
    _package(tmp_path, "acme_tools", "")
    assert installed_version("acme", [str(tmp_path), str(tmp_path / "missing")]) == ""


def test_the_version_is_what_importlib_tells() -> None:
    """For packages as they are installed."""
    for name in ("msgspec", "kbdiag"):
        assert installed_version(name, sys.path) == metadata.version(name)


def test_entry_points_are_seen_by_their_group(tmp_path: Path) -> None:
    """A package with commands only extends nothing."""
    _package(tmp_path / "one", "acme", "[console_scripts]\nacme = acme:main\n")
    _package(tmp_path / "two", "acme_rules", "[kbdiag.rules]\nacme = acme_rules\n")
    assert not mentions_entry_points("kbdiag.", [str(tmp_path / "one")])
    assert mentions_entry_points("kbdiag.", [str(tmp_path / "one"), str(tmp_path / "two")])


def test_packages_in_an_archive_may_have_entry_points(tmp_path: Path) -> None:
    """They cannot be seen, so importlib.metadata is asked."""
    (tmp_path / "packages.zip").write_bytes(b"PK")
    assert mentions_entry_points("kbdiag.", [str(tmp_path / "packages.zip")])


def test_a_log_is_diagnosed_without_what_it_does_not_need(tmp_path: Path) -> None:
    """Neither YAML nor the metadata of packages is imported: every run would wait for them.

    The first of two runs compiles the rules where they have changed.
    """
    (tmp_path / "tiny.log").write_text("E0612 08:00:01.000000 1 main.go:7] connection refused\n")
    script = (
        "import atexit, sys; from kb.cli import cli\n"
        "needless = {'yaml.loader', 'importlib.metadata', 'email.message'}\n"
        "atexit.register(lambda: print(sorted(needless & set(sys.modules)), file=sys.stderr))\n"
        "cli.main(['infer', 'tiny.log', '-o', 'json', '--engine', 'reference'])"
    )
    command = [sys.executable, "-c", script]
    _, done = (subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True) for _ in range(2))
    assert done.stderr == "[]\n"
