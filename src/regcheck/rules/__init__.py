"""The written list of the rules, by group. A group is selected like a name."""

from __future__ import annotations

from regcheck.rule import Rule
from regcheck.rules.bad_schema import bad_schema
from regcheck.rules.broken_link import broken_link
from regcheck.rules.broken_path import broken_path
from regcheck.rules.closed_gap import closed_gap
from regcheck.rules.contract import contract
from regcheck.rules.dangling_tunnel import dangling_tunnel
from regcheck.rules.dead_hop import dead_hop
from regcheck.rules.document_order import document_order
from regcheck.rules.done_too_early import done_too_early
from regcheck.rules.drain_cycle import drain_cycle
from regcheck.rules.drained_too_early import drained_too_early
from regcheck.rules.duplicate_id import duplicate_id
from regcheck.rules.duplicate_key import duplicate_key
from regcheck.rules.empty_register import empty_register
from regcheck.rules.empty_wave import empty_wave
from regcheck.rules.expired_exception import expired_exception
from regcheck.rules.finished_owner import finished_owner
from regcheck.rules.frozen_placement import frozen_placement
from regcheck.rules.inventory_mismatch import inventory_mismatch
from regcheck.rules.malformed_table import malformed_table
from regcheck.rules.merge_conflict import merge_conflict
from regcheck.rules.misplaced_document import misplaced_document
from regcheck.rules.missed_endpoint import missed_endpoint
from regcheck.rules.missing_backup_evidence import missing_backup_evidence
from regcheck.rules.missing_gate import missing_gate
from regcheck.rules.missing_owner import missing_owner
from regcheck.rules.missing_rollback import missing_rollback
from regcheck.rules.missing_target import missing_target
from regcheck.rules.mutable_image import mutable_image
from regcheck.rules.no_way_off import no_way_off
from regcheck.rules.not_last import not_last
from regcheck.rules.occupied_machine import occupied_machine
from regcheck.rules.personal_path import personal_path
from regcheck.rules.recovery_loop import recovery_loop
from regcheck.rules.schema import schema
from regcheck.rules.stale_facts import stale_facts
from regcheck.rules.still_dependent import still_dependent
from regcheck.rules.stranded import stranded
from regcheck.rules.task_cycle import task_cycle
from regcheck.rules.tunnel_sprawl import tunnel_sprawl
from regcheck.rules.two_waves import two_waves
from regcheck.rules.undecided import undecided
from regcheck.rules.undrained import undrained
from regcheck.rules.unfit_target import unfit_target
from regcheck.rules.unknown_kind import unknown_kind
from regcheck.rules.unknown_place import unknown_place
from regcheck.rules.unknown_property import unknown_property
from regcheck.rules.unknown_reference import unknown_reference
from regcheck.rules.unreadable_file import unreadable_file
from regcheck.rules.unused_exception import unused_exception
from regcheck.rules.unused_machine import unused_machine
from regcheck.rules.weakened_guard import weakened_guard
from regcheck.rules.workstation_dependency import workstation_dependency
from regcheck.rules.wrong_actor import wrong_actor
from regcheck.rules.yaml_syntax import yaml_syntax

GROUPS: dict[str, tuple[Rule, ...]] = {
    "reading": (
        unreadable_file,
        yaml_syntax,
        duplicate_key,
        merge_conflict,
        malformed_table,
        unknown_kind,
        unknown_property,
        empty_register,
        bad_schema,
    ),
    "identity": (
        schema,
        duplicate_id,
        unknown_reference,
        missing_target,
        missing_owner,
        finished_owner,
        unknown_place,
        undecided,
        unused_machine,
    ),
    "order": (
        drain_cycle,
        drained_too_early,
        not_last,
        undrained,
        stranded,
        two_waves,
        empty_wave,
        task_cycle,
        done_too_early,
    ),
    "independence": (
        workstation_dependency,
        no_way_off,
        still_dependent,
        broken_path,
        missed_endpoint,
        dead_hop,
        dangling_tunnel,
        personal_path,
        wrong_actor,
        tunnel_sprawl,
        recovery_loop,
    ),
    "placement": (
        frozen_placement,
        unfit_target,
        occupied_machine,
        missing_gate,
        missing_backup_evidence,
        missing_rollback,
        expired_exception,
        unused_exception,
        mutable_image,
        weakened_guard,
    ),
    "documents": (
        broken_link,
        document_order,
        misplaced_document,
        stale_facts,
        closed_gap,
        inventory_mismatch,
    ),
    "contracts": (contract,),
}

RULES: dict[str, Rule] = {rule.name: rule for group in GROUPS.values() for rule in group}
