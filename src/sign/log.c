#define _GNU_SOURCE /* for O_CLOEXEC and flock() */
#include "sign/log.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/json_writer.h"
#include "ledger/export.h"

enum { CHUNK = 64 * 1024, LINE_MAX_BYTES = 16 * 1024 };

static enum tu_status failed(const char *doing, struct tu_error *err)
{
	return tu_fail(err, TU_E_IO, 0, "the log of the signing process: cannot %s: %s", doing,
		strerror(errno));
}

/* ---- reading what is there ---- */

enum tu_status tu_sign_log_verify(
	struct tu_str text, struct tu_ledger_verdict *out_verdict, struct tu_error *err)
{
	static const struct tu_ledger_trust nobody;
	struct tu_ledger_reader *reader = tu_ledger_reader_new(&nobody);
	enum tu_status status = reader ? TU_OK : tu_no_memory(err);

	if (!status) {
		tu_ledger_reader_headless(reader);
		status = tu_ledger_reader_add(reader, text, err);
	}
	if (!status)
		status = tu_ledger_reader_end(reader, err);
	if (!status)
		*out_verdict = *tu_ledger_reader_verdict(reader);
	tu_ledger_reader_free(reader);
	return status;
}

/* Where the last whole line ends. */
static enum tu_status find_end(int fd, off_t *out_end, struct tu_error *err)
{
	char bytes[CHUNK];
	off_t size = lseek(fd, 0, SEEK_END);

	for (off_t at = size; at > 0;) {
		off_t from = at > CHUNK ? at - CHUNK : 0;
		ssize_t got = pread(fd, bytes, (size_t)(at - from), from);

		if (got != at - from)
			return failed("read", err);
		while (at > from) {
			if (bytes[at - from - 1] == '\n') {
				*out_end = at;
				return TU_OK;
			}
			at--;
		}
	}
	*out_end = 0;
	return size < 0 ? failed("read", err) : TU_OK;
}

/* Give the reader whole lines, however long they are. */
static enum tu_status feed(int fd, off_t end, struct tu_ledger_reader *reader, struct tu_error *err)
{
	char bytes[CHUNK];
	enum tu_status status = TU_OK;
	off_t at = 0;

	while (!status && at < end) {
		size_t want = end - at < CHUNK ? (size_t)(end - at) : CHUNK;
		ssize_t got = pread(fd, bytes, want, at);
		size_t whole;

		if (got <= 0)
			return failed("read", err);
		whole = tu_str_rfind(tu_str_of(bytes, (size_t)got), '\n') + 1;
		if (whole > (size_t)got)
			return tu_fail(err, TU_E_CORRUPT, 0,
				"the log of the signing process has a line of more than %d bytes",
				CHUNK);
		status = tu_ledger_reader_add(reader, tu_str_of(bytes, whole), err);
		at += (off_t)whole;
	}
	return status;
}

static enum tu_status follow(struct tu_sign_log *log, off_t end, struct tu_error *err)
{
	static const struct tu_ledger_trust nobody;
	struct tu_ledger_reader *reader = tu_ledger_reader_new(&nobody);
	const struct tu_ledger_verdict *verdict;
	enum tu_status status = reader ? TU_OK : tu_no_memory(err);
	struct tu_buf why;

	if (status)
		return status;
	tu_ledger_reader_headless(reader);
	status = feed(log->fd, end, reader, err);
	if (!status)
		status = tu_ledger_reader_end(reader, err);
	verdict = tu_ledger_reader_verdict(reader);
	if (!status && verdict->fault) {
		tu_buf_init(&why, TU_ERROR_MESSAGE_MAX);
		tu_ledger_verdict_write(verdict, &why);
		status = tu_fail(err, TU_E_CORRUPT, 0,
			"the log of the signing process was changed: %.*s; keep it as evidence "
			"under another name",
			TU_STR_FMT(tu_buf_str(&why)));
		tu_buf_done(&why);
	}
	if (!status)
		log->head = tu_ledger_reader_head(reader);
	tu_ledger_reader_free(reader);
	return status;
}

enum tu_status tu_sign__log_open(
	const char *folder, struct tu_sign_log *out_log, struct tu_error *err)
{
	char path[PATH_MAX];
	off_t end = 0;
	enum tu_status status;

	*out_log = (struct tu_sign_log){.fd = -1};
	if (snprintf(path, sizeof(path), "%s/sign.log", folder) >= (int)sizeof(path))
		return tu_fail(err, TU_E_IO, 0, "%.80s...: too long a name", folder);
	out_log->fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (out_log->fd < 0)
		return failed("open", err), tu_error_in_file(err, "%s", path);
	if (flock(out_log->fd, LOCK_EX | LOCK_NB) != 0)
		status = tu_fail(err, TU_E_BUSY, 0, "another signing process uses the keys");
	else
		status = find_end(out_log->fd, &end, err);
	if (!status && ftruncate(out_log->fd, end) != 0)
		status = failed("take away a cut line", err);
	if (!status)
		status = follow(out_log, end, err);
	if (status) {
		tu_sign__log_close(out_log);
		(void)tu_error_in_file(err, "%s", path);
	}
	return status;
}

void tu_sign__log_close(struct tu_sign_log *log)
{
	if (log->fd >= 0)
		(void)close(log->fd);
	log->fd = -1;
}

/* ---- writing ---- */

static enum tu_status write_body(const struct tu_sign_entry *entry, struct tu_buf *out)
{
	struct tu_json_writer json = tu_json_writer(out, false);
	uint8_t digest[TU_SHA256_BYTES];
	size_t start;

	if (tu_sha256(entry->payload, digest))
		return TU_E_NOMEM;
	tu_json_open_object(&json);
	tu_json_key(&json, "sha256");
	start = tu_json_open_text(&json);
	tu_sha256_write(digest, out);
	tu_json_close_text(&json, start);
	tu_json_member_str(&json, "key", entry->key_id);
	tu_json_close_object(&json);
	return out->failed ? TU_E_NOMEM : TU_OK;
}

static enum tu_status make_record(struct tu_sign_log *log, const struct tu_sign_entry *entry,
	struct tu_buf *body, struct tu_ledger_record *out)
{
	uint8_t content[TU_SHA256_BYTES];

	if (write_body(entry, body))
		return TU_E_NOMEM;
	*out = (struct tu_ledger_record){.n = log->head.n + 1,
		.at = entry->at,
		.texts = {entry->who, TU_STR("sign"),
			tu_str_c(tu_sign_purpose_name(entry->purpose)), tu_buf_str(body)}};
	return tu_ledger_content(&out->texts, content, NULL) ||
			tu_ledger_hash(log->head.hash, out->n, out->at, content, out->hash)
		? TU_E_NOMEM
		: TU_OK;
}

/* As a whole or not at all: what a failed write left is taken away again. */
static enum tu_status append(int fd, struct tu_str line, struct tu_error *err)
{
	off_t before = lseek(fd, 0, SEEK_END);
	ssize_t wrote = before < 0 ? -1 : write(fd, line.ptr, line.len);

	if (wrote == (ssize_t)line.len && fdatasync(fd) == 0)
		return TU_OK;
	if (wrote >= 0 && wrote < (ssize_t)line.len)
		errno = ENOSPC;
	(void)failed("write", err);
	if (before >= 0 && ftruncate(fd, before) != 0)
		return failed("take away a cut line", err);
	return TU_E_IO;
}

enum tu_status tu_sign__log_add(
	struct tu_sign_log *log, const struct tu_sign_entry *entry, struct tu_error *err)
{
	struct tu_ledger_record record;
	struct tu_buf body, line;
	enum tu_status status;

	tu_buf_init(&body, LINE_MAX_BYTES);
	tu_buf_init(&line, LINE_MAX_BYTES);
	status = make_record(log, entry, &body, &record);
	if (!status)
		tu_ledger_write_record(&record, &line);
	if (status || line.failed)
		status = tu_no_memory(err);
	else
		status = append(log->fd, tu_buf_str(&line), err);
	if (!status) {
		log->head.n = record.n;
		memcpy(log->head.hash, record.hash, sizeof(record.hash));
	}
	tu_buf_done(&body);
	tu_buf_done(&line);
	return status;
}
