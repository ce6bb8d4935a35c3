"""numpy's side of the validation of .npz files.

{"write": path, "seed": n}                             -> {"arrays": [what dolab is to read]}
{"read": path, "arrays": [...], "compressed": bool}    -> {"disagreements": [text]}
"""

import base64
import io
import os
import zipfile

import numpy as np

from serve import serve

dtypes = ["?", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8"]
keys = ["x", "a b", "λ₁", "group/x", "z" * 80]


def encode(array):
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def random_array(rng):
    dtype = np.dtype(rng.choice(dtypes))
    axes = rng.integers(0, 6) if rng.random() < 0.95 else 40
    shape = [1] * axes if axes > 6 else rng.integers(int(rng.random() < 0.9), 7, size=axes)
    size = int(np.prod(shape, dtype=int))
    array = np.frombuffer(rng.bytes(size * dtype.itemsize), dtype if dtype != "?" else "u1").reshape(shape)
    if dtype == "?":
        array = array > 127
    if dtype.itemsize == 8 and dtype.kind in "iu" and rng.random() < 0.7:
        array = array >> 11  # what a float64 holds
    if dtype.kind == "f":
        array = quiet(array)
    if rng.random() < 0.5:
        array = array.astype(array.dtype.newbyteorder("S"))
    order = rng.integers(0, 4)
    if order == 1:
        return np.asfortranarray(array)
    if order == 2:
        return array.T
    if order == 3 and array.ndim:
        return array[::-1, ...]
    return array


def quiet(array):
    """Sets the quiet bit of every NaN: processors set it wherever a signalling one is copied as a number, as dolab does
    from Fortran order. The other bits of a NaN stay, but for float16, which is read as float32."""
    if array.dtype == np.float16:
        return np.where(np.isnan(array), np.float16(np.nan), array)
    bits, bit = (np.uint32, 22) if array.dtype == np.float32 else (np.uint64, 51)
    return (array.view(bits) | np.isnan(array).astype(bits) << bits(bit)).view(array.dtype)


def write(path, seed):
    rng = np.random.default_rng(seed)
    arrays = {key: random_array(rng) for key in keys[: rng.integers(1, len(keys) + 1)]}
    way = rng.integers(0, 3)
    if way == 2:  # what np.savez never writes, and np.load reads: the later versions of the format
        with zipfile.ZipFile(path, "w") as archive:
            for key, array in arrays.items():
                content = io.BytesIO()
                np.lib.format.write_array(content, array, version=(2 + int(rng.integers(0, 2)), 0))
                archive.writestr(f"{key}.npy", content.getvalue())
    else:
        (np.savez if way else np.savez_compressed)(path, **arrays)
    return {"arrays": [describe(key, array) for key, array in arrays.items()]}


def describe(key, array):
    native = array.astype(array.dtype.newbyteorder("="))
    described = {"key": key, "dtype": native.dtype.name, "shape": list(array.shape)}
    if native.dtype == np.float16:
        return {**described, "data": encode(native.astype(np.float32))}
    if native.dtype.itemsize == 8 and native.dtype.kind in "iu":
        safe = all(abs(value) < 2**53 for value in native.ravel().tolist())
        described["numbers"] = encode(native.astype(float)) if safe else None
    return {**described, "data": encode(native)}


def read(path, arrays, compressed):
    disagreements = []
    expected = {}
    for array in arrays:
        source = np.frombuffer(base64.b64decode(array["data"]), array["source"])
        expected[array["key"]] = source.astype(array["dtype"]).reshape(array["shape"])
    with np.load(path, allow_pickle=False) as found:
        if found.files != list(expected):
            disagreements.append(f"numpy finds keys {found.files}")
        for key, array in expected.items():
            loaded = found[key]
            if loaded.dtype != array.dtype or loaded.shape != array.shape or encode(loaded) != encode(array):
                disagreements.append(f"{key}: {array.dtype} of shape {array.shape} loads otherwise")
    if not compressed:
        own = io.BytesIO()
        np.savez(own, **expected)
        with open(path, "rb") as file:
            if file.read() != own.getvalue():
                disagreements.append("the file differs from numpy's own")
    os.remove(path)
    return {"disagreements": disagreements}


def answer(request):
    if "write" in request:
        return write(request["write"], request["seed"])
    return read(request["read"], request["arrays"], request["compressed"])


np.seterr(over="ignore", invalid="ignore")  # float32 beyond float16's range
serve(answer)
