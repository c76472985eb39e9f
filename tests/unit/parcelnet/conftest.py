"""parcelnet is no part of the wheel that the other tests run against: only it is taken from the sources."""

import sys
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path

SOURCE = Path(__file__).parents[3] / "src" / "parcelnet"

if find_spec("parcelnet") is None:
    spec = spec_from_file_location("parcelnet", SOURCE / "__init__.py", submodule_search_locations=[str(SOURCE)])
    assert spec is not None
    assert spec.loader is not None
    sys.modules["parcelnet"] = module_from_spec(spec)
    spec.loader.exec_module(sys.modules["parcelnet"])
