"""A PDF and an Outlook message made by hand, as small as they can be."""

from __future__ import annotations

import struct


def pdf(text: str = "", picture: bool = False, author: str = "", link: str = "") -> bytes:
    """A one-page PDF with a line of text, a picture, an author and a link."""
    show = f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET" if text else ""
    content = f"{show} {'q 500 0 0 700 0 0 cm /I1 Do Q' if picture else ''}".encode()
    note = f"/Annots [<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI({link})>>>>]" if link else ""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R{note}"
        f"/Resources<</Font<</F1 5 0 R>>{'/XObject<</I1 6 0 R>>' if picture else ''}>>>>".encode(),
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>"
        b"stream\n\0\nendstream",
        f"<</Author({author})>>".encode(),
    ]
    data = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return data + b"trailer<</Size %d/Root 1 0 R/Info 7 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)


_SECTOR = 512
_END = 0xFFFFFFFE


def compound(streams: dict[str, bytes]) -> bytes:
    """An OLE compound file with streams in the root and in one level of folders ("folder/stream")."""
    folders = sorted({name.split("/")[0] for name in streams if "/" in name})
    entries: list[tuple[str, int, int, int, int, int]] = []  # name, type, right sibling, child, start, size
    top = [*folders, *(name for name in streams if "/" not in name)]
    inner = {folder: [name for name in streams if name.startswith(f"{folder}/")] for folder in folders}
    order = [*top, *(name for folder in folders for name in inner[folder])]
    place = {name: number for number, name in enumerate(order, start=1)}
    chains = [top, *inner.values()]
    right = {chain[at]: place[chain[at + 1]] for chain in chains for at in range(len(chain) - 1)}
    body, fat = b"", []
    for name in order:
        if name in folders:
            entries.append((name, 1, right.get(name, 0xFFFFFFFF), place[inner[name][0]], 0, 0))
            continue
        # Streams under 4,096 bytes would live in another stream; padding keeps the file simple.
        padded = streams[name].ljust(4096, b" " if name.endswith("0102") else b"\0")
        padded += bytes(-len(padded) % _SECTOR)
        count = len(padded) // _SECTOR
        entries.append((name.split("/")[-1], 2, right.get(name, 0xFFFFFFFF), 0xFFFFFFFF, len(fat), len(padded)))
        fat += [*range(len(fat) + 1, len(fat) + count), _END]
        body += padded
    root = ("Root Entry", 5, 0xFFFFFFFF, 1 if order else 0xFFFFFFFF, _END, 0)
    directory = b"".join(_entry(*entry) for entry in [root, *entries])
    directory += bytes(-len(directory) % _SECTOR)
    first = len(fat)
    count = len(directory) // _SECTOR
    fat += [*range(first + 1, first + count), _END]
    fat_sectors = (len(fat) + 1 + 127) // 128
    fat_start = len(fat)
    fat += [0xFFFFFFFD] * fat_sectors
    fat += [0xFFFFFFFF] * (fat_sectors * 128 - len(fat))
    table = struct.pack(f"<{len(fat)}I", *fat)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, fat_sectors, first, 0, 4096, _END, 0, _END, 0)
    sectors = [fat_start + number for number in range(fat_sectors)]
    header += struct.pack("<109I", *sectors, *[0xFFFFFFFF] * (109 - fat_sectors))
    return header + body + directory + table


def _entry(name: str, kind: int, right: int, child: int, start: int, size: int) -> bytes:
    raw = name.encode("utf-16-le") + b"\0\0"
    return (
        raw.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(raw), kind, 1, 0xFFFFFFFF, right, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def outlook(subject: str, sender: str, body: str, attachment: tuple[str, bytes] | None = None) -> bytes:
    """A message as Outlook saves it."""
    wide = "utf-16-le"
    streams = {
        "__substg1.0_0037001F": subject.encode(wide),
        "__substg1.0_0C1A001F": sender.encode(wide),
        "__substg1.0_1000001F": body.encode(wide),
        "__substg1.0_007D001F": f"Received: from {sender}".encode(wide),
    }
    if attachment:
        name, data = attachment
        streams["__attach_version1.0_#00000000/__substg1.0_3707001F"] = name.encode(wide)
        streams["__attach_version1.0_#00000000/__substg1.0_37010102"] = data
    return compound(streams)
