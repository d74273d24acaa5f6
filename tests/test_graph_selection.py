"""Selections: every operator, and what is said of names that nothing answers to."""

from __future__ import annotations

import pytest

from conftest import Repository, SmallFleet
from regcheck.errors import UsageError

FLEET = """
machine:
  - {id: a, role: production, aliases: [alpha, t1]}
  - {id: b, role: frozen}
workload:
  - {id: app, environment: production, current_host: a, needs: [db], stateful: yes}
  - {id: db, environment: production, current_host: a, needs: [disk]}
  - {id: disk, environment: staging, current_host: b, target_host: a, redundant: false}
task:
  - {id: t1, title: one, status: todo}
  - {id: t2, title: two, status: todo, after: [t1]}
  - {id: t3, title: three, status: todo, after: [t2]}
"""


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("kind:machine", "a b"),
        ("workload:app", "app"),
        ("machine:alpha", "a"),
        ("role:frozen", "b"),
        ("environment=production", "app db"),
        ("environment:production", "app db"),
        ("stateful=yes", "app"),
        ("stateful=true", "app"),
        ("redundant=no", "disk"),
        ("needs=db", "app"),
        ("needs=workload:db", "app"),
        ("current_host=a", "app db"),
        ("+workload:db", "a b db disk"),
        ("1+workload:db", "a db disk"),
        ("1+workload:app", "a app db"),
        ("2+workload:app", "a app db disk"),
        ("workload:disk+", "app db disk"),
        ("workload:disk+1", "db disk"),
        ("+workload:db+", "a app b db disk"),
        ("1+workload:db+1", "a app db disk"),
        ("0+workload:db", "db"),
        ("kind:machine role:frozen", "a b"),
        ("kind:machine,role:frozen", "b"),
        ("kind:machine,role:frozen workload:app", "app b"),
        ("+workload:app,kind:machine", "a b"),
        ("environment=legacy", ""),
        ("", ""),
    ],
)
def test_an_expression_selects(fleet: SmallFleet, expression: str, names: str) -> None:
    found = fleet(FLEET).select(expression, "now")
    assert sorted(ref.partition(":")[2] for ref in found) == names.split()


def test_plus_follows_the_edges_of_the_state(fleet: SmallFleet) -> None:
    graph = fleet(FLEET)
    assert graph.select("1+workload:disk", "now") == {"workload:disk", "machine:b"}
    assert graph.select("1+workload:disk", "target") == {"workload:disk", "machine:a"}


def test_plus_follows_the_waits_of_tasks_in_their_view(fleet: SmallFleet) -> None:
    graph = fleet(FLEET)
    assert graph.select("+task:t3", "now", "tasks") == {"task:t1", "task:t2", "task:t3"}
    assert graph.select("1+task:t3", "now", "tasks") == {"task:t2", "task:t3"}
    assert graph.select("task:t1+1", "now", "tasks") == {"task:t1", "task:t2"}
    assert graph.select("+task:t3", "now") == {"task:t3"}


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("kind:machin", "there is no kind `machin`: did you mean `machine`?"),
        ("workload:ap", "there is no workload `ap`: did you mean `app`?"),
        ("enviroment=production", "no kind has a property `enviroment`: did you mean `environment`?"),
        ("app", "write `app` as `kind:id`: `workload:app`"),
        ("alpha", "write `alpha` as `kind:id`: `machine:a`"),
        ("2+t1+", "write `t1` as `kind:id`: `machine:a` or `task:t1`"),
        ("nope", "`nope` is no selection: write `kind:id`, `kind:KIND` or `property=value`"),
        ("=x", "`=x` is no selection: write `kind:id`, `kind:KIND` or `property=value`"),
        ("role=", "`role=` is no selection: write `kind:id`, `kind:KIND` or `property=value`"),
        (":x", "`:x` is no selection: write `kind:id`, `kind:KIND` or `property=value`"),
        ("kind:", "`kind:` is no selection: write `kind:id`, `kind:KIND` or `property=value`"),
        ("environment=prod", "`environment` is never `prod`: did you mean `production`?"),
        ("stage:x", "`stage` is never `x`: it is one of `a` or `b`"),
    ],
)
def test_a_name_that_nothing_answers_to_is_refused(
    fleet: SmallFleet, repository: Repository, expression: str, message: str
) -> None:
    stage = "{type: array, items: {enum: [a, b]}}"
    vm = f"{{x-regcheck: {{kind: vm}}, type: object, properties: {{id: {{}}, stage: {stage}}}}}"
    repository({"schemas/vm.schema.yaml": vm})
    with pytest.raises(UsageError) as refused:
        fleet(FLEET).select(expression, "now")
    assert str(refused.value) == message


def test_a_kind_that_is_none_is_refused_with_those_there_are(fleet: SmallFleet) -> None:
    with pytest.raises(UsageError, match="there is no kind `zzzzz`: the kinds are checkout, "):
        fleet(FLEET).select("kind:zzzzz", "now")


@pytest.mark.parametrize(
    ("schema", "field"),
    [
        ("{}", ", environment: 1"),
        ("{type: string}", ", environment: 1"),
        ("{enum: [1, 2]}", ", environment: 1"),
        ("{enum: [prod]}", ""),
    ],
)
def test_a_value_that_one_kind_may_have_selects_nothing(
    fleet: SmallFleet, repository: Repository, schema: str, field: str
) -> None:
    vm = f"{{x-regcheck: {{kind: vm}}, type: object, properties: {{id: {{}}, environment: {schema}}}}}"
    repository({"schemas/vm.schema.yaml": vm})
    assert fleet(f"{FLEET}vm:\n  - {{id: v{field}}}\n").select("environment=prod", "now") == set()


def test_a_value_that_an_entry_has_against_its_schema_selects_it(fleet: SmallFleet) -> None:
    graph = fleet(FLEET.replace("staging", "prod"), sound=False)
    assert graph.select("environment=prod", "now") == {"workload:disk"}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("t4", "write `t4` as `kind:id`: as in `workload:NAME`"),
        ("workload:dbb", "there is no workload `dbb`: did you mean `db`?"),
        ("worklod:db", "there is no kind `worklod`: did you mean `workload`?"),
    ],
)
def test_an_entry_that_is_none_is_refused(fleet: SmallFleet, name: str, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        fleet(FLEET).entry(name)
    assert str(refused.value) == message


def test_a_state_that_is_none_is_refused(fleet: SmallFleet) -> None:
    with pytest.raises(UsageError, match="there is no state `then`: now or target"):
        fleet(FLEET).state("then")
