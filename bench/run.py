"""Times `regcheck check` beside its peers, as whole processes, on fleets made for it.

python bench/run.py --quick
python bench/run.py --markdown > table.md
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from peers import BIN, BUILD, ENVIRONMENT, HERE, NODE, install, say, versions

SHAPES = ("yaml", "table", "files")
SIZES = (100, 1_000, 10_000, 100_000)
TODAY = "2026-07-03"
"""The date on which the fleets are clean: no facts stale, no exception over."""
MIB = 1024 * 1024

READING = "regcheck, reading only"
"""Reads the whole fleet and applies only the rules that tell what reading met."""


class Command(NamedTuple):
    """One way to check a fleet."""

    name: str
    shape: str
    line: tuple[str, ...]
    folder: str


class Run(NamedTuple):
    """What one process took: seconds, seconds of processor, bytes."""

    wall: float
    cpu: float
    peak: int


class Result(NamedTuple):
    """The runs of one command on one size."""

    name: str
    shape: str
    size: int
    runs: list[Run]

    @property
    def wall(self) -> float:
        return statistics.median(run.wall for run in self.runs)

    @property
    def cpu(self) -> float:
        return statistics.median(run.cpu for run in self.runs)

    @property
    def peak(self) -> float:
        return max(run.peak for run in self.runs) / MIB


class Bound(NamedTuple):
    """A ratio that was asked for, and what came out."""

    text: str
    found: float
    most: float
    unit: str = "x"

    @property
    def holds(self) -> bool:
        return self.found <= self.most


class Skipped(Exception):
    """A command cannot be measured here; the message says why."""


# --- the commands ---------------------------------------------------------------


def fleet(size: int, shape: str) -> str:
    """The folder of a generated fleet, made anew by a process of its own.

    A child starts with the peak memory of its parent, so this one stays small.
    """
    folder = os.path.join(BUILD, "fleets", f"{size}-{shape}")
    shutil.rmtree(folder, ignore_errors=True)
    generate = os.path.join(HERE, "generate.py")
    subprocess.run([sys.executable, generate, str(size), shape, folder], check=True)
    return folder


def commands(size: int, shapes: tuple[str, ...], skipped: dict[str, str]) -> Iterator[Command]:
    """What is run on one size: regcheck on every shape, the peers on the YAML list of workloads."""
    check = (os.path.join(BIN, "regcheck"), "check", "--strict", "--today", TODAY)
    help_ = subprocess.run([*check, "--help"], env=ENVIRONMENT, capture_output=True, text=True, check=False)
    caches = "--no-cache" in help_.stdout
    folders = {shape: fleet(size, shape) for shape in dict.fromkeys((*shapes, "yaml"))}
    for shape in shapes:
        fresh = (*check, "--no-cache") if caches else check
        yield Command("regcheck", shape, fresh, folders[shape])
        if caches:
            yield Command("regcheck, cached", shape, check, folders[shape])
        yield Command(READING, shape, (*fresh, "--select", "reading"), folders[shape])
    folder = folders["yaml"]
    schema = os.path.join(folder, "workloads.schema.json")
    entries = os.path.join(folder, "registers", "workloads.yaml")
    node_bin = os.path.join(NODE, "node_modules", ".bin")
    ajv = [os.path.join(node_bin, "ajv"), "validate", "--spec=draft2020", "-c", "ajv-formats"]
    v8r = [os.path.join(node_bin, "v8r"), "registers/workloads.yaml", "--no-ignore", "--schema", schema]
    schemafile = [os.path.join(BIN, "check-jsonschema"), "--schemafile", schema]
    peers = (
        ("check-jsonschema", [*schemafile, entries], folder),
        ("yamllint", [os.path.join(BIN, "yamllint"), "-d", "relaxed", entries], folder),
        ("ajv-cli", [*ajv, "-s", schema, "-d", entries], NODE),
        ("v8r", v8r, folder),
    )
    for name, line, where in peers:
        if name not in skipped:
            yield Command(name, "yaml", tuple(line), where)
    yield Command("an empty Python program", "", (os.path.join(BIN, "python"), "-c", "pass"), folder)


# --- measuring ------------------------------------------------------------------


def measure(command: Command) -> Run:
    """One whole process, from its start to its end; raises Skipped where it fails."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command.line,
        cwd=command.folder,
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise Skipped(_fails_in(command))
    in_bytes = 1 if sys.platform == "darwin" else 1024
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * in_bytes)


def _fails_in(command: Command) -> str:
    done = subprocess.run(
        command.line, cwd=command.folder, env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    said = (done.stderr + done.stdout).strip().splitlines()
    return f"exit status {done.returncode}: {' '.join(said[-2:])[:300]}"


def take_turns(todo: list[Command], size: int, runs: int, skipped: dict[str, str]) -> list[Result]:
    """Each command once to warm up, then all of them in turn, as often as asked."""
    found: dict[Command, list[Run]] = {}
    for command in todo:
        say(f"  {size:,}: {command.name} {command.shape}")
        try:
            first = measure(command)
        except Skipped as why:
            if command.name.startswith("regcheck"):
                what = f"{command.shape} fleet of {size}"
                raise SystemExit(f"regcheck does not pass the {what}: {why}") from why
            skipped[command.name] = str(why)
            continue
        except OSError as why:
            skipped[command.name] = str(why)
            continue
        found[command] = [first] if first.wall > 30 else []  # too slow to be noise: once is enough
    for _ in range(runs):
        for command, measured in found.items():
            if not measured or measured[0].wall <= 30:
                measured.append(measure(command))
    return [Result(c.name, c.shape, size, measured) for c, measured in found.items()]


def bounds(results: list[Result]) -> list[Bound]:
    """The ratios that regcheck's issue asks for, as far as they were measured."""
    wall = {(r.name, r.shape, r.size): r.wall for r in results}
    asked: list[tuple[str, tuple[str, str, int], tuple[str, str, int], float]] = []
    for text, shape, size, peer, most in (
        ("100 entries, YAML list, to check-jsonschema", "yaml", 100, "check-jsonschema", 0.8),
        ("100 entries, YAML list, to yamllint (the aim)", "yaml", 100, "yamllint", 1.0),
        ("10,000 entries, YAML list, to check-jsonschema", "yaml", 10_000, "check-jsonschema", 1 / 6),
        ("10,000 entries, table, to check-jsonschema", "table", 10_000, "check-jsonschema", 1 / 12),
    ):
        asked.append((text, ("regcheck", shape, size), (peer, "yaml", size), most))
    for shape in SHAPES:
        text = f"10,000 entries, {shape}, all rules to reading only"
        asked.append((text, ("regcheck", shape, 10_000), (READING, shape, 10_000), 2))
    for shape in SHAPES:
        text = f"100,000 entries to 10,000, {shape}"
        asked.append((text, ("regcheck", shape, 100_000), ("regcheck", shape, 10_000), 12))
    found = [Bound(t, wall[a] / wall[b], most) for t, a, b, most in asked if a in wall and b in wall]
    largest = (r for r in results if r.name == "regcheck" and r.size == 100_000)
    found += (Bound(f"100,000 entries, {r.shape}, peak memory", r.peak, 1024, "MiB") for r in largest)
    return found


# --- telling --------------------------------------------------------------------

HEADINGS = ("entries", "command", "shape", "median s", "min-max s", "cpu s", "peak MiB", "to regcheck")


def rows(results: list[Result]) -> Iterator[tuple[str, ...]]:
    """The measured table; ratios are to regcheck on the YAML list of the same size."""
    base = {r.size: r.wall for r in results if r.name == "regcheck" and r.shape == "yaml"}
    for r in results:
        walls = [run.wall for run in r.runs]
        ratio = f"{r.wall / base[r.size]:.2f}" if r.size in base else ""
        spread = f"{min(walls):.2f}-{max(walls):.2f}"
        yield f"{r.size:,}", r.name, r.shape, f"{r.wall:.3f}", spread, f"{r.cpu:.3f}", f"{r.peak:.0f}", ratio


def verdicts(results: list[Result]) -> Iterator[tuple[str, ...]]:
    for b in bounds(results):
        most, found = (f"{n:.0f} MiB" if b.unit == "MiB" else f"{n:.3f}" for n in (b.most, b.found))
        yield b.text, found, most, "holds" if b.holds else "FAILS"


def table(headings: tuple[str, ...], body: list[tuple[str, ...]], *, markdown: bool) -> str:
    """A table in columns, or as GitHub's Markdown."""
    widths = [max(map(len, column)) for column in zip(headings, *body, strict=True)]
    lines = [headings, *([tuple("-" * w for w in widths)] if markdown else []), *body]
    left, between, right = ("| ", " | ", " |") if markdown else ("", "  ", "")
    padded = (between.join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)) for line in lines)
    return "\n".join((left + line + right).rstrip() for line in padded)


def report(results: list[Result], skipped: dict[str, str], about: dict[str, str], *, markdown: bool) -> str:
    parts = [", ".join(f"{name} {version}" for name, version in about.items())]
    parts.append(table(HEADINGS, list(rows(results)), markdown=markdown))
    if judged := list(verdicts(results)):
        parts.append(table(("ratio of medians", "found", "at most", ""), judged, markdown=markdown))
    parts += [f"{name} was left out: {why}" for name, why in skipped.items()]
    return "\n\n".join(parts)


def as_json(results: list[Result], skipped: dict[str, str], about: dict[str, str]) -> str:
    data: dict[str, Any] = {
        "versions": about,
        "results": [
            {
                "entries": r.size,
                "command": r.name,
                "shape": r.shape or None,
                "wall_median": r.wall,
                "cpu_median": r.cpu,
                "peak_mib": r.peak,
                "runs": [run._asdict() for run in r.runs],
            }
            for r in results
        ],
        "bounds": [{**b._asdict(), "holds": b.holds} for b in bounds(results)],
        "skipped": skipped,
    }
    return json.dumps(data, indent=2)


# --- the command line -----------------------------------------------------------


def _listed(kind: Callable[[str], Any]) -> Callable[[str], tuple[Any, ...]]:
    def read(text: str) -> tuple[Any, ...]:
        return tuple(kind(part.replace("_", "")) for part in text.split(",") if part)

    return read


def _shape(text: str) -> str:
    if text not in SHAPES:
        raise argparse.ArgumentTypeError(f"{text} is none of {', '.join(SHAPES)}")
    return text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=_listed(int), default=SIZES, help="numbers of entries, by commas")
    parser.add_argument("--shapes", type=_listed(_shape), default=SHAPES, help="of yaml,table,files")
    parser.add_argument("--runs", type=int, default=7, help="timed runs of each command (default: 7)")
    parser.add_argument("--quick", action="store_true", help="100 and 10,000 entries, three runs")
    patience = "seconds; a peer that would take longer on a size is left out of it (default: 60)"
    parser.add_argument("--patience", type=float, default=60, help=patience)
    output = parser.add_mutually_exclusive_group()
    output.add_argument("--markdown", action="store_true")
    output.add_argument("--json", action="store_true")
    options = parser.parse_args()
    sizes, runs = ((100, 10_000), 3) if options.quick else (sorted(options.sizes), options.runs)

    skipped: dict[str, str] = {}
    os.makedirs(BUILD, exist_ok=True)
    install(skipped)
    results: list[Result] = []
    for size in sizes:
        todo = []
        for command in commands(size, options.shapes, skipped):
            before = [r for r in results if (r.name, r.shape) == (command.name, command.shape)]
            guess = before[-1].wall * size / before[-1].size if before else 0
            if guess > options.patience and not command.name.startswith("regcheck"):
                skipped[f"{command.name} at {size:,}"] = f"it would take about {guess:.0f} s"
            else:
                todo.append(command)
        results += take_turns(todo, size, runs, skipped)
    about = versions()
    if options.json:
        print(as_json(results, skipped, about))
    else:
        print(report(results, skipped, about, markdown=options.markdown))


if __name__ == "__main__":
    main()
