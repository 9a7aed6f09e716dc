#include "base/tar.h"

#include <stdio.h>
#include <string.h>

/* Offsets and sizes of a header's fields (POSIX.1-2017, pax, "ustar Interchange Format"). */
enum {
	NAME = 0,
	NAME_SIZE = 100,
	MODE = 100,
	SIZE = 124,
	SIZE_SIZE = 12,
	CHECKSUM = 148,
	CHECKSUM_SIZE = 8,
	TYPE = 156,
	MAGIC = 257,
	PREFIX = 345,
	PREFIX_SIZE = 155
};

/* ---- writing ---- */

/* Where a name is cut into prefix and name; SIZE_MAX: nowhere. */
static size_t cut_of(struct tu_str name)
{
	if (name.len <= NAME_SIZE)
		return 0;
	for (size_t i = name.len - NAME_SIZE - 1; i < name.len && i <= PREFIX_SIZE; i++)
		if (name.ptr[i] == '/' && i > 0)
			return i;
	return SIZE_MAX;
}

static unsigned sum_of(const char *header)
{
	unsigned sum = 0;

	for (size_t i = 0; i < TU_TAR_BLOCK; i++)
		sum += i >= CHECKSUM && i < CHECKSUM + CHECKSUM_SIZE ? ' '
								     : (unsigned char)header[i];
	return sum;
}

static void add_zeros(struct tu_buf *out, size_t count)
{
	static const char zeros[TU_TAR_BLOCK];

	while (count) {
		size_t some = count < sizeof(zeros) ? count : sizeof(zeros);

		tu_buf_str_add(out, tu_str_of(zeros, some));
		count -= some;
	}
}

static size_t padding_of(size_t size)
{
	return (TU_TAR_BLOCK - size % TU_TAR_BLOCK) % TU_TAR_BLOCK;
}

enum tu_status tu_tar_add(
	struct tu_buf *out, struct tu_str name, struct tu_str content, struct tu_error *err)
{
	char header[TU_TAR_BLOCK] = {0};
	size_t cut = cut_of(name);
	struct tu_str last = cut && cut < name.len ? tu_str_from(name, cut + 1) : name;

	if (cut == SIZE_MAX || !name.len)
		return tu_fail(err, TU_E_LIMIT, 0, "%.*s: the name is too long for an archive",
			TU_STR_FMT(tu_str_first(name, NAME_SIZE)));
	if (content.len >= (size_t)1 << 33)
		return tu_fail(err, TU_E_LIMIT, 0, "%.*s: the file is too large for an archive",
			TU_STR_FMT(tu_str_first(name, NAME_SIZE)));
	memcpy(header + NAME, last.ptr, last.len);
	memcpy(header + PREFIX, name.ptr, cut);
	memcpy(header + MODE, "0000644\0000000000\0000000000", 24);
	(void)snprintf(header + SIZE, SIZE_SIZE, "%011llo", (unsigned long long)content.len);
	memcpy(header + SIZE + SIZE_SIZE, "00000000000", 11);
	header[TYPE] = '0';
	memcpy(header + MAGIC, "ustar\00000", 8);
	(void)snprintf(header + CHECKSUM, CHECKSUM_SIZE, "%06o", sum_of(header));
	header[CHECKSUM + CHECKSUM_SIZE - 1] = ' ';
	tu_buf_str_add(out, tu_str_of(header, sizeof(header)));
	tu_buf_str_add(out, content);
	add_zeros(out, padding_of(content.len));
	return out->failed ? tu_no_memory(err) : TU_OK;
}

void tu_tar_end(struct tu_buf *out)
{
	add_zeros(out, (size_t)2 * TU_TAR_BLOCK);
}

/* ---- reading ---- */

static bool read_octal(const char *field, size_t size, uint64_t *out)
{
	size_t i = 0;
	uint64_t value = 0;

	while (i < size && field[i] == ' ')
		i++;
	for (; i < size && field[i] >= '0' && field[i] <= '7'; i++)
		value = value * 8 + (uint64_t)(field[i] - '0');
	*out = value;
	return i > 0 && (i == size || field[i] == '\0' || field[i] == ' ');
}

static bool is_header(const char *header)
{
	uint64_t sum;

	return memcmp(header + MAGIC, "ustar", 5) == 0 &&
		read_octal(header + CHECKSUM, CHECKSUM_SIZE, &sum) && sum == sum_of(header);
}

bool tu_tar_is(struct tu_str archive)
{
	return archive.len >= TU_TAR_BLOCK && is_header(archive.ptr);
}

static struct tu_str text_of(const char *field, size_t size)
{
	size_t len = 0;

	while (len < size && field[len])
		len++;
	return tu_str_of(field, len);
}

static void take_name(const char *header, struct tu_tar_file *out)
{
	/* GNU tar has times in the place of the prefix */
	bool posix = header[MAGIC + 5] == '\0';
	struct tu_str prefix = posix ? text_of(header + PREFIX, PREFIX_SIZE) : TU_STR("");
	struct tu_str name = text_of(header + NAME, NAME_SIZE);
	int len = snprintf(out->name_room, sizeof(out->name_room), "%.*s%s%.*s", TU_STR_FMT(prefix),
		prefix.len ? "/" : "", TU_STR_FMT(name));

	out->name = tu_str_of(out->name_room, len > 0 ? (size_t)len : 0);
	while (tu_str_skip(&out->name, TU_STR("./")))
		;
}

static bool is_zero(const char *block)
{
	for (size_t i = 0; i < TU_TAR_BLOCK; i++)
		if (block[i])
			return false;
	return true;
}

static enum tu_status wrong(
	const struct tu_tar_place *place, struct tu_error *err, const char *what)
{
	return tu_fail(err, TU_E_SYNTAX, place->at, "byte %zu of the archive: %s", place->at, what);
}

/* One member; `*out_type` is the letter of its header. */
static enum tu_status take_member(
	struct tu_tar_place *place, struct tu_tar_file *out, char *out_type, struct tu_error *err)
{
	const char *header = place->archive.ptr + place->at;
	uint64_t size;

	if (!is_header(header))
		return wrong(place, err, "expected the header of a tar archive (ustar)");
	if (!read_octal(header + SIZE, SIZE_SIZE, &size))
		return wrong(place, err, "the size is no octal number");
	if (size > place->archive.len - place->at - TU_TAR_BLOCK)
		return wrong(place, err, "the file is not there to its end");
	take_name(header, out);
	out->content = tu_str_of(header + TU_TAR_BLOCK, (size_t)size);
	*out_type = header[TYPE];
	place->at += TU_TAR_BLOCK + (size_t)size + padding_of((size_t)size);
	return TU_OK;
}

enum tu_status tu_tar_next(
	struct tu_tar_place *place, struct tu_tar_file *out, bool *out_more, struct tu_error *err)
{
	char type = '5';

	*out_more = false;
	while (type == '5') {
		enum tu_status status;

		if (place->at >= place->archive.len)
			return TU_OK;
		if (place->archive.len - place->at < TU_TAR_BLOCK)
			return wrong(place, err, "half a block");
		if (is_zero(place->archive.ptr + place->at))
			return TU_OK;
		status = take_member(place, out, &type, err);
		if (status != TU_OK)
			return status;
	}
	if (type != '0' && type != '\0')
		return wrong(place, err, "a member that is neither a file nor a folder");
	*out_more = true;
	return TU_OK;
}
