"""`sixfaces pack`: an exhibit pack for a channel, of a folder of results or of a case of this installation."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import typer

from sixfaces import bootstrap
from sixfaces.adapters.output_file import write_whole
from sixfaces.cli.folder_name import folder_name
from sixfaces.cli.telling import telling, words_in
from sixfaces.domain.channel import Channel
from sixfaces.domain.model import Say
from sixfaces.domain.pack import Pack
from sixfaces.intake.case_file import read_case
from sixfaces.pipeline.packing import refusals
from sixfaces.pipeline.packing.from_folder import Beside, is_results, material_in, pack_of_folder
from sixfaces.pipeline.packing.material import Asked
from sixfaces.report.clocks import size
from sixfaces.report.page import Language
from sixfaces.report.serial import json_bytes
from sixfaces.report.visible import visible
from sixfaces.rulebook.channels import CHANNELS, channel_asked_for
from sixfaces.vault.custody_keys import open_key


class Request(NamedTuple):
    """What the command line asks for. `sign`: a folder with a key, made there if it has none; `language` is the pack's,
    `lang` that of the answer."""

    case: str
    channel: str
    out: Path | None = None
    case_file: Path | None = None
    originals: tuple[Path, ...] = ()
    enclose: bool = False
    sign: Path | None = None
    tenant: str = "main"
    personal: bool = False
    as_json: bool = False
    language: Language = "en"
    lang: Language = "en"


def pack(request: Request) -> None:
    """Make the pack, write it whole or not at all, and say what is in it and what is not."""
    with telling(request.lang):
        asked = Asked(
            channel_asked_for(request.channel), request.language, datetime.now(UTC), masked=not request.personal
        )
        made, pieces, signer = _made(request, asked)
        path = request.out or Path(_name(made, asked.channel))
        count = write_whole(path, pieces, private=not made.masked)
        if request.as_json:
            typer.echo(json_bytes(made), nl=False)
        else:
            typer.echo("\n".join(_answer(request, made, asked.channel, wrote=(path, count, signer))))


def _name(made: Pack, channel: Channel) -> str:
    """A name of its own for each pack of a case, so that none takes another's place unseen."""
    shows = "" if made.masked else "-personal"
    return f"{folder_name(made.case)}-{channel.name}-{made.language}{shows}.zip"


def list_channels(lang: Language) -> None:
    """One line for each channel: name, version, title."""
    with telling(lang):
        for name in CHANNELS.names():
            channel = CHANNELS.load(name)
            doubt = f"  [{words_in(_UNCONFIRMED, lang)}]" if channel.unconfirmed else ""
            typer.echo(f"{channel.name:<14} {channel.version:<8} {words_in(channel.title, lang)}{doubt}")


def _made(request: Request, asked: Asked) -> tuple[Pack, Iterator[bytes], str | None]:
    """What pack.json says, the pack's bytes, and who signs it."""
    folder = Path(request.case)
    if not is_results(folder):
        return _of_installation(request, asked)
    if request.enclose and not request.originals:
        raise refusals.not_for_this("--enclose")
    if request.sign is not None and _is_custody(request.sign):
        raise refusals.not_for_this("--sign")
    case = read_case(request.case_file) if request.case_file is not None else None
    key = open_key(request.sign, now=asked.made) if request.sign is not None else None
    if request.sign is not None and key is not None:
        asked = asked._replace(signing=bootstrap.signing_in(request.sign, key.name, bootstrap.started()))
    material = material_in(folder, case, masked=asked.masked)
    beside = Beside(request.originals, request.enclose)
    made, pieces = pack_of_folder(material, asked, beside=beside, key=key)
    return made.pack, pieces, None if key is None else key.name


def _of_installation(request: Request, asked: Asked) -> tuple[Pack, Iterator[bytes], str | None]:
    from sixfaces.pipeline.packing.from_service import pack_of_case_numbered

    stray = {"--original": request.originals, "--case": request.case_file, "--sign": request.sign}
    for option, given in stray.items():
        if given:
            raise refusals.not_for_this(option)
    settings = bootstrap.started()
    if Path(request.case).is_dir() or (not settings.data.exists() and settings.database_url is None):
        raise refusals.no_report(request.case)
    bootstrap.prepare(settings)
    service, notary = bootstrap.open_service(settings), bootstrap.notary(settings)
    asked = asked._replace(signing=bootstrap.content_signing(settings, notary), enclose=request.enclose)
    made, pieces = pack_of_case_numbered(service, notary, request.case, tenant=request.tenant, asked=asked)
    return made.pack, pieces, notary.key.name


def _is_custody(folder: Path) -> bool:
    """Whether these are the keys of an installation's log: what they sign is taken as led back to it."""
    return bootstrap.custody_folder(bootstrap.started()).resolve() == folder.resolve()


def _answer(request: Request, made: Pack, channel: Channel, *, wrote: tuple[Path, int, str | None]) -> Iterator[str]:
    path, count, signer = wrote
    lang = request.lang
    by = words_in(_SIGNED, lang).format(signer) if signer is not None else words_in(_UNSIGNED, lang)
    yield f"{visible(str(path), longest=4000)}  {size(count)}  {by}"
    yield from (f"  files/{one.name}  {size(one.bytes)}" for one in made.files)
    if made.masked:
        yield words_in(_MASKED, lang)
    if made.left_out:
        yield words_in(_LEFT_OUT, lang)
        yield from (f"  - {visible(words_in(one.what, lang))}: {words_in(one.why, lang)}" for one in made.left_out)
    if channel.unconfirmed:
        yield f"{words_in(_DOUBT, lang)}{', '.join(channel.unconfirmed)}"
    if channel.note is not None:
        yield words_in(channel.note, lang)


_UNCONFIRMED = Say(zh="含未证实数值", en="unconfirmed figures")
_SIGNED = Say(zh="签名：{}", en="signed by {}")
_UNSIGNED = Say(zh="未签名（--sign 可签名）", en="not signed (--sign signs it)")
_MASKED = Say(
    zh="个人信息已遮盖：图片中凡像文字的地方都会被盖住；--personal 不遮盖。",
    en="Personal data is masked: whatever may be print in a picture is covered. --personal shows it.",
)
_LEFT_OUT = Say(zh="未放入：", en="Left out:")
_DOUBT = Say(zh="该渠道以下数值未经证实：", en="Figures of the channel that no source confirms: ")
