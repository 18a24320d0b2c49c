import os
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

OFFICE = shutil.which("libreoffice") or shutil.which("soffice")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests against LibreOffice are left out where it is not installed; CI insists on it."""
    if OFFICE or os.environ.get("XLTOOLS_REQUIRE_OFFICE"):
        return
    for item in items:
        if item.get_closest_marker("office"):
            item.add_marker(pytest.mark.skip(reason="LibreOffice is not on this machine"))
