"""The same print is found again in other views; another variety, a bare logo and a plain thing are not."""

import pytest

from fixtures.products import Look, Product, hardened, seen, shop_picture
from sixfaces.domain.answer import Answer
from sixfaces.observe.item.appearance import Likeness, View, likeness, view_of
from sixfaces.observe.item.print_cells import print_of


def views(product: Product, seed: int, count: int = 5) -> list[View]:
    return [view_of(seen(product, hardened(Look(0), 100 * seed + i))) for i in range(count)]


def compared(ordered: Product, came: Product, seed: int) -> Likeness:
    return likeness(print_of(shop_picture(ordered)), views(came, seed))


@pytest.mark.parametrize("form", ["box", "can"])
@pytest.mark.parametrize("brand", [3, 7])
def test_the_ordered_item_is_found_under_hands_and_at_angles(form: str, brand: int) -> None:
    found = compared(Product(brand, 0, form), Product(brand, 0, form), brand)
    assert found.same is Answer.MET
    assert found.score > 0.95
    assert found.view is not None


@pytest.mark.parametrize(
    "came",
    [Product(3, 1), Product(3, 0, name=1), Product(3, 0, hue=120), Product(9, 0)],
    ids=["another variety", "another name on the same art", "other colours", "another brand"],
)
def test_a_relative_of_the_ordered_item_is_never_taken_for_it(came: Product) -> None:
    assert compared(Product(3, 0), came, 5).same is Answer.CANNOT_TELL


@pytest.mark.parametrize("ordered", [Product(2, 0, "plain"), Product(2, 0, logo_only=True)], ids=["plain", "logo"])
def test_what_has_too_little_print_cannot_be_told_even_if_it_is_the_same(ordered: Product) -> None:
    assert compared(ordered, ordered, 6).same is Answer.CANNOT_TELL


def test_a_logo_on_the_reference_is_not_the_whole_item() -> None:
    found = compared(Product(4, 0, logo_only=True), Product(4, 0), 2)
    assert found.same is Answer.CANNOT_TELL


def test_without_views_nothing_is_said() -> None:
    assert likeness(print_of(shop_picture(Product(1, 0))), []) == Likeness(Answer.CANNOT_TELL, 0.0, None)


def test_the_same_pictures_give_the_same_answer() -> None:
    assert compared(Product(3, 0), Product(3, 0), 8) == compared(Product(3, 0), Product(3, 0), 8)
