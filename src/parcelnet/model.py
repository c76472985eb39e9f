"""The network: one crop in, orientation, size, kind, state, seal and six maps out (sixfaces.observe.parcel.look)."""

import torch
from torch import Tensor, nn

from parcelnet.sample import POSE
from sixfaces.observe.parcel.look import GRID, INPUT, KINDS, MAPS, SEALS, STATES

SCORES = len(KINDS) + len(STATES) + len(SEALS)
WIDE = (24, 48, 96, 160)


def _conv(into: int, out: int, *, stride: int = 1, size: int = 3) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(into, out, size, stride, size // 2, bias=False), nn.BatchNorm2d(out), nn.ReLU(inplace=True)
    )


class Block(nn.Module):
    """Two convolutions and the way around them."""

    def __init__(self, wide: int) -> None:
        super().__init__()
        self.first = _conv(wide, wide)
        self.second = nn.Sequential(nn.Conv2d(wide, wide, 3, 1, 1, bias=False), nn.BatchNorm2d(wide))

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> the same."""
        return torch.relu(x + self.second(self.first(x)))


class ParcelNet(nn.Module):
    """About 2.9 million parameters, 0.25 billion multiplications a crop."""

    def __init__(self) -> None:
        super().__init__()
        a, b, c, d = WIDE
        self.fine = nn.Sequential(_conv(3, a, stride=2), _conv(a, b, stride=2), Block(b))
        self.middle = nn.Sequential(_conv(b, c, stride=2), Block(c), Block(c))
        self.coarse = nn.Sequential(_conv(c, d, stride=2), Block(d), Block(d), Block(d))
        side = INPUT // 16
        self.squeeze = _conv(d, 48, size=1)
        self.told = nn.Sequential(nn.Linear(48 * side * side, 256), nn.ReLU(inplace=True))
        self.pose = nn.Linear(256, POSE)
        self.scores = nn.Linear(256, SCORES)
        self.from_coarse, self.from_middle = nn.Conv2d(d, b, 1), nn.Conv2d(c, b, 1)
        self.draw = nn.Sequential(_conv(b, b), nn.Conv2d(b, len(MAPS), 1))

    def forward(self, crop: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(N, 3, INPUT, INPUT) RGB 0..1 -> pose (N, 24), scores (N, 11) and maps (N, 6, GRID, GRID) as logits."""
        fine = self.fine((crop - 0.45) * 4.0)
        middle = self.middle(fine)
        coarse = self.coarse(middle)
        told = self.told(self.squeeze(coarse).flatten(1))
        up = nn.functional.interpolate(self.from_coarse(coarse), size=(GRID // 2, GRID // 2), mode="nearest")
        up = nn.functional.interpolate(up + self.from_middle(middle), size=(GRID, GRID), mode="nearest")
        return self.pose(told), self.scores(told), self.draw(fine + up)
