#define _XOPEN_SOURCE 700
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/big_endian.h"
#include "base/pack.h"
#include "datadir/blocks.h"

enum { HEAD = 9, BLOCK_HEAD = HEAD + TU_SHA256_BYTES };
static const char magic[] = "tutela backup 1\n";
#define MAGIC (sizeof(magic) - 1)
#define PACKED_MAX (TU_BLOCK_MAX + TU_BLOCK_MAX / 128 + 65536)

static enum tu_status write_all(int fd, struct tu_str bytes, struct tu_error *err)
{
	while (bytes.len) {
		ssize_t wrote = write(fd, bytes.ptr, bytes.len);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote <= 0)
			return tu_fail(err, TU_E_IO, 0, "cannot write the backup: %s",
				strerror(wrote ? errno : ENOSPC));
		bytes = tu_str_from(bytes, (size_t)wrote);
	}
	return TU_OK;
}

static enum tu_status link_of(const uint8_t before[TU_SHA256_BYTES], const uint8_t head[HEAD],
	struct tu_str packed, uint8_t out[TU_SHA256_BYTES], struct tu_error *err)
{
	struct tu_sha256 hash;

	if (tu_sha256_begin(&hash) ||
		tu_sha256_add(&hash, tu_str_of((const char *)before, TU_SHA256_BYTES)) ||
		tu_sha256_add(&hash, tu_str_of((const char *)head, HEAD)) ||
		tu_sha256_add(&hash, packed) || tu_sha256_end(&hash, out))
		return tu_no_memory(err);
	return TU_OK;
}

enum tu_status tu_blocks_begin(struct tu_blocks_writer *writer, int fd, struct tu_error *err)
{
	*writer = (struct tu_blocks_writer){.fd = fd, .bytes = MAGIC};
	tu_buf_init(&writer->packed, PACKED_MAX);
	return write_all(fd, tu_str_of(magic, MAGIC), err);
}

enum tu_status tu_blocks_add(struct tu_blocks_writer *writer, enum tu_block_kind kind,
	struct tu_str content, struct tu_error *err)
{
	uint8_t head[BLOCK_HEAD] = {(uint8_t)kind};
	enum tu_status status;

	if (content.len > TU_BLOCK_MAX)
		return tu_fail(err, TU_E_LIMIT, 0, "a row is too large for a backup");
	tu_buf_clear(&writer->packed);
	status = tu_pack(content, TU_STR(""), &writer->packed, err);
	if (status)
		return status;
	tu_big_endian_put(head + 1, writer->packed.len, 4);
	tu_big_endian_put(head + 5, content.len, 4);
	status = link_of(writer->hash, head, tu_buf_str(&writer->packed), head + HEAD, err);
	if (!status)
		status = write_all(writer->fd, tu_str_of((const char *)head, sizeof(head)), err);
	if (!status)
		status = write_all(writer->fd, tu_buf_str(&writer->packed), err);
	memcpy(writer->hash, head + HEAD, TU_SHA256_BYTES);
	writer->bytes += sizeof(head) + writer->packed.len;
	return status;
}

void tu_blocks_writer_done(struct tu_blocks_writer *writer)
{
	tu_buf_done(&writer->packed);
}

/* ---- reading ---- */

enum tu_status tu_blocks_refuse(const struct tu_blocks_reader *reader, struct tu_error *err)
{
	char why[TU_ERROR_MESSAGE_MAX];

	if (err && err->status == TU_E_NOMEM)
		return TU_E_NOMEM;
	memcpy(why, err ? err->message : "", err ? sizeof(why) : 1);
	return tu_fail(err, TU_E_CORRUPT, (size_t)reader->block_at,
		"the backup is damaged in block %llu, at byte %llu: %s",
		(unsigned long long)reader->block, (unsigned long long)reader->block_at, why);
}

static enum tu_status damaged(
	const struct tu_blocks_reader *reader, const char *why, struct tu_error *err)
{
	struct tu_error own;

	(void)tu_fail(&own, TU_E_CORRUPT, 0, "%s", why);
	(void)tu_blocks_refuse(reader, &own);
	if (err)
		*err = own;
	return TU_E_CORRUPT;
}

/* Read up to `len` bytes; fewer at the end of the file. */
static enum tu_status read_some(struct tu_blocks_reader *reader, void *out, size_t len,
	size_t *out_len, struct tu_error *err)
{
	*out_len = 0;
	while (*out_len < len) {
		ssize_t got = pread(reader->fd, (char *)out + *out_len, len - *out_len,
			(off_t)(reader->at + *out_len));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return tu_fail(
				err, TU_E_IO, 0, "cannot read the backup: %s", strerror(errno));
		if (got == 0)
			break;
		*out_len += (size_t)got;
	}
	reader->at += *out_len;
	return TU_OK;
}

enum tu_status tu_blocks_open(struct tu_blocks_reader *reader, int fd, struct tu_error *err)
{
	char found[MAGIC];
	size_t len;
	enum tu_status status;

	*reader = (struct tu_blocks_reader){.fd = fd};
	tu_buf_init(&reader->packed, PACKED_MAX);
	tu_buf_init(&reader->content, TU_BLOCK_MAX + 64);
	status = read_some(reader, found, MAGIC, &len, err);
	if (status || tu_str_eq(tu_str_of(found, len), tu_str_of(magic, MAGIC)))
		return status;
	if (len == MAGIC && memcmp(found, magic, MAGIC - 2) == 0)
		return tu_fail(err, TU_E_UNSUPPORTED, 0,
			"the backup has a form that this program does not know");
	return tu_fail(
		err, TU_E_SYNTAX, 0, "not a backup: it does not begin with \"tutela backup 1\"");
}

static enum tu_status read_packed(
	struct tu_blocks_reader *reader, const uint8_t head[BLOCK_HEAD], struct tu_error *err)
{
	size_t packed = (size_t)tu_big_endian_get(head + 1, 4),
	       unpacked = (size_t)tu_big_endian_get(head + 5, 4), len;
	uint8_t hash[TU_SHA256_BYTES];
	enum tu_status status;

	if (packed > PACKED_MAX || unpacked > TU_BLOCK_MAX)
		return damaged(reader, "its size is none that a block has", err);
	tu_buf_clear(&reader->packed);
	if (!tu_buf_reserve(&reader->packed, packed))
		return tu_no_memory(err);
	status = read_some(reader, reader->packed.ptr, packed, &len, err);
	if (status)
		return status;
	if (len < packed)
		return damaged(reader, "the file ends in it", err);
	reader->packed.len = len;
	status = link_of(reader->hash, head, tu_buf_str(&reader->packed), hash, err);
	if (status)
		return status;
	if (memcmp(hash, head + HEAD, sizeof(hash)) != 0)
		return damaged(reader, "its hash is another one", err);
	memcpy(reader->hash, hash, sizeof(hash));
	status = tu_unpack(
		tu_buf_str(&reader->packed), TU_STR(""), unpacked, 64, &reader->content, err);
	return status == TU_E_CORRUPT ? tu_blocks_refuse(reader, err) : status;
}

enum tu_status tu_blocks_next(struct tu_blocks_reader *reader, enum tu_block_kind *out_kind,
	struct tu_str *out_content, struct tu_error *err)
{
	uint8_t head[BLOCK_HEAD], beyond;
	size_t len;
	enum tu_status status;

	reader->block_at = reader->at;
	reader->block++;
	status = read_some(reader, head, sizeof(head), &len, err);
	if (status)
		return status;
	if (len < sizeof(head))
		return damaged(reader,
			len ? "the file ends in it" : "the file ends where it should begin", err);
	status = read_packed(reader, head, err);
	if (status)
		return status;
	*out_kind = (enum tu_block_kind)head[0];
	*out_content = tu_buf_str(&reader->content);
	if (*out_kind != TU_BLOCK_END)
		return TU_OK;
	reader->ended = true;
	status = read_some(reader, &beyond, 1, &len, err);
	return status || !len ? status : damaged(reader, "more follows the last block", err);
}

void tu_blocks_reader_done(struct tu_blocks_reader *reader)
{
	tu_buf_done(&reader->packed);
	tu_buf_done(&reader->content);
}
