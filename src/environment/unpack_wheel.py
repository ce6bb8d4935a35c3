"""Unpack from a TensorFlow wheel what the Node binding needs: its shared libraries and C headers.

usage: python unpack_wheel.py WHEEL FOLDER
Layout is kept (FOLDER/tensorflow/...), for the libraries find each other by it. Prints "done/total" in MB.
"""

import sys
import zipfile
from pathlib import Path


def main(wheel: str, folder: str) -> None:
    target = Path(folder).resolve()
    with zipfile.ZipFile(wheel) as archive:
        wanted = [
            entry
            for entry in archive.infolist()
            if entry.filename.startswith("tensorflow/libtensorflow_")
            or (entry.filename.startswith("tensorflow/include/") and entry.filename.endswith((".h", ".inc")))
        ]
        total = sum(entry.file_size for entry in wanted)
        done = 0
        for entry in wanted:
            path = (target / entry.filename).resolve()
            if target not in path.parents:
                raise SystemExit(f"Cannot unpack {wheel} as it names a file outside the folder: {entry.filename}")
            path.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(entry) as source, open(path, "wb") as sink:
                while chunk := source.read(1 << 24):
                    sink.write(chunk)
                    done += len(chunk)
                    if len(chunk) == 1 << 24:
                        print(f"{done >> 20}/{total >> 20}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
