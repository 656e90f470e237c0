"""Ways in which the bytes of a report file go wrong, for fuzzing."""

import gzip
import io
import zipfile

from hypothesis import strategies as st

TOKENS = (
    b"\0", b"\r", b"\n", b"\r\n", b'"', b'""', b'","', b",", b"\t", b";", b"\\.\n",
    b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3", b"\xed\xa0\x80", b"\x1a", b"\x85",
    "\u2028".encode(), b"=1+1", b"x" * 70_000, b"NaN", b"1.9E+11", b"'",
)  # fmt: skip


def damaged(files):
    """A real file after up to four accidents, perhaps wrapped: its bytes."""
    accidents = st.lists(ACCIDENT, max_size=4)
    return st.builds(_apply, st.sampled_from(files), accidents, WRAPPING)


def _apply(data, accidents, wrap):
    for accident in accidents:
        data = accident(data)
    return wrap(data)


def _at(data, place):
    return int(len(data) * place)


def cut(place):
    return lambda data: data[: _at(data, place)]


def insert(place, token):
    return lambda data: data[: _at(data, place)] + token + data[_at(data, place) :]


def replace(place, value):
    def run(data):
        at = _at(data, place)
        return data[:at] + bytes([value]) + data[at + 1 :]

    return run


def remove(place, length):
    return lambda data: data[: _at(data, place)] + data[_at(data, place) + length :]


def repeat(place, length):
    def run(data):
        at = _at(data, place)
        return data[:at] + 2 * data[at : at + length] + data[at + length :]

    return run


def written_as(encoding):
    return lambda data: data.decode("utf-8", "replace").encode(encoding, "replace")


def with_line_ends(ends):
    return lambda data: data.replace(b"\n", ends)


def on_cells(change):
    """Change the cells of each line, quotes or not."""

    def run(data):
        lines = data.split(b"\n")
        return b"\n".join(b",".join(change(line.split(b","))) for line in lines)

    return run


def in_header(change):
    def run(data):
        header, _, rest = data.partition(b"\n")
        return b",".join(change(header.split(b","))) + b"\n" + rest

    return run


def cut_gzip(data):
    return gzip.compress(data, mtime=0)[:-9]


def zipped(data, *, entries=1):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(entries):
            archive.writestr(f"video_report_Aurora_V_v1-3_{number}.csv", data)
    return out.getvalue()


def broken_zip(data):
    packed = bytearray(zipped(data))
    packed[len(packed) // 2] ^= 0xFF
    return bytes(packed)


PLACE = st.floats(0, 1, exclude_max=True)
ACCIDENT = st.one_of(
    st.builds(cut, PLACE),
    st.builds(insert, PLACE, st.sampled_from(TOKENS)),
    st.builds(replace, PLACE, st.integers(0, 255)),
    st.builds(remove, PLACE, st.integers(1, 60)),
    st.builds(repeat, PLACE, st.integers(1, 200)),
    st.builds(
        written_as,
        st.sampled_from(["utf-16", "utf-16-be", "latin-1", "utf-8-sig", "cp1251"]),
    ),
    st.builds(with_line_ends, st.sampled_from([b"\r", b"\r\n", b"\n\n", b"\n\r"])),
    st.sampled_from(
        [
            on_cells(lambda cells: cells[::-1]),
            on_cells(lambda cells: cells[:-1]),
            on_cells(lambda cells: [*cells, b"more"]),
            in_header(lambda cells: [*cells[:-1], cells[0]]),
            in_header(lambda cells: [cell.upper() for cell in cells]),
            in_header(lambda cells: [b""] * len(cells)),
        ]
    ),
)
WRAPPING = st.sampled_from(
    [
        *([lambda data: data] * 5),
        lambda data: gzip.compress(data, mtime=0),
        cut_gzip,
        zipped,
        lambda data: zipped(data, entries=2),
        broken_zip,
        lambda data: zipped(data)[:-30],
    ]
)
