#define _XOPEN_SOURCE 700
#include "app/bundle.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/kb_file.h"
#include "app/kb_put.h"
#include "base/file.h"
#include "base/input.h"
#include "base/sha256.h"
#include "base/time.h"
#include "feed/sidecar.h"
#include "feed/sync.h"
#include "kb/bundle.h"

enum { NAME_LIMIT = 16 * 1024, INSTANT_MAX = 64, DIGEST_TEXT_MAX = 128, SKEW_S = 3600 };

#define BUNDLE_MAX ((size_t)5 << 30)

/* ---- keys ---- */

/* A key is never written over another: what that one signed could no longer be renewed. */
static enum tu_status write_new(
	const char *path, mode_t mode, struct tu_str text, struct tu_error *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	bool ok;

	if (fd < 0)
		return tu_fail(err, TU_E_IO, 0, "%s: cannot be written: %s", path, strerror(errno));
	ok = write(fd, text.ptr, text.len) == (ssize_t)text.len && fsync(fd) == 0;
	ok = close(fd) == 0 && ok;
	if (ok)
		return TU_OK;
	(void)unlink(path);
	return tu_fail(err, TU_E_IO, 0, "%s: cannot be written", path);
}

static enum tu_status write_key(const char *name, const char *ending, mode_t mode,
	const struct tu_buf *text, struct tu_error *err)
{
	struct tu_buf path;
	enum tu_status status;

	tu_buf_init(&path, NAME_LIMIT);
	tu_buf_printf(&path, "%s%s", name, ending);
	tu_buf_byte(&path, '\0');
	status = path.failed || text->failed ? tu_no_memory(err)
					     : write_new(path.ptr, mode, tu_buf_str(text), err);
	tu_buf_done(&path);
	return status;
}

enum tu_status tu_app_keygen(const char *name, struct tu_error *err)
{
	struct tu_signing_key key;
	struct tu_verifying_key half;
	struct tu_buf text;
	enum tu_status status = tu_key_make(&key, err);

	if (status != TU_OK)
		return status;
	memcpy(half.public_key, key.public_key, sizeof(half.public_key));
	tu_buf_init(&text, TU_KEY_TEXT_MAX);
	tu_key_write_signing(&key, &text);
	status = write_key(name, ".key", 0600, &text, err);
	tu_wipe(text.ptr, text.len);
	tu_wipe(&key, sizeof(key));
	tu_buf_clear(&text);
	tu_key_write_verifying(&half, &text);
	if (status == TU_OK)
		status = write_key(name, ".pub", 0644, &text, err);
	tu_buf_done(&text);
	return status;
}

/* The texts of keys are small; `out` is for the caller to wipe. */
static enum tu_status read_key(const char *path, struct tu_buf *out, struct tu_error *err)
{
	tu_buf_init(out, TU_KEY_TEXT_MAX);
	return tu_input_read(path, out, err);
}

/* ---- export ---- */

struct export
{
	const struct tu_export_request *request;
	struct tu_kb_file file;
	struct tu_signing_key key;
	struct tu_buf kb;
	struct tu_buf base;
	struct tu_buf account; /* where the knowledge base has none */
	int64_t built;
};

static enum tu_status read_signing_key(struct export *e, struct tu_error *err)
{
	struct tu_buf text;
	enum tu_status status = read_key(e->request->key, &text, err);

	if (status == TU_OK) {
		status = tu_key_read_signing(tu_buf_str(&text), &e->key, err);
		if (status != TU_OK)
			status = tu_error_in_file(err, "%s", e->request->key);
		else
			status = tu_file_check_private(e->request->key, "a signing key", err);
	}
	tu_wipe(text.ptr, text.len);
	tu_buf_done(&text);
	return status;
}

static enum tu_status read_base(struct export *e, struct tu_error *err)
{
	const char *path = e->request->base;
	enum tu_status status = path ? tu_input_read(path, &e->base, err) : TU_OK;

	if (status == TU_OK && path && !tu_str_starts(tu_buf_str(&e->base), TU_STR("TUTELAKB")))
		status = tu_fail(err, TU_E_UNSUPPORTED, 0, "%s: not a knowledge base", path);
	return status;
}

static enum tu_status read_parts(
	const struct tu_app_context *context, struct export *e, struct tu_error *err)
{
	enum tu_status status =
		tu_kb_file_open(context, e->request->kb, TU_KB_VERIFY_ALWAYS, &e->file, err);

	if (status == TU_OK && e->file.starter)
		return tu_fail(err, TU_E_NOTFOUND, 0,
			"the only knowledge base is the built-in starter, which every copy of the "
			"program has");
	if (status == TU_OK)
		status = tu_input_read(e->file.path.ptr, &e->kb, err);
	return status == TU_OK ? read_base(e, err) : status;
}

/* When the knowledge base was built: by its account or, where it has none, when its file was
 * written. An account of no source then says so to those who import it. */
static enum tu_status find_built(
	const struct tu_app_context *context, struct export *e, struct tu_error *err)
{
	struct tu_sidecar account = {0};
	struct tu_kb_info info;
	struct tu_buf digest;
	struct stat file;

	if (e->file.sidecar && e->file.sidecar->built) {
		e->built = e->file.sidecar->built;
		tu_buf_str_add(&e->account, tu_buf_str(&e->file.sidecar_text));
		return e->account.failed ? tu_no_memory(err) : TU_OK;
	}
	if (stat(e->file.path.ptr, &file) != 0)
		return tu_fail(err, TU_E_IO, 0, "%s: %s", e->file.path.ptr, strerror(errno));
	e->built = file.st_mtime < context->now ? file.st_mtime : context->now;
	if (e->file.sidecar)
		account = *e->file.sidecar;
	account.built = e->built;
	tu_kb_info(e->file.kb, &info);
	tu_buf_init(&digest, DIGEST_TEXT_MAX);
	tu_sha256_write(info.sha256, &digest);
	account.kb_sha256 = tu_buf_str(&digest);
	tu_sidecar_write(&account, &e->account);
	tu_buf_done(&digest);
	return e->account.failed ? tu_no_memory(err) : TU_OK;
}

static enum tu_status write_bundle(
	struct export *e, struct tu_export_answer *answer, struct tu_error *err)
{
	struct tu_kb_info info;
	struct kb_bundle_parts parts = {.kb = tu_buf_str(&e->kb),
		.sidecar = tu_buf_str(&e->account),
		.base = tu_buf_str(&e->base),
		.built = e->built};
	struct tu_output output;
	enum tu_status status = tu_output_replace(&output, e->request->output, err);

	if (status != TU_OK)
		return status;
	tu_kb_info(e->file.kb, &info);
	parts.newest = info.newest;
	tu_buf_done(&output.sink.buf);
	tu_buf_init(&output.sink.buf, BUNDLE_MAX);
	status = tu_kb__bundle_write(&parts, &e->key, &output.sink.buf, err);
	answer->bundle_bytes = output.sink.buf.len;
	answer->kb_bytes = parts.kb.len;
	if (status == TU_OK)
		return tu_output_close(&output, err);
	tu_output_abandon(&output);
	return status;
}

enum tu_status tu_app_export(const struct tu_app_context *context,
	const struct tu_export_request *request, struct tu_export_answer *answer,
	struct tu_error *err)
{
	struct export e = {.request = request};
	enum tu_status status;

	*answer = (struct tu_export_answer){0};
	tu_buf_init(&e.kb, BUNDLE_MAX);
	tu_buf_init(&e.base, BUNDLE_MAX);
	tu_buf_init(&e.account, TU_SIDECAR_BYTES_MAX);
	status = read_signing_key(&e, err);
	if (status == TU_OK)
		status = read_parts(context, &e, err);
	if (status == TU_OK)
		status = find_built(context, &e, err);
	if (status == TU_OK)
		status = write_bundle(&e, answer, err);
	tu_wipe(&e.key, sizeof(e.key));
	tu_buf_done(&e.kb);
	tu_buf_done(&e.base);
	tu_buf_done(&e.account);
	if (e.file.kb)
		tu_kb_file_close(&e.file);
	return status;
}

/* ---- import ---- */

struct import {
	const struct tu_app_context *context;
	const struct tu_import_request *request;
	struct tu_verifying_key key;
	struct kb_bundle bundle;
	struct tu_buf text; /* the bundle's file */
	struct tu_buf base;
	struct tu_buf kb;
	int lock;
};

static enum tu_status read_verifying_key(struct import *i, struct tu_error *err)
{
	struct tu_buf text;
	enum tu_status status = read_key(i->request->key, &text, err);

	if (status == TU_OK) {
		status = tu_key_read_verifying(tu_buf_str(&text), &i->key, err);
		if (status != TU_OK)
			status = tu_error_in_file(err, "%s", i->request->key);
	}
	tu_buf_done(&text);
	return status;
}

static enum tu_status read_bundle(struct import *i, struct tu_error *err)
{
	enum tu_status status = tu_input_read(i->request->bundle, &i->text, err);

	if (status != TU_OK)
		return status;
	status = tu_kb__bundle_open(tu_buf_str(&i->text), &i->key, &i->bundle, err);
	return status ? tu_error_in_file(err, "%s", i->request->bundle) : TU_OK;
}

static void write_instant(int64_t seconds, struct tu_buf *out)
{
	tu_buf_init(out, INSTANT_MAX);
	if (seconds > 0 && seconds <= TU_TIME_MAX)
		tu_time_write(seconds, out);
	else
		tu_buf_c(out, "no date");
	tu_buf_byte(out, '\0');
}

static enum tu_status refuse(
	const char *why, int64_t bundle, int64_t present, const char *here, struct tu_error *err)
{
	struct tu_buf a, b;
	enum tu_status status;

	write_instant(bundle, &a);
	write_instant(present, &b);
	status = tu_fail(err, TU_E_UNSUPPORTED, 0,
		"the bundle %s: %s, %s %s (--allow-older takes it all the same)", why,
		a.ptr ? a.ptr : "", here, b.ptr ? b.ptr : "");
	tu_buf_done(&a);
	tu_buf_done(&b);
	return status;
}

/* A build time ahead of the clock would make every later bundle look older. */
static enum tu_status check_clock(const struct import *i, struct tu_error *err)
{
	int64_t now = i->context->now;

	if (i->bundle.built <= now + SKEW_S)
		return TU_OK;
	return refuse("was built in the future, or the clock of this machine is wrong",
		i->bundle.built, now, "the clock says", err);
}

/* Of two with the same newest record the later one counts; one without a date may be either. */
static enum tu_status check_built(const struct import *i, int64_t built, struct tu_error *err)
{
	uint8_t digest[TU_FILE_DIGEST_MAX];
	size_t len = 0;
	enum tu_status status = tu_file_digest(i->request->output, "SHA256", digest, &len, err);

	if (status != TU_OK)
		return status;
	if (memcmp(digest, i->bundle.kb_sha256, TU_SHA256_BYTES) == 0 ||
		(built && i->bundle.built > built))
		return TU_OK;
	return refuse("has other content than what is here, is of the same newest record, and "
		      "nothing says that it is newer: built",
		i->bundle.built, built, "here", err);
}

/* An older bundle is how somebody would hide what has become known since. */
static enum tu_status check_age(const struct import *i, struct tu_error *err)
{
	const char *path = i->request->output;
	struct tu_kb_file present;
	struct tu_kb_info info;
	int64_t built;

	if (i->request->allow_older)
		return TU_OK;
	if (check_clock(i, err) != TU_OK)
		return err->status;
	/* what is damaged is no reason to refuse */
	if (access(path, F_OK) != 0 ||
		tu_kb_file_open(i->context, path, TU_KB_VERIFY_ONCE, &present, NULL) != TU_OK)
		return TU_OK;
	tu_kb_info(present.kb, &info);
	built = present.sidecar ? present.sidecar->built : 0;
	tu_kb_file_close(&present);
	if (i->bundle.newest < info.newest)
		return refuse("is older than what is here: newest record", i->bundle.newest,
			info.newest, "here", err);
	if (i->bundle.built && i->bundle.built < built)
		return refuse(
			"is older than what is here: built", i->bundle.built, built, "here", err);
	return i->bundle.newest > info.newest ? TU_OK : check_built(i, built, err);
}

static enum tu_status unpack(struct import *i, struct tu_error *err)
{
	const char *path = i->request->output;
	struct tu_kb *kb = NULL;
	enum tu_status status = TU_OK;

	if (i->bundle.is_delta && access(path, F_OK) == 0)
		status = tu_input_read(path, &i->base, err);
	if (status == TU_OK)
		status = tu_kb__bundle_unpack(&i->bundle, tu_buf_str(&i->base), &i->kb, err);
	if (status == TU_OK)
		status = tu_kb_open_memory(i->kb.ptr, i->kb.len, &kb, err);
	if (status == TU_OK)
		status = tu_kb_verify(kb, err);
	tu_kb_close(kb);
	return status ? tu_error_in_file(err, "%s", i->request->bundle) : TU_OK;
}

static enum tu_status put_in_place(struct import *i, struct tu_error *err)
{
	const char *path = i->request->output;
	struct tu_output output;
	enum tu_status status;

	tu_kb_file_make_folders(path);
	status = tu_output_replace(&output, path, err);
	if (status != TU_OK)
		return status;
	/* the output takes the bytes over */
	tu_buf_done(&output.sink.buf);
	output.sink.buf = i->kb;
	tu_buf_init(&i->kb, BUNDLE_MAX);
	return tu_kb_put(path, &output, i->bundle.sidecar, err);
}

static enum tu_status import(
	struct import *i, struct tu_import_answer *answer, struct tu_error *err)
{
	enum tu_status status = read_verifying_key(i, err);

	if (status == TU_OK)
		status = read_bundle(i, err);
	if (status == TU_OK && i->context->feeds)
		status = tu_sync_lock(i->context->feeds, &i->lock, err);
	if (status == TU_OK)
		status = check_age(i, err);
	if (status == TU_OK)
		status = unpack(i, err);
	answer->kb_bytes = i->kb.len;
	return status == TU_OK ? put_in_place(i, err) : status;
}

enum tu_status tu_app_import(const struct tu_app_context *context,
	const struct tu_import_request *request, struct tu_import_answer *answer,
	struct tu_error *err)
{
	struct import i = {.context = context, .request = request, .lock = -1};
	enum tu_status status;

	tu_buf_init(&i.text, BUNDLE_MAX);
	tu_buf_init(&i.base, BUNDLE_MAX);
	tu_buf_init(&i.kb, BUNDLE_MAX);
	status = import(&i, answer, err);
	tu_sync_unlock(i.lock);
	tu_buf_done(&i.text);
	tu_buf_done(&i.base);
	tu_buf_done(&i.kb);
	return status;
}
