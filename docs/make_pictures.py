"""Draw the pictures of the documentation from real outputs, into ``docs/images/``.

    python docs/make_pictures.py

Needs LibreOffice, poppler (pdftoppm, pdftotext), ImageMagick (convert) and a Chinese font.  The samples
are merged, a blank form is made, and the pages are drawn as they print.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

import xltools
from xltools.verbs import annotate

ROOT = Path(__file__).parent.parent
IMAGES = Path(__file__).parent / "images"
FINISH = ("-trim", "+repage", "-bordercolor", "white", "-border", "14")
PALETTE = ("-dither", "None", "-colors", "128", "-strip")


class Picture(NamedTuple):
    """A printed page, found by words at its top; ``crop`` is width x height + left + top in percent."""

    name: str
    file: str
    words: str
    dpi: int = 110
    crop: tuple[float, float, float, float] = (100, 92, 0, 0)  # without the page number


PICTURES = (
    Picture("overview", "汇总", "项目支出绩效自评汇总"),
    Picture("overview-top", "汇总", "项目支出绩效自评汇总", 140, (100, 43.5, 0, 0)),
    Picture("findings", "汇总", "问题清单", 115, (79.3, 63.4, 0, 6.6)),
    Picture("findings-top", "汇总", "问题清单", 115, (79.3, 42.3, 0, 6.6)),
    Picture("summary", "汇总", "自评表汇总（万元）", 120),
    Picture("pooled", "汇总", "项目支出绩效自评表（合并）"),
    Picture("sources", "汇总", "来源清单", 120, (100, 42, 0, 0)),
    Picture("blank", "自评表", "项目支出绩效自评表"),
    Picture("returned", "示例三分中心自评表", "项目支出绩效自评表"),
)


def call(*command: object) -> str:
    return subprocess.run(
        list(map(str, command)), check=True, capture_output=True, timeout=300
    ).stdout.decode()


def make_workbooks(folder: Path) -> list[Path]:
    received = folder / "报送"
    shutil.copytree(ROOT / "samples" / "2023", received)
    merged, blank = folder / "汇总.xlsx", folder / "自评表.xlsx"
    xltools.merge(received, merged)
    xltools.new(blank, year=2023)
    copies = annotate(xltools.validate([received]), folder / "退回")
    (returned,) = (copy.target for copy in copies if copy.target and "三分中心" in copy.target.name)
    return [merged, blank, returned]


def page_of(pdf: Path, words: str) -> int:
    pages = call("pdftotext", pdf, "-").split("\f")
    return next(number for number, text in enumerate(pages, 1) if words in text.strip()[:40])


def draw(picture: Picture, folder: Path) -> Path:
    pdf = folder / f"{picture.file}.pdf"
    page = page_of(pdf, picture.words)
    stem, target = folder / picture.name, IMAGES / f"{picture.name}.png"
    call("pdftoppm", "-r", picture.dpi, "-f", page, "-l", page, "-singlefile", "-png", pdf, stem)
    size = call("identify", "-format", "%w %h", stem.with_suffix(".png")).split()
    wide, high = map(int, size)
    width, height, left, top = picture.crop
    box = f"{wide * width / 100:.0f}x{high * height / 100:.0f}+{wide * left / 100:.0f}+{high * top / 100:.0f}"
    call("convert", stem.with_suffix(".png"), "-crop", box, *FINISH, *PALETTE, target)
    return target


def stack(name: str, *parts: str) -> None:
    """One picture of several, one above the other, as wide as the first."""
    target = IMAGES / f"{name}.png"
    files = [IMAGES / f"{part}.png" for part in parts]
    width = call("identify", "-format", "%w", files[0])
    call("convert", *files, "-resize", width, "-append", *PALETTE, target)
    for file in files:
        file.unlink()


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        call(
            "libreoffice",
            profile,
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            folder,
            *make_workbooks(folder),
        )
        for picture in PICTURES:
            draw(picture, folder)
    stack("merged", "overview-top", "findings-top")
    for image in sorted(IMAGES.glob("*.png")):
        print(image.name, image.stat().st_size)


if __name__ == "__main__":
    main()
