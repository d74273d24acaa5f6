"""`regcheck check`: judge the registers, report, and say so with the exit status."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from regcheck.cli import answers, common, trees
from regcheck.errors import UsageError
from regcheck.reporting import FORMATS, View
from regcheck.terminal import Terminal

if TYPE_CHECKING:
    from regcheck.model import Tree
    from regcheck.trees.objects import Objects

DESCRIPTION = """\
Check every register of the repository: its files, its entries, their
references, and the rules of the fleet. Each finding names file, line and
column, what is wrong, and how to put it right.
"""

EXAMPLES = """\
examples:
  regcheck check                              the whole repository
  regcheck check registers/workloads.md       read all of it, report on one file
  regcheck check --select order,drain-cycle   only these groups and rules
  regcheck check --ignore undecided           all but these
  regcheck check --staged                     what the next commit would hold
  regcheck check --rev v1.2                   what a revision holds, without a checkout
  regcheck check --base origin/main --new-only
                                              what a change brings, and nothing else
  regcheck check --fix                        put right what is safe to; report what is left
  regcheck check --diff | git apply           the same in two steps, the first changing nothing
  regcheck check --strict --statistics        warnings fail too; count by rule, and tell how
                                              many have owner, target, evidence and rollback
  regcheck check --write-baseline             accept what is found now: only what is new fails
  regcheck check --format text --format json=findings.json
                                              text here, JSON into a file
  regcheck check --format github              in a workflow of GitHub Actions: annotations,
                                              and all findings in the job summary
  regcheck check --format codequality=gl-code-quality-report.json
                                              for merge requests on GitLab
  regcheck check --format rdjson | reviewdog -f=rdjson -reporter=gitea-pr-review
                                              review comments on Gitea or Forgejo

exit status: 0 no errors (with --strict: nor warnings), 1 findings, 2 wrong
usage or configuration, or no register found, 3 a defect in regcheck.
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `check`."""
    paths = "report only what stands in these files and folders (all of them are read)"
    parser.add_argument("paths", metavar="PATH", nargs="*", help=paths)
    common.add_format(parser, FORMATS)
    for option, help in (
        ("--select", "run only these rules and groups"),
        ("--ignore", "leave these rules and groups out"),
    ):
        action = parser.add_argument(
            option,
            metavar="RULE[,…]",
            action="extend",
            type=_names,
            default=[],
            help=f"{help}; repeatable",
        )
        common.complete(action, "rules")
    trees.arguments(parser)
    parser.add_argument(
        "--base",
        metavar="REV",
        action="append",
        help="compare with this revision: rules that compare speak, and findings are marked as new or not"
        " (in CI by default where the change began: the merge base with the branch that it is for);"
        " repeatable: the first one counts that has a register, settings or a baseline",
    )
    parser.add_argument(
        "--new-only", action="store_true", help="leave out what the base revision had already"
    )
    parser.add_argument(
        "--trust-base",
        action="store_true",
        help="judge by the settings and the baseline of the base revision; that those of now guard less is an"
        " error (for a server, which must not believe what is pushed: see hooks/pre-receive)",
    )
    help = "be content where there is no register at all, instead of failing with status 2"
    parser.add_argument("--allow-empty", action="store_true", help=help)
    parser.add_argument("--strict", action="store_true", help="fail on warnings too")
    parser.add_argument(
        "--fix",
        action="store_true",
        help="first fix what is safe: words with one close candidate, short task references that are"
        " ambiguous, exceptions that are no longer used, columns of tables, the order of waves, the last"
        " line end; in PATHs only; with --select only what these rules find",
    )
    parser.add_argument(
        "--diff",
        action="store_true",
        help="print what --fix would change as a unified diff, and change nothing; 1 where that is anything",
    )
    parser.add_argument(
        "--statistics",
        action="store_true",
        help="count findings by rule and entries by kind; how complete the fleet is, and how old its facts",
    )
    parser.add_argument(
        "--write-baseline",
        action="store_true",
        help="accept what is found now, in the PATHs if some are given, until it is gone; no report is made",
    )
    parser.add_argument(
        "--no-cache", action="store_true", help="neither use nor keep what runs like this one have found out"
    )
    parser.add_argument(
        "--today",
        metavar="DATE",
        type=common.date,
        help="judge as of this date (YYYY-MM-DD) instead of the present one, in UTC",
    )


def run(options: argparse.Namespace) -> int:
    """Check, report, and return 1 where a finding fails the run."""
    _refuse_contradictions(options)
    tree = trees.chosen(options)
    bases = trees.bases(options, tree)
    if not bases and options.trust_base:
        raise UsageError("--trust-base judges by a base revision, and there is none: name it (--base REV)")
    if not bases and options.new_only and options.base is None:
        raise UsageError("--new-only compares with a base revision, and none is known: name it (--base REV)")
    kept = answers.Kept(options, tree, bases)
    if (answer := kept.get()) is not None:
        return kept.repeat(answer)
    return _judge(options, tree, bases, kept)


def _refuse_contradictions(options: argparse.Namespace) -> None:
    writes = options.fix or options.diff or options.write_baseline
    if writes and (options.staged or options.rev is not None):
        work_tree = "--fix, --diff and --write-baseline are about the work tree"
        raise UsageError(f"{work_tree}: leave --staged and --rev out")
    if options.write_baseline and (options.format or options.statistics):
        raise UsageError("--write-baseline makes no report: leave out --format and --statistics")
    if options.diff and (options.fix or options.format or options.statistics or options.write_baseline):
        others = "--fix, --format, --statistics and --write-baseline"
        raise UsageError(f"--diff prints a patch, makes no report and changes nothing: leave out {others}")


def _judge(options: argparse.Namespace, tree: Tree, bases: list[Objects], kept: answers.Kept) -> int:
    from regcheck.check import check
    from regcheck.verdict import is_below

    paths = [trees.below(tree, path) for path in options.paths]
    base, may_be_empty = trees.read_base(bases, tree, kept.store)
    verdict = check(
        tree,
        select=options.select,
        ignore=options.ignore,
        today=options.today,
        base=base,
        trust_base=options.trust_base,
        allow_empty=options.allow_empty or (options.trust_base and may_be_empty),
        store=kept.store,
    )
    for remark in (*verdict.fleet.remarks, *verdict.remarks):
        kept.note(remark)
    if verdict.untold:
        from regcheck.reporting.phrases import incomplete_note

        kept.note(incomplete_note(verdict.untold))
    for path, said in zip(paths, options.paths, strict=True):
        if path != "." and not any(is_below(source.path, path) for source in verdict.fleet.texts):
            kept.note(f"`{said}` holds no register, so nothing in it was checked")
    complete = True
    if options.fix or options.diff:
        from regcheck.cli import fixes

        if options.diff:
            return fixes.show(options, tree, paths, verdict)
        verdict, complete = fixes.write(options, tree, paths, verdict)
    if options.write_baseline:
        from regcheck.cli import new_baseline

        return new_baseline.write(tree.root, verdict, paths)
    verdict = verdict.limited_to(paths)
    if options.new_only:
        verdict = verdict.only_new()
    summarized = False
    if any(output.format == "github" for output in options.format or ()):
        from regcheck.cli import job_summary

        summarized = job_summary.append(verdict)
    status = verdict.status(strict=options.strict) or int(not complete)

    def render(name: str, terminal: Terminal) -> str:
        links = terminal.links and options.rev is None  # a revision may not lie on disk
        view = View(terminal._replace(links=links), tree.root, options.statistics, options.strict, summarized)
        text = FORMATS[name](verdict, view)
        kept.keep(status, text)
        return text

    common.deliver(options, next(iter(FORMATS)), render)
    return status


def _names(text: str) -> list[str]:
    names = [name for part in text.split(",") if (name := part.strip())]
    if not names:  # an empty variable in a script must not mean "all rules"
        raise argparse.ArgumentTypeError("it names no rule or group")
    return names
