"""The item that came out beside the one that was packed: drawn products in hands, four views on either side."""

from collections import Counter
from collections.abc import Callable, Iterator

import cv2

from fixtures.products import Look, Product, hardened, seen
from sixfaces.observe.outbound.item import item_likeness

BRANDS = 12
_FIRST = 500
_VIEWS = 4

KINDS: dict[str, Callable[[int], tuple[Product, Product]]] = {
    "the same": lambda brand: (Product(brand, 0), Product(brand, 0)),
    "another name on the same art": lambda brand: (Product(brand, 0), Product(brand, 0, name=1)),
    "another variety of the brand": lambda brand: (Product(brand, 0), Product(brand, 1)),
    "the same print in other colours": lambda brand: (Product(brand, 0), Product(brand, 0, hue=60)),
    "another brand": lambda brand: (Product(brand, 0), Product(brand + 1000, 0)),
    "the same, plain": lambda brand: (Product(brand, 0, form="plain"), Product(brand, 0, form="plain")),
}


def rows() -> Iterator[str]:
    """The table, line by line."""
    yield "| item | met | some print agrees (0.75) | too little seen (0.50) | no print in common (0.35) |"
    yield "|---|---|---|---|---|"
    for name, made in KINDS.items():
        count: Counter[str] = Counter()
        for brand in range(_FIRST, _FIRST + BRANDS):
            packed, returned = made(brand)
            found = item_likeness(_views(returned, 100 + 50 * brand), _views(packed, 70_000 + 50 * brand))
            count[found.by] += 1
        cells = [count[by] for by in ("item_print", "item_looks", "not_comparable", "item_other_print")]
        yield f"| {name} | {' | '.join(map(str, cells))} |"


def _views(product: Product, first: int) -> dict[str, bytes]:
    crops = (seen(product, hardened(Look(0), first + number)) for number in range(_VIEWS))
    return {f"items/{n:02d}.jpg": cv2.imencode(".jpg", crop)[1].tobytes() for n, crop in enumerate(crops, 1)}
