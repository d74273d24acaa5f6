"""Contracts: who breaks them, found at once, and settings that say something else than they mean."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import Repository, Run, SmallFleet
from regcheck.settings import load_settings
from regcheck.settings.contracts import Contract
from regcheck.trees import WorkTree

IDS = "abcdefg"


def forbidden(source: str, goal: str, state: str | None = None) -> Contract:
    return Contract("c", "r", "forbidden", (source, goal), state=state, places=(("from",), ("to",)))


def selection(ids: set[str]) -> str:
    return " ".join(f"workload:{name}" for name in sorted(ids)) or "kind:gate"


def brute(needs: dict[str, set[str]], starts: set[str], goals: set[str], closed: set[str]) -> dict[str, int]:
    """For each start that needs another goal past nothing closed, in how many steps."""
    found = {}
    for start in starts:
        level, seen, steps = {start}, {start}, 0
        while level:
            steps += 1
            level = {other for ref in level for other in needs[ref]} - seen
            seen |= level
            if level & goals:
                found[start] = steps
                break
            level -= closed
    return found


SETS = st.sets(st.sampled_from(IDS))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.fixed_dictionaries(dict.fromkeys(IDS, SETS)), SETS, SETS)
def test_who_needs_what_is_forbidden(
    fleet: SmallFleet, needs: dict[str, set[str]], bound: set[str], goals: set[str]
) -> None:
    lines = (f"  - {{id: {a}, environment: staging, needs: {sorted(b)}}}" for a, b in needs.items())
    graph = fleet("workload:\n" + "\n".join(lines) + "\n")
    steps = {}
    others = set()
    for breach in graph.contracts.breaches(forbidden(selection(bound), selection(goals), "now")):
        path = breach.dependency.path
        start, *passed, goal = (path[0].source[9:], *(edge.target[9:] for edge in path))
        assert all(a.target == b.source for a, b in pairwise(path))
        assert goal in goals - {start}
        assert not bound.intersection(passed)
        steps[start] = len(path)
        others |= {other.id for other, _ in breach.dependency.others}
    assert steps == brute(needs, bound, goals, closed=bound)
    assert others == brute(needs, bound, goals, closed=set()).keys() - steps


def test_a_pair_is_found_once_with_its_states(fleet: SmallFleet) -> None:
    graph = fleet("""\
machine:
  - {id: old, role: frozen}
  - {id: new, role: production}
workload:
  - {id: shop, environment: production, current_host: old, target_host: new, wave: 2}
  - {id: till, environment: production, current_host: old, target_host: new, wave: 3}
wave:
  - {number: 1, name: One}
  - {number: 2, name: Two}
  - {number: 3, name: Three}
  - {number: 4, name: Four}
""")
    found = graph.contracts.breaches(forbidden("environment=production", "machine:old"))
    said = {breach.dependency.entry.ref: breach.states for breach in found}
    assert said == {"workload:shop": ("now", "wave:1"), "workload:till": ("now", "wave:1", "wave:2")}
    found = graph.contracts.breaches(forbidden("machine:new+", "machine:new"))
    said = {breach.dependency.entry.ref: breach.states for breach in found}
    last = ("wave:3", "wave:4", "target")
    assert said == {"workload:shop": ("wave:2", *last), "workload:till": last}


def test_layers_are_asked_downwards_only(fleet: SmallFleet) -> None:
    graph = fleet("""\
workload:
  - {id: a, environment: production, needs: [b, c]}
  - {id: b, environment: production, needs: [c, a]}
  - {id: c, environment: production, needs: [x]}
  - {id: x, environment: staging, needs: [b]}
""")
    names = ("workload:a", "workload:b", "workload:c")
    layers = Contract("c", "r", "layers", names, places=tuple(("layers", n) for n in range(3)))
    pairs = [(b.dependency.entry.id, b.dependency.path[-1].target) for b in graph.contracts.breaches(layers)]
    assert pairs == [("b", "workload:a"), ("c", "workload:b")]
    apart = layers._replace(type="independent")
    pairs = [(b.dependency.entry.id, b.dependency.path[-1].target) for b in graph.contracts.breaches(apart)]
    assert pairs == [
        *[("b", "workload:a")],
        *[("a", "workload:b"), ("c", "workload:b")],
        *[("a", "workload:c"), ("b", "workload:c")],
    ]


# --- wrong contracts ----------------------------------------------------------------

FLEET = {
    "registers/m.yaml": "register: machine\nentries: [{id: box, role: frozen}]\n",
    "registers/w.yaml": "register: workload\nentries: [{id: shop, environment: staging}]\n",
}
GOOD = """\
[[contract]]
name = "one"
reason = "why"
type = "forbidden"
from = "kind:workload"
to = "kind:machine"
state = "target"

"""
HEAD = '[[contract]]\nname = "two"\nreason = "why"\n'
FORBIDDEN = HEAD + 'type = "forbidden"\n'
REQUIRED = HEAD + 'type = "required"\n'
SUCH_AS = "a selection such as `environment=production` or `machine:NAME`"

WRONG = [
    # what the file alone says: text, line below GOOD, message
    ("contract = 1\n", 1, "`contract` is a list of tables: begin each one with `[[contract]]`"),
    ("[contract]\nname = 'x'\n", 1, "`contract` is a list of tables: begin each one with `[[contract]]`"),
    (
        FORBIDDEN + 'form = "kind:gate"\nto = "kind:gate"\n',
        5,
        "the contract `two` of type `forbidden` has no key `form`: did you mean `from`?",
    ),
    (
        REQUIRED + 'from = "kind:gate"\n',
        5,
        (
            "the contract `two` of type `required` has no key `from`: its keys are "
            "`name`, `reason`, `type`, `select`, `property` and `state`"
        ),
    ),
    (
        HEAD + 'tpye = "forbidden"\n',
        4,
        "the contract `two` has no key `tpye`: did you mean `type`?",
    ),
    (
        HEAD + 'type = "forbiden"\n',
        4,
        "there is no type `forbiden` of contracts: did you mean `forbidden`?",
    ),
    (
        HEAD + "type = ['forbidden']\n",
        4,
        "there is no type `[forbidden]` of contracts: did you mean `forbidden`?",
    ),
    (HEAD, 1, "the contract `two` has no `type`: `forbidden`, `layers`, `independent` or `required`"),
    (FORBIDDEN + "from = 'kind:gate'\n", 1, f"the contract `two` has no `to`: {SUCH_AS}"),
    (
        FORBIDDEN + "from = 'kind:gate'\nto = ['kind:gate']\n",
        6,
        f"`[kind:gate]` in `to` of the contract `two` is no selection: write {SUCH_AS}",
    ),
    (
        FORBIDDEN + "from = ' , '\nto = 'kind:gate'\n",
        5,
        f"`,` in `from` of the contract `two` is no selection: write {SUCH_AS}",
    ),
    (
        HEAD + "type = 'layers'\nlayers = ['kind:gate']\n",
        5,
        "`layers` of the contract `two` is a list of two selections or more, the highest first",
    ),
    (
        HEAD + "type = 'independent'\nindependent = 'kind:gate'\n",
        5,
        "`independent` of the contract `two` is a list of two selections or more",
    ),
    (
        HEAD + "type = 'layers'\nlayers = [\n  'kind:gate',\n  7,\n]\n",
        7,
        f"`7` in `layers` of the contract `two` is no selection: write {SUCH_AS}",
    ),
    (
        REQUIRED + "select = 'kind:gate'\nproperty = []\n",
        6,
        "`property` of the contract `two` is the name of a property, or a list of them",
    ),
    (
        FORBIDDEN + "from = 'kind:gate'\nto = 'kind:gate'\nstate = 'tarket'\n",
        7,
        "there is no state `tarket`: did you mean `target`?",
    ),
    (
        FORBIDDEN + "from = 'kind:gate'\nto = 'kind:gate'\nstate = 3\n",
        7,
        "there is no state `3`: it is `now`, `wave:K` or `target`",
    ),
    (
        "[[contract]]\nreason = 'y'\ntype = 'layers'\n",
        1,
        "this contract has no `name`: what it is called where it is broken",
    ),
    (
        "[[contract]]\nname = 'x'\ntype = 'layers'\n",
        1,
        "the contract `x` has no `reason`: why it holds, told to those whom it stops",
    ),
    (
        "[[contract]]\nname = 'x'\ntype = 'layers'\nreason = '  '\n",
        4,
        "the `reason` of the contract `x` is empty: write why it holds, told to those whom it stops",
    ),
    (
        "[[contract]]\nname = ' '\ntype = 'layers'\nreason = 'r'\n",
        2,
        "the `name` of the contract is empty: write what it is called where it is broken",
    ),
    (
        GOOD,
        2,
        "there is a contract `one` in line 2 already: give each its own name",
    ),
    (
        HEAD + "type = 'independent'\nindependent = [\n  'role:a machine:b',\n  'machine:b  role:a',\n]\n",
        7,
        (
            "`machine:b role:a` stands in `independent` of the contract `two` already:"
            " compare it with something else"
        ),
    ),
    # what only the fleet can tell
    (
        FORBIDDEN + "from = 'kind:gate'\nto = 'kind:gaet'\n",
        6,
        "there is no kind `gaet`: did you mean `gate`?",
    ),
    (
        FORBIDDEN + "from = 'workload:shpo+'\nto = 'kind:gate'\n",
        5,
        "there is no workload `shpo`: did you mean `shop`?",
    ),
    (
        FORBIDDEN + "from = 'enviroment=staging'\nto = 'kind:gate'\n",
        5,
        "no kind has a property `enviroment`: did you mean `environment`?",
    ),
    (
        FORBIDDEN + "from = 'current_host=bxo'\nto = 'kind:gate'\n",
        5,
        "`current_host` is never `bxo`: did you mean `box`?",
    ),
    (
        FORBIDDEN + "from = 'owner=nobody'\nto = 'kind:gate'\n",
        5,
        "`owner` is never `nobody`: no entry that it may name is called so",
    ),
    (
        FORBIDDEN + "from = 'role:frozn'\nto = 'kind:gate'\n",
        5,
        "`role` is never `frozn`: did you mean `frozen`?",
    ),
    (
        FORBIDDEN + "from = 'kind:gate'\nto = 'kind:gate'\nstate = 'wave:3'\n",
        7,
        "there is no state `wave:3`: `now` or `target`",
    ),
    (
        HEAD + "type = 'layers'\nlayers = ['kind:gate',\n  'box']\n",
        6,
        "write `box` as `kind:id`: `machine:box`",
    ),
    (
        REQUIRED + "select = 'kind:workload'\nproperty = ['owner',\n  'ownr']\n",
        7,
        "no workload has a property `ownr`: did you mean `owner`?",
    ),
    (
        REQUIRED + "select = 'kind:workload kind:machine'\nproperty = 'owner'\n",
        6,
        "no machine has a property `owner`: select workload only",
    ),
    (
        REQUIRED + "select = 'kind:gate'\nproperty = 'ownr'\n",
        6,
        "no kind has a property `ownr`: did you mean `owner`?",
    ),
]


@pytest.mark.parametrize(("text", "line", "message"), WRONG)
def test_a_wrong_contract_is_refused_at_its_line(
    repository: Repository, run: Run, text: str, line: int, message: str
) -> None:
    below = text.startswith("[[")
    line += GOOD.count("\n") * below
    repository({**FLEET, "regcheck.toml": GOOD * below + text})
    assert run("check", "--select", "contract") == (2, "", f"regcheck: regcheck.toml:{line}: {message}\n")
    own = text.replace("[contract", "[tool.regcheck.contract")
    before = GOOD.replace("[contract", "[tool.regcheck.contract") if below else ""
    if text.startswith("contract"):
        before, line = "[tool.regcheck]\n", line + 1
    root = repository({"pyproject.toml": before + own})
    (root / "regcheck.toml").unlink()
    assert run("check", "--select", "contract") == (2, "", f"regcheck: pyproject.toml:{line}: {message}\n")


def test_contracts_in_one_line_each(repository: Repository, run: Run) -> None:
    first = '{name = "a", reason = "r", type = "required", select = "kind:machine", property = "notes"}'
    wrong = first.replace('"a"', '"b"').replace("notes", "nots")
    root = repository({**FLEET, "regcheck.toml": f"contract = [\n  {first},\n  {wrong},\n]\n"})
    assert [contract.positions[()].line for contract in load_settings(WorkTree(str(root))).contract] == [2, 3]
    message = "regcheck.toml:3: no machine has a property `nots`: did you mean `notes`?"
    assert run("check") == (2, "", f"regcheck: {message}\n")


def test_what_only_the_fleet_can_tell_is_asked_by_the_rule_alone(repository: Repository, run: Run) -> None:
    repository({**FLEET, "regcheck.toml": FORBIDDEN + "from = 'kind:gate'\nto = 'machine:bix'\n"})
    assert run("check", "--select", "schema").status == 0
    assert run("check", "--ignore", "contract").status == 0
    assert run("check", "--select", "contracts").err == (
        "regcheck: regcheck.toml:6: there is no machine `bix`: did you mean `box`?\n"
    )


def test_a_name_that_an_unreadable_file_may_hold(repository: Repository, run: Run) -> None:
    repository({**FLEET, "regcheck.toml": FORBIDDEN + "from = 'kind:gate'\nto = 'machine:bix'\n"})
    repository({"registers/n.yaml": "register: machine\nentries: [{id: bix"})
    ran = run("check", "--select", "contract")
    assert ran.status == 1
    assert ran.out.startswith(
        "regcheck.toml:6:1: error[contract]: `to` of the contract `two` cannot be judged, since "
        "registers/n.yaml could not be read as a whole: there is no machine `bix`: did you mean `box`?\n"
    )
    assert "\n  note: registers/n.yaml:" in ran.out


def test_a_backquote_in_a_name_does_not_end_it(repository: Repository, run: Run) -> None:
    text = FORBIDDEN.replace("two", "two` or not") + "from = 'kind:workload'\nto = 'machine:box'\n"
    entry = "{id: shop, environment: staging, current_host: box}"
    files = {"registers/w.yaml": f"register: workload\nentries: [{entry}]\n", "regcheck.toml": text}
    repository({"registers/m.yaml": FLEET["registers/m.yaml"], **files})
    said = run("check", "--select", "contract").out
    assert "which the contract ``two` or not`` forbids: why\n" in said
    assert ": the contract ``two` or not``\n" in said


def test_a_reason_is_told_in_one_line(repository: Repository, run: Run) -> None:
    text = (
        FORBIDDEN.replace('"why"', '"""\n  why\n  \u001b[31mred\n"""')
        + "from = 'kind:workload'\nto = 'machine:box'\n"
    )
    repository(
        {"registers/m.yaml": FLEET["registers/m.yaml"], "regcheck.toml": text.replace("\x1b", "\\u001b")}
    )
    entry = "{id: shop, environment: staging, current_host: box}"
    repository({"registers/w.yaml": f"register: workload\nentries: [{entry}]\n"})
    first = run("check", "--select", "contract").out.partition("\n")[0]
    assert first.endswith("which the contract `two` forbids: why \\x1b[31mred")
