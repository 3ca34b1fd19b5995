"""Small files as NumPy, Pillow, pandas and Python's csv write them; tests/data/real_files.cpp reads them.

Made with NumPy 1.24, Pillow 9.4 and pandas 2.0.
"""

import csv
import io
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

FOLDER = Path(__file__).resolve().parent


def arrays():
    grid = np.arange(6).reshape(2, 3)
    np.save(FOLDER / "big_endian_fortran.npy", np.asfortranarray(grid.astype(">i4")))
    np.savez_compressed(
        FOLDER / "types.npz", half=np.float16([0.5, -2, 65504, 6e-8, np.inf]), u16=np.uint16([0, 65535]),
        u32=np.uint32([0, 4294967295]), u64=np.uint64([0, 18446744073709551615]), big_f4=grid.astype(">f4"),
        big_f2=np.array([1.5, -1], ">f2"), big_f8=np.array(1e300, ">f8"),
        objects=np.array([{"a": 1}, None], dtype=object), complex=np.complex64([1j]))


def upright():
    """6 x 4, no two rows and no two columns alike; blocks of 8 x 8, which JPEG keeps nearly."""
    y, x = np.mgrid[0:4, 0:6]
    return np.stack([40 * x, 80 * y, 255 - 20 * (x + y)], -1).astype(np.uint8)


# what a camera held that way stores: exif_transpose undoes it
STORED = {1: None, 2: Image.FLIP_LEFT_RIGHT, 3: Image.ROTATE_180, 4: Image.FLIP_TOP_BOTTOM, 5: Image.TRANSPOSE,
          6: Image.ROTATE_90, 7: Image.TRANSVERSE, 8: Image.ROTATE_270}


def pictures():
    for orientation, method in STORED.items():
        picture = Image.fromarray(upright())
        stored = picture if method is None else picture.transpose(method)
        exif = Image.Exif()
        exif[0x0112] = orientation
        stored.save(FOLDER / f"orientation_{orientation}.png", exif=exif)
    blocks = Image.fromarray(upright().repeat(8, 0).repeat(8, 1)).transpose(STORED[6])
    exif[0x0112] = 6
    blocks.save(FOLDER / "orientation_6.jpg", exif=exif, quality=90)
    deep = np.uint16([[0, 1, 255], [256, 40000, 65535]])
    Image.fromarray(deep).save(FOLDER / "deep.png")
    Image.fromarray(deep.astype(np.int32)).save(FOLDER / "deep.pgm")
    strewn(blocks.transpose(Image.ROTATE_270))


def strewn(picture):
    """A progressive JPEG as a faulty camera writes it: bytes before every segment's marker, and after the end."""
    plain = io.BytesIO()
    picture.save(plain, "JPEG", quality=90, progressive=True)
    data, at, out = plain.getvalue(), 2, plain.getvalue()[:2]
    while data[at + 1] != 0xD9:
        length = int.from_bytes(data[at + 2:at + 4], "big")
        end = at + 2 + length
        if data[at + 1] == 0xDA:
            while data[end] != 0xFF or data[end + 1] == 0:
                end += 1
        out += b"\0\x11" + data[at:end]
        at = end
    (FOLDER / "strewn.jpg").write_bytes(out + b"\0" + data[at:] + b"camera's notes")
    (FOLDER / "plain.jpg").write_bytes(data)


def tables():
    frame = pd.DataFrame({"width": [1.5, None, 3.0], "note, long": [7, 8, 9], "kind": ["setosa", "a \"b\"", "setosa"],
                          "label": [1.0, 0.0, 2.0]})
    frame.to_csv(FOLDER / "pandas_texts.csv", index=False, columns=["width", "note, long", "kind"])
    frame.to_csv(FOLDER / "pandas_numbers.csv", index=False, columns=["width", "note, long", "label"])
    with open(FOLDER / "excel.csv", "w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file, "excel", delimiter=";")
        rows.writerows([["width\n(cm)", "height", "class"], [1, 2, "yes"], [3, 4, "no"], ["", "", ""]])


warnings.simplefilter("ignore")
arrays()
pictures()
tables()
