"""One head for rows of several parts: versions whose rules are others write what each byte of `told` stands for
otherwise, and a part has one order for all its rows."""

from collections.abc import Iterable, Mapping, Sequence

from sixfaces.domain.archive import Head, Row
from sixfaces.pipeline.archive.rows import FACTS


def one_head(heads: Sequence[Head], *, left_out: Iterable[str] = ()) -> Head:
    """That under which the rows of all of these can stand: every rule that any of them names, in the order of the
    first; `left_out`: kinds that rows leave out besides."""
    policies = {digest: text for head in heads for digest, text in head.policies.items()}
    every = frozenset(left_out).union(*(head.left_out for head in heads))
    codes = tuple(dict.fromkeys(code for head in heads for code in head.codes))
    return Head(heads[0].observers, codes, policies, tuple(sorted(every)))


def moved(row: Row, *, under: Head, to: Head) -> Row:
    """A row that stands under a head, as it stands under `to`, without what that leaves out: parts of before hold
    such columns."""
    gone = {f"{FACTS}{kind}" for kind in to.left_out}
    kept = {name: value for name, value in row.items() if name not in gone}
    return kept if under.codes == to.codes else kept | {"told": _told(row, under=under, to=to)}


def _told(row: Mapping[str, bytes], *, under: Head, to: Head) -> bytes:
    told, size = row["told"], len(under.codes)
    places = [under.codes.index(code) if code in under.codes else None for code in to.codes]
    each = (told[index * size : (index + 1) * size] for index in range(len(row["roles"])))
    return b"".join(bytes(0 if place is None else one[place] for place in places) for one in each)
