"""Source files that the DWARF line tables (versions 4 and 5) of a 64-bit little-endian ELF file name."""
import mmap
import posixpath
import struct

ET_REL, SHT_RELA = 1, 4
LINE_STRP, STRP, STRING, UDATA, DATA16, BLOCK = 0x1F, 0x0E, 0x08, 0x0F, 0x1E, 0x09
FIXED = {0x0B: 1, 0x05: 2, 0x06: 4, 0x07: 8, DATA16: 16}  # DW_FORM_data1, 2, 4, 8, 16


def leb(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def text(data, at):
    return data[at:data.find(b"\0", at)].decode("utf-8", "replace")


def sections(data):
    offset, = struct.unpack_from("<Q", data, 0x28)
    size, count, names = struct.unpack_from("<HHH", data, 0x3A)
    found = [struct.unpack_from("<IIQQQQIIQQ", data, offset + i * size) for i in range(count)]
    at = found[names][4]
    return [(text(data, at + s[0]), s) for s in found]


def body(data, all_sections, name):
    for found, s in all_sections:
        if found == name:
            return bytearray(data[s[4]:s[4] + s[5]])
    return bytearray()


def relocated(data, all_sections, name):
    """A relocatable file's sections need their 32-bit references to others filled in."""
    line = body(data, all_sections, name)
    if struct.unpack_from("<H", data, 16)[0] != ET_REL:
        return line
    for found, s in all_sections:
        if found != ".rela" + name or s[1] != SHT_RELA:
            continue
        symbols = all_sections[s[6]][1][4]
        for offset, info, addend in struct.iter_unpack("<QQq", data[s[4]:s[4] + s[5]]):
            if info & 0xFFFFFFFF == 10:  # R_X86_64_32
                value, = struct.unpack_from("<Q", data, symbols + (info >> 32) * 24 + 8)
                struct.pack_into("<I", line, offset, (value + addend) & 0xFFFFFFFF)
    return line


def entries(line, at, strings):
    """A table of DWARF 5: a list of {content type: value}."""
    formats = []
    count, at = line[at], at + 1
    for _ in range(count):
        kind, at = leb(line, at)
        form, at = leb(line, at)
        formats.append((kind, form))
    count, at = leb(line, at)
    found = []
    for _ in range(count):
        entry = {}
        for kind, form in formats:
            if form in (LINE_STRP, STRP):
                entry[kind] = text(strings[form], struct.unpack_from("<I", line, at)[0])
                at += 4
            elif form == STRING:
                entry[kind] = text(line, at)
                at += len(entry[kind].encode()) + 1
            elif form == UDATA:
                entry[kind], at = leb(line, at)
            elif form == BLOCK:
                size, at = leb(line, at)
                at += size
            else:
                entry[kind] = int.from_bytes(line[at:at + FIXED[form]], "little")
                at += FIXED[form]
        found.append(entry)
    return found, at


def old_entries(line, at):
    folders, files = [{1: ""}], []
    while line[at]:
        folders.append({1: text(line, at)})
        at = line.find(b"\0", at) + 1
    at += 1
    while line[at]:
        name = text(line, at)
        at = line.find(b"\0", at) + 1
        folder, at = leb(line, at)
        _, at = leb(line, at)
        _, at = leb(line, at)
        files.append({1: name, 2: folder})
    return folders, files


def sources(path):
    found = set()
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        assert data[:6] == b"\x7fELF\x02\x01", path
        all_sections = sections(data)
        line = relocated(data, all_sections, ".debug_line")
        strings = {LINE_STRP: body(data, all_sections, ".debug_line_str"), STRP: body(data, all_sections, ".debug_str")}
        unit = 0
        while unit < len(line):
            length, version = struct.unpack_from("<IH", line, unit)
            at = unit + 6 + (2 if version >= 5 else 0) + 4
            at += 6 if version >= 4 else 5
            at += line[at - 1] - 1
            if version >= 5:
                folders, at = entries(line, at, strings)
                files, at = entries(line, at, strings)
            else:
                folders, files = old_entries(line, at)
            for entry in files:
                found.add(posixpath.normpath(posixpath.join(folders[entry.get(2, 0)][1], entry[1])))
            unit += 4 + length
    return found
