"""What regcheck is compared with: installed into folders of the benchmark's own."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import venv

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
BUILD = os.path.join(ROOT, "build", "bench")
BIN = os.path.join(BUILD, "venv", "bin")
NODE = os.path.join(BUILD, "node")

FROM_PYPI = ("check-jsonschema", "yamllint")
FROM_NPM = ("ajv-cli", "ajv-formats", "v8r")

# Nobody is measured compiling, so what turns bytecode off is left out, and what else bends a run.
ENVIRONMENT = {n: v for n, v in os.environ.items() if not n.startswith(("PYTHON", "GIT_"))}
INSTALL_TIMEOUT = 300
"""Seconds."""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def install_regcheck() -> None:
    """The checkout, into a virtual environment for all that is Python."""
    if not os.path.exists(os.path.join(BIN, "python")):
        venv.create(os.path.join(BUILD, "venv"), with_pip=True)
    pip = [os.path.join(BIN, "python"), "-m", "pip", "install", "--quiet", "--compile"]
    pip.append("--disable-pip-version-check")
    say("installing regcheck from the checkout")
    if why := _fails([*pip, ROOT]) or _fails([*pip, "--force-reinstall", "--no-deps", ROOT]):
        raise SystemExit(f"regcheck cannot be installed: {why}")


def install(skipped: dict[str, str]) -> None:
    """All that is compared, and all of Python compiled; a folder for npm's."""
    install_regcheck()
    pip = [os.path.join(BIN, "python"), "-m", "pip", "install", "--quiet", "--compile"]
    pip.append("--disable-pip-version-check")
    for name in FROM_PYPI:
        if not os.path.exists(os.path.join(BIN, name)):
            say(f"installing {name} from PyPI")
            if why := _fails([*pip, name]):
                skipped[name] = why
    _fails([os.path.join(BIN, "python"), "-m", "compileall", "-q", os.path.join(BUILD, "venv", "lib")])
    _install_node(skipped)


def _install_node(skipped: dict[str, str]) -> None:
    missing = [n for n in FROM_NPM if not os.path.isdir(os.path.join(NODE, "node_modules", n))]
    if not missing:
        return
    if not (npm := shutil.which("npm")) or not shutil.which("node"):
        skipped.update(dict.fromkeys(FROM_NPM, "there is no node or npm here"))
        return
    os.makedirs(NODE, exist_ok=True)
    with open(os.path.join(NODE, "package.json"), "w", encoding="utf-8") as file:
        json.dump({"private": True}, file)
    for name in missing:
        say(f"installing {name} from npm")
        line = [npm, "install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", NODE, name]
        if why := _fails(line):
            skipped[name] = why


def _fails(line: list[str]) -> str:
    """Why a command fails, in its own last line; nothing where it does not."""
    try:
        done = subprocess.run(
            line, env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=INSTALL_TIMEOUT
        )
    except subprocess.TimeoutExpired:
        return f"no answer within {INSTALL_TIMEOUT} s"
    if done.returncode == 0:
        return ""
    said = (done.stderr or done.stdout).strip().splitlines()
    return said[-1] if said else f"exit status {done.returncode}"


def versions() -> dict[str, str]:
    """What is compared, by version."""
    found = {"python": platform.python_version()}
    script = "import sys; from importlib.metadata import version; print(version(sys.argv[1]))"
    for name in ("regcheck", *FROM_PYPI):
        line = [os.path.join(BIN, "python"), "-c", script, name]
        done = subprocess.run(line, env=ENVIRONMENT, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            found[name] = done.stdout.strip()
    for name in ("ajv-cli", "v8r"):
        path = os.path.join(NODE, "node_modules", name, "package.json")
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                found[name] = json.load(file)["version"]
    if node := shutil.which("node"):
        done = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
        found["node"] = done.stdout.strip().lstrip("v")
    return found
