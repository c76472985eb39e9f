"""One head for rows of several parts: versions whose rules are others write what each byte of `told` stands for
otherwise, and a part has one order for all its rows."""

from collections.abc import Iterable, Mapping, Sequence

from sixfaces.domain.archive import Head, Meanings, Row
from sixfaces.pipeline.archive.rows import FACTS, byte_of, said_by, word_at


def one_head(heads: Sequence[Head], *, left_out: Iterable[str] = ()) -> Head:
    """That under which the rows of all of these can stand: every rule that any of them names, in the order of the
    first; `left_out`: kinds that rows leave out besides."""
    policies = {digest: text for head in heads for digest, text in head.policies.items()}
    every = frozenset(left_out).union(*(head.left_out for head in heads))
    codes = _every(head.codes for head in heads)
    meanings = Meanings(*(_every(head.meanings[at] for head in heads) for at in range(len(Meanings._fields))))
    return Head(heads[0].observers, codes, policies, tuple(sorted(every)), meanings)


def moved(row: Row, *, under: Head, to: Head) -> Row:
    """A row that stands under a head, as it stands under `to`, without what that leaves out: parts of before hold
    such columns. Raises UnknownWordError for a number that stands for nothing."""
    gone = {f"{FACTS}{kind}" for kind in to.left_out}
    kept = {name: value for name, value in row.items() if name not in gone}
    if (under.codes, under.meanings) == (to.codes, to.meanings):
        return kept
    return kept | {
        "roles": _numbers(row["roles"], under.meanings.roles, to.meanings.roles),
        "verdicts": _numbers(row["verdicts"], under.meanings.verdicts, to.meanings.verdicts),
        "told": _told(row, under=under, to=to),
    }


def _every(some: Iterable[Sequence[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for words in some for word in words))


def _numbers(data: bytes, under: Sequence[str], to: Sequence[str]) -> bytes:
    return bytes(to.index(word_at(under, number)) for number in data)


def _told(row: Mapping[str, bytes], *, under: Head, to: Head) -> bytes:
    told, size = row["told"], len(under.codes)
    places = [under.codes.index(code) if code in under.codes else None for code in to.codes]
    bytes_ = {byte: byte_of(*said_by(byte, under.meanings), to.meanings) for byte in set(told) - {0}} | {0: 0}
    each = (told[index * size : (index + 1) * size] for index in range(len(row["roles"])))
    return b"".join(bytes(0 if place is None else bytes_[one[place]] for place in places) for one in each)
