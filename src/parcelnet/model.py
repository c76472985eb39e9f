"""The network: one crop in, orientation, size, kind, state, seal and six maps out (sixfaces.observe.parcel.look)."""

import torch
from torch import Tensor, nn

from parcelnet.sample import POSE
from sixfaces.observe.parcel.look import KINDS, MAPS, SEALS, STATES

SCORES = len(KINDS) + len(STATES) + len(SEALS)
WIDE = (24, 48, 96, 160)


def grid(cells: int) -> Tensor:
    """(POSE, cells, cells) where each cell stands, -1..1, in the two entries that tell the middle; else zeros."""
    step = (torch.arange(cells) + 0.5) * (2 / cells) - 1
    made = torch.zeros(POSE, cells, cells)
    made[-3], made[-2] = step[None, :], step[:, None]
    return made


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
    """About 2.4 million parameters, 0.27 billion multiplications a crop.

    Everything about the box is told by each cell of a 16 x 16 grid for itself, with a weight; the answer is their
    weighted mean. A cell sees the whole crop, but the same weights work wherever the box stands, so little has to be
    learned twice. Directions are the same for all cells; the middle is told as the way from the cell to it.
    """

    def __init__(self) -> None:
        super().__init__()
        a, b, c, d = WIDE
        self.fine = nn.Sequential(_conv(3, a, stride=2), _conv(a, b, stride=2), Block(b))
        self.middle = nn.Sequential(_conv(b, c, stride=2), Block(c), Block(c))
        self.coarse = nn.Sequential(_conv(c, d, stride=2), Block(d), Block(d), Block(d))
        self.from_coarse, self.from_middle = nn.Conv2d(d, c, 1), nn.Conv2d(c, b, 1)
        self.tell = nn.Sequential(_conv(c, c), nn.Conv2d(c, POSE + 1, 1))
        self.grade = nn.Sequential(nn.Linear(d + c, 128), nn.ReLU(inplace=True), nn.Linear(128, SCORES))
        self.draw = nn.Sequential(_conv(b, b), nn.Conv2d(b, len(MAPS), 1))

    def forward(self, crop: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(N, 3, INPUT, INPUT) RGB 0..1 -> pose (N, 24), scores (N, 11) and maps (N, 6, GRID, GRID), both logits."""
        return self.told(crop)[:3]

    def told(self, crop: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """The same and (N, 24, 16, 16), what each cell said of the pose."""
        fine = self.fine((crop - 0.45) * 4.0)
        middle = self.middle(fine)
        coarse = self.coarse(middle)
        joined = middle + nn.functional.interpolate(self.from_coarse(coarse), scale_factor=2.0, mode="nearest")
        said = self.tell(joined).float()
        cells = said[:, :POSE] + grid(said.shape[-1])
        weight = torch.softmax(said[:, POSE].flatten(1), 1)
        pose = (cells.flatten(2) * weight[:, None]).sum(2)
        attended = (joined.float().flatten(2) * weight[:, None]).sum(2)
        scores = self.grade(torch.cat([coarse.float().mean((2, 3)), attended], 1))
        up = nn.functional.interpolate(self.from_middle(joined), scale_factor=2.0, mode="nearest")
        return pose, scores, self.draw(fine + up), cells
