"""The command line: arguments here, work elsewhere. Nothing heavy is imported before a command needs it.

Exit codes: 0 it ran, whatever it found · 1 results could not be written · 2 wrong usage, unreadable case file or
media path, unfit rulebook · 3 no exhibit could be decoded · with --exit-code 10 rejected, 11 for review ·
130 interrupted, 143 terminated, 129 its terminal has gone.
"""

import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from sixfaces.cli.language import Lang, chosen

UNWRITTEN = 1
INTERRUPTED = 130

app = typer.Typer(
    name="sixfaces",
    help="Decides whether the footage in a marketplace dispute can be believed.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

LangOption = Annotated[Lang | None, typer.Option("--lang", help="Language of the answer and of the page as it opens.")]
OutOption = Annotated[Path | None, typer.Option("--out", help="Folder for report.json, report.html and pictures.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Only report.json on stdout.")]
PolicyOption = Annotated[
    str | None,
    typer.Option("--policy", help="Policy to judge by: name, name@version or ./file.toml. Default: the platform's."),
]


@app.callback(invoke_without_command=True)
def main(version: Annotated[bool, typer.Option("--version", help="Say the version and leave.")] = False) -> None:
    """Decides whether the footage in a marketplace dispute can be believed."""
    if version:
        from sixfaces import __version__

        typer.echo(f"sixfaces {__version__}")
        raise typer.Exit


@app.command()
def verify(  # noqa: PLR0913 the contract's options
    media: Annotated[
        list[Path], typer.Argument(metavar="MEDIA...", help="Videos, photos, documents.", show_default=False)
    ],
    case: Annotated[Path, typer.Option("--case", help="What is claimed: case.json.", show_default=False)],
    *,
    policy: PolicyOption = None,
    role: Annotated[
        str | None, typer.Option("--role", help="What all MEDIA were handed in as. Default: by what they are.")
    ] = None,
    out: OutOption = None,
    as_json: JsonOption = False,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit 10 if rejected, 11 if for review.")] = False,
    lang: LangOption = None,
) -> None:
    """Verify MEDIA as evidence of a case."""
    from sixfaces.cli.verify import Request, verify_files

    request = Request(tuple(media), case, policy=policy, role=role, out=out, as_json=as_json, lang=chosen(lang))
    raise typer.Exit(verify_files(request, tell_verdict=exit_code))


@app.command()
def demo(
    *,
    media: Annotated[Path | None, typer.Option("--media", help="Footage to verify instead of a made clip.")] = None,
    case: Annotated[Path | None, typer.Option("--case", help="The case that footage belongs to.")] = None,
    out: OutOption = None,
    lang: LangOption = None,
) -> None:
    """Build a sample, verify it, and say where its report lies."""
    from sixfaces.cli.demo import run_demo

    raise typer.Exit(run_demo(media=media, case=case, out=out, lang=chosen(lang)))


@app.command()
def serve(
    *,
    host: Annotated[str | None, typer.Option("--host", help="Address to listen on. Default: SIXFACES_HOST.")] = None,
    port: Annotated[
        int | None, typer.Option("--port", min=0, max=65535, help="Port to listen on; 0 takes a free one.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON on stdout once it is ready.")] = False,
    lang: LangOption = None,
) -> None:
    """Serve the API, with workers inside unless SIXFACES_WORKERS is 0."""
    from sixfaces.cli.serve import serve as serve_now

    serve_now(host=host, port=port, as_json=as_json, language=chosen(lang))


@app.command()
def worker(
    *,
    processes: Annotated[
        int | None, typer.Option("--processes", min=1, max=256, help="Worker processes. Default: one for each core.")
    ] = None,
    lang: LangOption = None,
) -> None:
    """Run jobs for an installation whose database and store others share; restarts workers that die."""
    from sixfaces.cli.worker import run_workers

    raise typer.Exit(run_workers(processes, chosen(lang)))


@app.command()
def key(
    tenant: Annotated[str, typer.Argument(help="Whose key: lower-case letters, digits, hyphens.")] = "main",
    *,
    role: Annotated[str, typer.Option("--role", help="admin, reviewer or batch.")] = "admin",
    personal: Annotated[
        bool | None,
        typer.Option("--personal/--no-personal", help="Whether it sees names and phone numbers. Default: as its role."),
    ] = None,
    lang: LangOption = None,
) -> None:
    """Make a key for TENANT and print its secret: the first of a tenant, or when all others are lost."""
    from sixfaces.cli.keys import print_new_key

    print_new_key(tenant, role, chosen(lang), sees_personal=personal)


@app.command()
def fsck(
    *,
    quick: Annotated[bool, typer.Option("--quick", help="Compare sizes of stored bytes, not their digests.")] = False,
    keys: Annotated[
        Path | None, typer.Option("--keys", help="Public keys of the custody log. Default: the installation's own.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The findings as JSON.")] = False,
    lang: LangOption = None,
) -> None:
    """Check database, stored bytes and custody log against each other: exits 4 if anything is wrong."""
    from sixfaces.cli.fsck import Request, look_over

    raise typer.Exit(look_over(Request(is_quick=quick, keys=keys, as_json=as_json, lang=chosen(lang))))


audit = typer.Typer(help="Check the custody log.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(audit, name="audit")


@audit.command("verify")
def audit_verify(  # noqa: PLR0913 the contract's options
    bundle: Annotated[
        Path | None, typer.Argument(help="A custody bundle. Default: this installation's own log and originals.")
    ] = None,
    *,
    key: Annotated[Path | None, typer.Option("--key", help="Public keys that are trusted.")] = None,
    witness: Annotated[
        Path | None, typer.Option("--witness", help="What was seen last; made, compared and brought up to date.")
    ] = None,
    tsa: Annotated[
        Path | None, typer.Option("--tsa", help="PEM of the timestamp authorities that are trusted.")
    ] = None,
    skip_bytes: Annotated[bool, typer.Option("--skip-bytes", help="Leave the originals' bytes unread.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The outcome as JSON.")] = False,
    lang: LangOption = None,
) -> None:
    """Check a custody bundle offline, or this installation: exits 4 if anything does not hold."""
    from sixfaces.cli.audit import Request
    from sixfaces.cli.audit import audit as audit_now

    request = Request(
        bundle, key=key, witness=witness, tsa=tsa, skip_bytes=skip_bytes, as_json=as_json, lang=chosen(lang)
    )
    raise typer.Exit(audit_now(request))


@app.command()
def station(  # noqa: PLR0913 the contract's options
    *,
    watch: Annotated[Path, typer.Option("--watch", help="Folder in which recordings appear.", show_default=False)],
    server: Annotated[str, typer.Option("--server", help="Address of the server.", envvar="SIXFACES_SERVER")],
    key: Annotated[str, typer.Option("--key", help="Key of the station.", envvar="SIXFACES_KEY", show_default=False)],
    role: Annotated[str, typer.Option("--role", help="What the files are handed in as.")] = "unboxing_video",
    case_from: Annotated[str, typer.Option("--case-from", help="auto, name, sidecar or footage.")] = "auto",
    settle: Annotated[float, typer.Option("--settle", min=0, help="Seconds a finished file rests.")] = 5.0,
    once: Annotated[bool, typer.Option("--once", help="Leave when all files have been dealt with.")] = False,
    delete: Annotated[
        bool, typer.Option("--delete-after-upload", help="Delete each local copy once its digest is confirmed sealed.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Everything that is said as JSON lines.")] = False,
    lang: LangOption = None,
) -> None:
    """Hand in every recording that appears in a folder, through any outage."""
    from sixfaces.cli.station import Watch, watch_folder
    from sixfaces.cli.station_cases import CaseFrom

    if case_from not in tuple(CaseFrom):
        raise typer.BadParameter(case_from, param_hint="--case-from")
    watched = Watch(watch, server, key, role=role, case_from=CaseFrom(case_from), settle_s=settle, once=once)
    raise typer.Exit(watch_folder(watched._replace(delete=delete, as_json=as_json), chosen(lang)))


@app.command("import")
def import_(  # noqa: PLR0913 the contract's options
    file: Annotated[Path, typer.Argument(help="Export of a marketplace: CSV, JSON or NDJSON.", show_default=False)],
    *,
    platform: Annotated[str, typer.Option("--platform", help="Mapping: name, or name@version.", show_default=False)],
    server: Annotated[str, typer.Option("--server", help="Address of the server.", envvar="SIXFACES_SERVER")],
    key: Annotated[str, typer.Option("--key", help="Batch or admin key.", envvar="SIXFACES_KEY", show_default=False)],
    zone: Annotated[str | None, typer.Option("--zone", help="Zone of times that name none.")] = None,
    currency: Annotated[str | None, typer.Option("--currency", help="Currency of amounts that name none.")] = None,
    mappings: Annotated[
        Path | None, typer.Option("--mappings", help="Folder of mappings of your own.", envvar="SIXFACES_MAPPINGS")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change; write nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The report as JSON.")] = False,
    lang: LangOption = None,
) -> None:
    """Import orders and after-sales from a marketplace's export: exits 5 if rows were refused."""
    from sixfaces.adapters.import_client import Sent
    from sixfaces.cli.imports import Request, import_now

    sent = Sent(platform, zone, currency, dry_run=dry_run)
    raise typer.Exit(import_now(Request(file, server, key, sent, mappings=mappings, as_json=as_json), chosen(lang)))


@app.command()
def mappings(
    place: Annotated[
        list[Path] | None, typer.Argument(help="Files or folders. Default: those that come along.")
    ] = None,
    lang: LangOption = None,
) -> None:
    """Check mappings of marketplaces; say what is wrong, or that they are fit."""
    from sixfaces.cli.imports import check_mappings

    check_mappings(place or [], chosen(lang))


@app.command()
def move(
    to_database: Annotated[
        str, typer.Option("--to-database", metavar="URL", help="Empty PostgreSQL database.", show_default=False)
    ],
    to_blobs: Annotated[
        str | None, typer.Option("--to-blobs", metavar="PLACE", help="s3://bucket/prefix, or a folder.")
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="What was moved as JSON.")] = False,
    lang: LangOption = None,
) -> None:
    """Move an installation from SQLite to PostgreSQL, and its bytes if asked; nothing may be running."""
    from sixfaces.cli.move import Request
    from sixfaces.cli.move import move as moved

    raise typer.Exit(moved(Request(to_database, to_blobs, as_json, chosen(lang))))


@app.command()
def reverify(  # noqa: PLR0913 the contract's options
    *,
    policy: Annotated[
        str | None, typer.Option("--policy", help="name, name@version or ./file.toml. Default: what judges each now.")
    ] = None,
    since: Annotated[str | None, typer.Option("--since", help="Judged then or later: a day, or an instant.")] = None,
    until: Annotated[str | None, typer.Option("--until", help="Judged before then.")] = None,
    category: Annotated[str | None, typer.Option("--category", help="Only cases with goods of this category.")] = None,
    platform: Annotated[str | None, typer.Option("--platform", help="Only cases of this platform.")] = None,
    station: Annotated[str | None, typer.Option("--station", help="Only cases filmed at this station.")] = None,
    verdict: Annotated[str | None, typer.Option("--verdict", help="accepted, rejected or needs_review.")] = None,
    of_policy: Annotated[str | None, typer.Option("--of-policy", help="Judged by name, or name@version.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run/--apply", help="Say what would flip; or have it judged.")] = True,
    diff: Annotated[Path | None, typer.Option("--diff", help="One line a flip: FILE.csv or FILE.parquet.")] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, max=256, help="Processes. Default: one for each core.")
    ] = None,
    rate: Annotated[float | None, typer.Option("--rate", min=0.1, help="Exhibits a second at most.")] = None,
    tenant: Annotated[str, typer.Option("--tenant", help="Whose archive.")] = "main",
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """Judge the archive again without decoding anything, and say which verdicts would flip."""
    from sixfaces.cli.reverify import Request, instant, selection_of
    from sixfaces.cli.reverify import reverify as reverify_now
    from sixfaces.pipeline.archive.spans import Asked

    selection = selection_of(
        since=instant(since, "--since"),
        until=instant(until, "--until"),
        **{"category": category, "platform": platform, "station": station, "verdict": verdict, "of_policy": of_policy},
    )
    request = Request(Asked(policy, selection), tenant, diff=diff, workers=workers, rate=rate, as_json=as_json)
    raise typer.Exit(reverify_now(request._replace(is_dry=dry_run, lang=chosen(lang))))


@app.command()
def statistics(  # noqa: PLR0913 the contract's options
    *,
    since: Annotated[str | None, typer.Option("--since", help="Judged then or later. Default: 365 days.")] = None,
    until: Annotated[str | None, typer.Option("--until", help="Judged before then. Default: now.")] = None,
    tenant: Annotated[str, typer.Option("--tenant", help="Whose archive.")] = "main",
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the page, JSON and CSV.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="All of it as JSON instead of the page.")] = False,
    lang: LangOption = None,
) -> None:
    """Say how often people agree with the machine, how well its confidence holds, and what drifts."""
    from sixfaces.cli.reverify import instant
    from sixfaces.cli.statistics import Request
    from sixfaces.cli.statistics import statistics as told

    request = Request(instant(since, "--since"), instant(until, "--until"), tenant, out, as_json, chosen(lang))
    raise typer.Exit(told(request))


@app.command()
def pack(  # noqa: PLR0913 the contract's options
    case: Annotated[
        str | None, typer.Argument(help="Folder that verify has written, or number of a case of this installation.")
    ] = None,
    *,
    channel: Annotated[str | None, typer.Option("--channel", help="name, name@version or ./file.toml.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="The pack. Default: CASE-CHANNEL-LANGUAGE.zip.")] = None,
    language: Annotated[Lang | None, typer.Option("--language", help="Language of the pack. Default: --lang.")] = None,
    case_file: Annotated[Path | None, typer.Option("--case", help="case.json, for order and waybill.")] = None,
    original: Annotated[
        list[Path] | None, typer.Option("--original", help="A sealed file, for clips; may be repeated.")
    ] = None,
    enclose: Annotated[bool, typer.Option("--enclose", help="Enclose the originals as they are.")] = False,
    sign: Annotated[Path | None, typer.Option("--sign", help="Sign with the key in this folder, made if none.")] = None,
    personal: Annotated[bool, typer.Option("--personal", help="Leave personal data uncovered.")] = False,
    tenant: Annotated[str, typer.Option("--tenant", help="Whose case.")] = "main",
    as_json: Annotated[bool, typer.Option("--json", help="pack.json on stdout.")] = False,
    lang: LangOption = None,
) -> None:
    """Make an exhibit pack that a channel accepts; without CASE and --channel, list the channels."""
    from sixfaces.cli.pack import Request, list_channels
    from sixfaces.cli.pack import pack as pack_now

    if case is None and channel is None:
        return list_channels(chosen(lang))
    if case is None or channel is None:
        raise typer.BadParameter("CASE and --channel go together.")
    request = Request(case, channel, out, case_file, tuple(original or ()), sign=sign, tenant=tenant, as_json=as_json)
    request = request._replace(enclose=enclose, personal=personal, language=chosen(language or lang), lang=chosen(lang))
    return pack_now(request)


rulebook = typer.Typer(help="Look at the policies that judge.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(rulebook, name="rulebook")


@rulebook.command("list")
def rulebook_list(lang: LangOption = None) -> None:
    """All policies with their versions."""
    from sixfaces.cli.policies import list_policies

    list_policies(chosen(lang))


@rulebook.command("show")
def rulebook_show(
    name: Annotated[str, typer.Argument(help="A policy: name, name@version or ./file.toml.")], lang: LangOption = None
) -> None:
    """One policy as JSON: how it uses each rule, every threshold and why."""
    from sixfaces.cli.policies import show_policy

    show_policy(name, chosen(lang))


@rulebook.command("check")
def rulebook_check(
    place: Annotated[
        Path | None, typer.Argument(help="File, or folder of rulebooks. Default: those that come along.")
    ] = None,
    lang: LangOption = None,
) -> None:
    """Load every rulebook, whichever kind; say which field is wrong, or that all are fit."""
    from sixfaces.cli.policies import check_policies

    check_policies(place, chosen(lang))


def run() -> None:
    """The entry point. Commands tell our own errors; what is left here is the reader or the person who has gone."""
    _open_standard_streams()
    for ending in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(ending) is signal.SIG_DFL:  # nohup ignores SIGHUP, and means it
            signal.signal(ending, _terminated)
    try:
        app()
    except KeyboardInterrupt:
        _leave(INTERRUPTED)
    except BrokenPipeError:
        _leave(UNWRITTEN)


def _open_standard_streams() -> None:
    """Whoever starts us with a closed stream must not have a file of ours opened in its place."""
    for descriptor, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            null = os.open(os.devnull, os.O_RDWR)
            if null != descriptor:
                os.dup2(null, descriptor)
                os.close(null)
            setattr(sys, name, os.fdopen(descriptor, mode, encoding="utf-8", closefd=False))


def _terminated(number: int, frame: FrameType | None) -> None:
    """Leave as after Ctrl-C: by way of every `with` block, so that children end and nothing half-written stays."""
    sys.exit(128 + number)


def _leave(code: int) -> None:
    """Leave without a traceback, also where stdout's reader has gone and a last flush would fail."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)
