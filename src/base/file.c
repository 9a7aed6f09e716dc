#define _XOPEN_SOURCE 700
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zstd.h>

#include "base/alloc.h"
#include "base/archive.h"
#include "base/crypto.h"
#include "base/file.h"

enum { CHUNK = 256 * 1024, LEVEL = 3, NAME_CEILING = 8192 };

static enum tu_status fail_at(const char *path, const char *doing, struct tu_error *err)
{
	return tu_fail(err, errno == ENOMEM ? TU_E_NOMEM : TU_E_IO, 0, "%s: cannot %s: %s", path,
		doing, strerror(errno));
}

/* A name that cannot be put together: it is shown in part, so that the reason is seen. */
static enum tu_status fail_name(const char *path, size_t refused, struct tu_error *err)
{
	return tu_alloc_settle(refused,
		tu_fail(err, TU_E_IO, 0, "%.80s...: too long a name, expected fewer than %d bytes",
			path, NAME_CEILING),
		err);
}

enum tu_status tu_file_make_folders(const char *path, struct tu_error *err)
{
	size_t refused = tu_alloc_refused();
	struct tu_buf name;
	enum tu_status status = TU_OK;

	tu_buf_init(&name, NAME_CEILING);
	for (size_t i = 0; path[i] && status == TU_OK; i++) {
		if (path[i] == '/' && i > 0) {
			tu_buf_byte(&name, '\0');
			if (name.failed)
				status = fail_name(path, refused, err);
			else if (mkdir(name.ptr, 0700) != 0 && errno != EEXIST)
				status = fail_at(name.ptr, "make the folder", err);
			name.len -= name.len > 0;
		}
		tu_buf_byte(&name, path[i]);
	}
	tu_buf_done(&name);
	return status;
}

static bool write_whole(int fd, const char *bytes, size_t len)
{
	while (len) {
		ssize_t wrote = write(fd, bytes, len);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote <= 0)
			return false;
		bytes += wrote;
		len -= (size_t)wrote;
	}
	return true;
}

/* A new file that replaces `path` when it is finished. */
struct new_file {
	const char *path;
	struct tu_buf temporary;
	int fd;
};

static enum tu_status begin(struct new_file *file, const char *path, struct tu_error *err)
{
	size_t refused = tu_alloc_refused();

	*file = (struct new_file){.path = path, .fd = -1};
	tu_buf_init(&file->temporary, NAME_CEILING);
	tu_buf_printf(&file->temporary, "%s.new", path);
	tu_buf_byte(&file->temporary, '\0');
	if (file->temporary.failed)
		return fail_name(path, refused, err);
	(void)unlink(file->temporary.ptr);
	file->fd = open(file->temporary.ptr, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	return file->fd < 0 ? fail_at(path, "write", err) : TU_OK;
}

/* Put it in place when `status` is fine, else take it away. */
static enum tu_status end(struct new_file *file, enum tu_status status, struct tu_error *err)
{
	if (file->fd >= 0) {
		if (status == TU_OK && fsync(file->fd) != 0)
			status = fail_at(file->path, "write", err);
		if (close(file->fd) != 0 && status == TU_OK)
			status = fail_at(file->path, "write", err);
		if (status == TU_OK && rename(file->temporary.ptr, file->path) != 0)
			status = fail_at(file->path, "put the new file in place", err);
		if (status != TU_OK)
			(void)unlink(file->temporary.ptr);
	}
	tu_buf_done(&file->temporary);
	return status;
}

enum tu_status tu_file_write(const char *path, struct tu_str text, struct tu_error *err)
{
	struct new_file file;
	enum tu_status status = begin(&file, path, err);

	if (status == TU_OK && !write_whole(file.fd, text.ptr, text.len))
		status = fail_at(path, "write", err);
	return end(&file, status, err);
}

enum tu_status tu_file_check_private(const char *path, const char *secret, struct tu_error *err)
{
	struct stat info;

	if (stat(path, &info) != 0 || !S_ISREG(info.st_mode) || (info.st_mode & 077) == 0)
		return TU_OK;
	return tu_fail(err, TU_E_IO, 0,
		"%s: contains %s, and others may read it (mode %04o): chmod 600 it, and replace "
		"what "
		"may have been copied",
		path, secret, (unsigned)(info.st_mode & 07777));
}

/* ---- digests ---- */

enum tu_status tu_file_digest(const char *path, const char *algorithm, uint8_t out_digest[64],
	size_t *out_len, struct tu_error *err)
{
	const struct tu_crypto *crypto = tu_crypto();
	unsigned len = 0;
	ssize_t got = 0;
	const EVP_MD *kind;
	EVP_MD_CTX *hash;
	char *bytes;
	bool ok;
	int fd;

	if (!crypto)
		return tu_crypto_missing(err);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	hash = crypto->EVP_MD_CTX_new();
	kind = crypto->EVP_get_digestbyname(algorithm);
	bytes = tu_alloc(CHUNK, 1);
	ok = fd >= 0 && hash && kind && bytes && crypto->EVP_DigestInit_ex(hash, kind, NULL) == 1;

	while (ok && (got = read(fd, bytes, CHUNK)) > 0)
		ok = crypto->EVP_DigestUpdate(hash, bytes, (size_t)got) == 1;
	ok = ok && got == 0 && crypto->EVP_DigestFinal_ex(hash, out_digest, &len) == 1;
	*out_len = len;
	if (fd >= 0)
		(void)close(fd);
	crypto->EVP_MD_CTX_free(hash);
	tu_free(bytes);
	return ok ? TU_OK : tu_fail(err, TU_E_IO, 0, "%s: cannot be read", path);
}

/* ---- copying ---- */

struct copy {
	int from;
	int to;
	char *in;
	char *out;
	ZSTD_CCtx *zstd;
	struct tu_sha256 hash;
	uint64_t bytes;
};

static bool put(struct copy *c, const char *bytes, size_t len)
{
	c->bytes += len;
	return tu_sha256_add(&c->hash, tu_str_of(bytes, len)) == TU_OK &&
		write_whole(c->to, bytes, len);
}

static bool put_packed(struct copy *c, size_t len, bool last)
{
	ZSTD_inBuffer in = {c->in, len, 0};
	size_t left;

	do {
		ZSTD_outBuffer out = {c->out, CHUNK, 0};

		left = ZSTD_compressStream2(
			c->zstd, &out, &in, last ? ZSTD_e_end : ZSTD_e_continue);
		if (ZSTD_isError(left) || !put(c, c->out, out.pos))
			return false;
	} while (in.pos < in.size || (last && left));
	return true;
}

static bool is_packed(const char *bytes, size_t len)
{
	static const struct tu_str magics[] = {TU_STR_INIT("\x1f\x8b"),
		TU_STR_INIT("\x28\xb5\x2f\xfd"), TU_STR_INIT("PK\x03\x04")};

	for (size_t i = 0; i < TU_COUNT(magics); i++)
		if (len >= magics[i].len && memcmp(bytes, magics[i].ptr, magics[i].len) == 0)
			return true;
	return false;
}

static bool copy_all(struct copy *c)
{
	bool first = true;
	bool packed = false;
	ssize_t got;

	while ((got = read(c->from, c->in, CHUNK)) > 0) {
		packed = first ? is_packed(c->in, (size_t)got) : packed;
		first = false;
		if (!(packed ? put(c, c->in, (size_t)got) : put_packed(c, (size_t)got, false)))
			return false;
	}
	return got == 0 && (packed || put_packed(c, 0, true));
}

static enum tu_status copy_into(
	struct copy *c, const char *from, uint8_t *sha256, struct tu_error *err)
{
	c->from = open(from, O_RDONLY | O_CLOEXEC);
	if (c->from < 0)
		return fail_at(from, "read", err);
	c->in = tu_alloc(CHUNK, 1);
	c->out = tu_alloc(CHUNK, 1);
	c->zstd = ZSTD_createCCtx();
	if (!c->in || !c->out || !c->zstd || tu_sha256_begin(&c->hash) != TU_OK ||
		ZSTD_isError(ZSTD_CCtx_setParameter(c->zstd, ZSTD_c_compressionLevel, LEVEL)) ||
		ZSTD_isError(ZSTD_CCtx_setParameter(c->zstd, ZSTD_c_checksumFlag, 1)))
		return tu_no_memory(err);
	errno = EIO;
	if (!copy_all(c) || tu_sha256_end(&c->hash, sha256) != TU_OK)
		return fail_at(from, "copy", err);
	return TU_OK;
}

enum tu_status tu_file_copy(const char *from, const char *to, uint64_t *out_bytes,
	uint8_t out_sha256[TU_SHA256_BYTES], struct tu_error *err)
{
	struct copy c = {.from = -1};
	struct new_file file;
	enum tu_status status = begin(&file, to, err);

	c.to = file.fd;
	if (status == TU_OK)
		status = copy_into(&c, from, out_sha256, err);
	status = end(&file, status, err);
	*out_bytes = c.bytes;
	if (c.from >= 0)
		(void)close(c.from);
	tu_free(c.in);
	tu_free(c.out);
	ZSTD_freeCCtx(c.zstd);
	return status;
}

/* ---- an archive in an archive ---- */

/* Write the present member to `to`; `*out_packed` is false, and nothing useful is written, when it
 * is no archive. */
static enum tu_status take_member(struct tu_archive *archive, const struct new_file *to,
	uint64_t bytes_max, bool *out_packed, struct tu_error *err)
{
	char *bytes = tu_alloc(CHUNK, 1);
	enum tu_status status = bytes ? TU_OK : tu_no_memory(err);
	uint64_t total = 0;
	size_t got = 0;

	*out_packed = false;
	while (!status) {
		status = tu_archive_read(archive, bytes, CHUNK, &got, err);
		if (status || got == 0)
			break;
		*out_packed = total ? *out_packed : is_packed(bytes, got);
		if (!*out_packed)
			break;
		if (got > bytes_max - total)
			status = tu_fail(err, TU_E_LIMIT, 0, "the inner archive is too large");
		else if (!write_whole(to->fd, bytes, got))
			status = fail_at(to->path, "unpack", err);
		total += got;
	}
	tu_free(bytes);
	return status;
}

/* `*out_only`: the archive has one member, which is an archive and was written to `to`. */
static enum tu_status take_only_member(struct tu_archive *archive, const struct new_file *to,
	uint64_t bytes_max, bool *out_only, struct tu_error *err)
{
	struct tu_archive_member member;
	struct tu_error ignored = {0};
	enum tu_status status;
	bool more;

	*out_only = false;
	/* damaged before its first member: it is left as it is, and its reader reports it */
	if (tu_archive_next(archive, &member, &more, &ignored) || !more || !member.is_file)
		return TU_OK;
	status = take_member(archive, to, bytes_max, out_only, err);
	if (!status && *out_only)
		*out_only = !tu_archive_next(archive, &member, &more, &ignored) && !more;
	return status;
}

enum tu_status tu_file_unwrap(const char *path, uint64_t bytes_max, struct tu_error *err)
{
	struct tu_archive *archive;
	struct new_file file;
	struct tu_error problem = {0};
	bool only = false;
	enum tu_status status = tu_archive_open(path, TU_STR(""), &archive, &problem);

	if (status == TU_E_SYNTAX)
		return TU_OK; /* no archive at all */
	if (status)
		return tu_fail(err, status, 0, "%s: %s", path, problem.message);
	status = begin(&file, path, err);
	if (!status)
		status = take_only_member(archive, &file, bytes_max, &only, err);
	tu_archive_close(archive);
	if (!status && !only) {
		/* not an archive in an archive: as it was */
		(void)end(&file, TU_E_UNSUPPORTED, NULL);
		return TU_OK;
	}
	return end(&file, status, err);
}
