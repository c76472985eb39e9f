"""The parcel that went out beside the one that came back: its box by the faces, its item by the views of it."""
