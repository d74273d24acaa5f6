"""The topology: what runs where, who opens which tunnel, and what is gone or planned."""

from __future__ import annotations

import re

from conftest import SmallFleet
from regcheck.graph import FleetGraph
from regcheck.pages import Page, topology
from regcheck.pages.maps import MOST
from sites import site_of

FLEET = """
machine:
  - {id: laptop, role: interactive}
  - {id: old, role: frozen, target_role: retired, becomes: new}
  - {id: new, role: planned, target_role: production}
  - {id: home, role: production}
workload:
  - {id: shop, environment: production, current_host: home}
  - {id: store, environment: production, current_host: old, target_host: new, wave: 1}
  - {id: lost, environment: production, current_host: unknown}
tunnel:
  - {id: up, from: home, to: laptop, reverse: true, opened_by: laptop, state: now}
  - {id: down, from: laptop, to: old, state: now}
  - {id: direct, from: home, to: new, state: target}
lane:
  - {id: shop-store, from: shop, to: store, current_path: [up, down], target_path: [direct], wave: 1}
wave:
  - {number: 1, name: First, moves: [store]}
  - {number: 2, name: Rebuild, rebuilds: old}
"""


def pages(graph: FleetGraph) -> dict[str, str]:
    made = list(topology.pages(site_of(graph)))
    assert all(isinstance(page, Page) for page in made)
    return {page.path: page.text for page in made}


def titles(text: str) -> list[str]:
    """What is drawn, its lines first."""
    return re.findall(r"<title>([^<]*)</title>", text)


def test_now_production_goes_over_the_laptop(fleet: SmallFleet) -> None:
    text = pages(fleet(FLEET))["topology/now.md"]
    assert text.startswith(
        '<p class="rc-lead">\n3 machines: 1 interactive, 1 frozen and 1 production. With old off,'
        " 2 production nodes go down and 1 is degraded, the most of any machine."
        " With laptop off, 1 production node goes down and 1 is degraded.\n</p>\n"
    )
    assert titles(text) == [
        "machine:home from tunnel:up",
        "tunnel:up to machine:laptop",
        "machine:laptop from tunnel:down",
        "tunnel:down to machine:old",
        "home, machine, production",
        "shop, workload, production",
        "up, tunnel, opened by laptop, carries 1 lane",
        "laptop, machine, interactive, nothing runs here",
        "down, tunnel, opened by laptop, carries 1 lane",
        "old, machine, frozen",
        "store, workload, production",
        "new, machine, planned, there from wave 1 on",
    ]
    assert text.count('class="line critical"') == 4
    assert (
        '<tr><td><a href="../registers/lane.html#lane-shop-store">shop-store</a></td>'
        '<td><a href="../workloads/shop.html">shop</a></td>'
        '<td><a href="../registers/tunnel.html#tunnel-up">up</a> →'
        ' <a href="../registers/tunnel.html#tunnel-down">down</a></td>'
        '<td><a href="../workloads/store.html">store</a></td><td>yes</td></tr>'
    ) in text
    assert "## Place unknown\n\n<p><a href=" in text
    assert "## Gone or planned\n" in text
    assert "—" not in text  # what says nothing is empty, and the style sheet shows a dash


def test_at_the_target_it_does_not_and_the_old_machine_is_gone(fleet: SmallFleet) -> None:
    text = pages(fleet(FLEET))["topology/target.md"]
    assert "Nothing in production needs a machine that somebody works on, as far as anybody knows." in text
    assert "old, machine, gone from wave 2 on, comes back as new" in titles(text)
    assert (
        '<tr><td><a href="../registers/tunnel.html#tunnel-direct">direct</a></td>'
        '<td><a href="../machines/home.html">home</a> → <a href="../machines/new.html">new</a></td>'
        '<td><a href="../machines/home.html">home</a></td>'
        '<td><a href="../registers/lane.html#lane-shop-store">shop-store</a></td><td>yes</td></tr>'
    ) in text
    assert '<a href="now.html">How it is now</a> · <a href="../explorer.html">' in text


def test_tunnels_without_production_share_a_box(fleet: SmallFleet) -> None:
    more = [("a", "home", "laptop"), ("b", "laptop", "home"), ("c", "home", "laptop"), ("d", "home", "old")]
    tunnels = "".join(
        f"  - {{id: {id_}, from: {one}, to: {other}, state: now}}\n" for id_, one, other in more
    )
    text = pages(fleet(FLEET.replace("lane:\n", f"{tunnels}lane:\n")))["topology/now.md"]
    assert "more:tunnel" not in text
    told = [title for title in titles(text) if "tunnel" in title]
    assert "3 more tunnels, none carries production" in told
    assert "machine:home from 3 more tunnels; 3 more tunnels to machine:home" in told
    assert "d, tunnel, opened by home" in told  # one alone is called by its name
    assert "up, tunnel, opened by laptop, carries 1 lane" in told
    assert re.search(r'<a href="#rc-map-topology-now-table"><title>3 more tunnels', text)


def test_what_is_on_a_machine_can_be_followed(fleet: SmallFleet) -> None:
    text = pages(fleet(FLEET))["topology/now.md"]
    links = re.findall(r'<a href="([^"]*)"><title>([^<]*)</title>', text)
    at = links.index(("../machines/home.html", "home, machine, production"))
    assert links[at + 1] == ("../workloads/shop.html", "shop, workload, production")


def many(machines: int, workloads: int, tunnels: str = "") -> str:
    rows = (f"  - {{id: m{at:02}, role: production}}\n" for at in range(machines))
    on = (
        f"  - {{id: w{at:02}, environment: {'production' if at < 20 else 'staging'},"
        f" current_host: m{machines - 1 - at % 9:02}}}\n"
        for at in range(workloads)
    )
    return f"machine:\n{''.join(rows)}workload:\n{''.join(on)}{tunnels}"


def machines_of(text: str) -> list[str]:
    return [title for title in titles(text) if ", machine, " in title]


def test_of_many_machines_each_says_how_much_is_on_it(fleet: SmallFleet) -> None:
    tunnels = "tunnel:\n  - {id: far, from: m12, to: m28, critical: true}\n"
    text = pages(fleet(many(30, 90, tunnels)))["topology/now.md"]
    found = machines_of(text)
    assert len(found) == 30
    assert "m29, machine, production, 10 workloads, 3 in production" in found
    assert "m00, machine, production, nothing runs here" in found
    assert "more" not in "".join(titles(text))
    assert ">Without tunnels</text>" in text


def test_of_few_machines_each_lists_what_is_on_it(fleet: SmallFleet) -> None:
    text = pages(fleet(many(10, 90)))["topology/now.md"]
    rows = [title for title in titles(text) if ", workload, " in title]
    assert len(rows) == topology.MOST_DRAWN
    assert {f"w{at:02}, workload, production" for at in range(20)} <= set(rows)
    assert sum(int(found) for found in re.findall(r"<title>(\d+) more, in the table", text)) == 90 - len(rows)


def test_where_machines_must_go_those_stay_whose_outage_affects_most(fleet: SmallFleet) -> None:
    text = pages(fleet(many(99, 90)))["topology/now.md"]
    found = [title.partition(",")[0] for title in machines_of(text)]
    assert len(found) == MOST
    assert found[-9:] == [f"m{at}" for at in range(90, 99)]
    assert "39 more machines, in the table" in titles(text)


def test_a_fleet_without_machines_says_so(fleet: SmallFleet) -> None:
    made = pages(fleet("task:\n  - {id: A, title: a, status: todo}\n"))
    assert set(made.values()) == {"No register names a machine yet.\n"}
