"""The parcel: found, followed, its six faces, its stages, what came out of it. Start reading at `observer`."""
