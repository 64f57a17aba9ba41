"""The catalogue: all rule files, read once and kept compiled in the user's cache until one of them changes."""

import hashlib
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec

from engine.language.reader import RuleFile, read_rules
from engine.language.rule import AnyRule
from engine.language.vocabulary import Vocabulary
from engine.match.program import Program, compile_rules
from facts.model.errors import RuleError
from facts.model.plugins import plugin_folders
from facts.model.schema import COMPONENTS, KINDS, LAYER_COVERAGE, LAYERS

VOCABULARY = Vocabulary(KINDS, LAYERS, COMPONENTS, LAYER_COVERAGE)
BUNDLED = Path(__file__).resolve().parents[2] / "rules"
"""The folder of the rules that ship with kbdiag."""

_FORMAT = b"kbdiag rule cache 3\n"


class Catalogue(msgspec.Struct, frozen=True):
    """The rules of a run; `digest` ("sha256:...") names exactly this set of files."""

    rules: tuple[AnyRule, ...]
    digest: str

    def program(self) -> Program:
        """Compile the rules for chaining; raises RuleError."""
        return compile_rules(self.rules, VOCABULARY)


def load_catalogue(folders: Sequence[Path] = (), *, bundled: bool = True) -> Catalogue:
    """Read the bundled rules, those of installed packages and those of `folders`.

    A rule of a later folder replaces one of the same id. An installed package adds the folder of a Python package that
    its entry point of the group `kbdiag.rules` names; without `bundled`, only `folders` are read.
    Raises RuleError with all mistakes of all files, a line each, and for a folder without rules.
    """
    sources = _files(BUNDLED) if bundled else []
    installed = plugin_folders("kbdiag.rules") if bundled else ()
    own = [source for folder in (*installed, *folders) for source in _files(folder)]
    digest = hashlib.sha256(_FORMAT)
    for path, content in (*sources, *own):
        digest.update(path.name.encode() + b"\0" + str(len(content)).encode() + b"\0" + content)
    name = digest.hexdigest()
    cached = _read_cache(name)
    if cached is not None:
        return Catalogue(cached, f"sha256:{name}")
    rules = {rule.id: rule for rule in _checked(sources)}
    rules.update({rule.id: rule for rule in _checked(own)})
    ordered = tuple(rules[identity] for identity in sorted(rules))
    _write_cache(name, ordered)
    return Catalogue(ordered, f"sha256:{name}")


def rule_files(folders: Sequence[Path]) -> list[tuple[Path, RuleFile]]:
    """Return what each rule file under `folders` holds, mistakes included."""
    return [(path, _read(path, content)) for folder in folders for path, content in _files(folder)]


def _files(folder: Path) -> list[tuple[Path, bytes]]:
    if not folder.exists():
        raise RuleError(f"{folder}: there is no such rule folder or file (check --rules)")
    if folder.is_file():
        return [(folder, folder.read_bytes())]
    found = [(path, path.read_bytes()) for path in sorted(folder.rglob("*.yaml"))]
    if not found:
        raise RuleError(f"{folder}: there are no rules in this folder (a rule is a .yaml file)")
    return found


def _read(path: Path, content: bytes) -> RuleFile:
    shown = path.relative_to(BUNDLED.parent) if path.is_relative_to(BUNDLED) else path
    try:
        return read_rules(content.decode("utf-8"), str(shown), VOCABULARY)
    except UnicodeDecodeError as error:
        return RuleFile((), {}, (f"{shown}:1:1: this is not UTF-8: byte {error.start} (save the file as UTF-8)",))


def _checked(sources: Sequence[tuple[Path, bytes]]) -> list[AnyRule]:
    rules: dict[str, AnyRule] = {}
    faults: list[str] = []
    for path, content in sources:
        file = _read(path, content)
        faults.extend(file.faults)
        for rule in file.rules:
            if rule.id in rules:
                faults.append(f"{rule.path}:1:1: {rule.id} is also the id of {rules[rule.id].path} (choose another id)")
            rules[rule.id] = rule
    if faults:
        raise RuleError("\n".join(faults))
    return list(rules.values())


def _cache_file(name: str) -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or (
        Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")
    )
    return Path(base) / "kbdiag" / f"rules-{name[:32]}.msgpack"


def _read_cache(name: str) -> tuple[AnyRule, ...] | None:
    try:
        return msgspec.msgpack.decode(_cache_file(name).read_bytes(), type=tuple[AnyRule, ...])
    except (OSError, RuntimeError, msgspec.MsgspecError):
        return None  # a cache may be missing, unreadable or of another version: the files are read instead


def _write_cache(name: str, rules: tuple[AnyRule, ...]) -> None:
    try:
        target = _cache_file(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        for old in sorted(target.parent.glob("rules-*.msgpack"), key=lambda path: path.stat().st_mtime)[:-8]:
            old.unlink(missing_ok=True)
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as file:
            file.write(msgspec.msgpack.encode(rules))
        Path(file.name).replace(target)
    except (OSError, RuntimeError):
        return  # no cache folder, no cache: only speed is lost
