/* tutela kb keygen, export, import: knowledge carried across an air gap. */
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/input.h"
#include "base/time.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "app/kb_file.h"
#include "cli/options.h"
#include "app/output.h"
#include "cli/environment.h"
#include "feed/sync.h"
#include "kb/bundle.h"

static const char name[] = "kb";

enum { NAME_CEILING = 16 * 1024 };

#define BUNDLE_MAX ((size_t)5 << 30)

static bool compose(struct tu_buf *out, const char *path, const char *ending)
{
	tu_buf_init(out, NAME_CEILING);
	tu_buf_printf(out, "%s%s", path, ending);
	tu_buf_byte(out, '\0');
	return !out->failed;
}

static enum tu_status no_memory(struct tu_error *err)
{
	return tu_no_memory(err);
}

static enum tu_status read_small(
	const char *path, size_t max, struct tu_buf *out, struct tu_error *err)
{
	tu_buf_init(out, max);
	return tu_input_read(path, out, err);
}

/* ---- keygen ---- */

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

static enum tu_status make_keys(const char *base, struct tu_error *err)
{
	struct kb_signing_key key;
	struct kb_verifying_key half;
	struct tu_buf path, text;
	enum tu_status status = tu_kb__key_make(&key, err);

	if (status != TU_OK)
		return status;
	memcpy(half.public_key, key.public_key, sizeof(half.public_key));
	tu_buf_init(&text, KB_KEY_TEXT_MAX);
	tu_kb__key_write_signing(&key, &text);
	status = compose(&path, base, ".key") && !text.failed
		? write_new(path.ptr, 0600, tu_buf_str(&text), err)
		: no_memory(err);
	tu_wipe(text.ptr, text.len);
	tu_wipe(&key, sizeof(key));
	tu_buf_done(&path);
	tu_buf_clear(&text);
	tu_kb__key_write_verifying(&half, &text);
	if (status == TU_OK)
		status = compose(&path, base, ".pub") && !text.failed
			? write_new(path.ptr, 0644, tu_buf_str(&text), err)
			: no_memory(err);
	tu_buf_done(&path);
	tu_buf_done(&text);
	return status;
}

struct keygen {
	const char *output;
};

static int run_keygen(int argc, char **argv)
{
	struct keygen request = {0};
	struct tu_error err = {0};

	if (!tu_options_take(&tu_cmd_kb_keygen, &argc, argv, &request))
		return TU_EXIT_USAGE;
	if (argc > 1)
		return tu_command_misused(argv[0], "expected no operand");
	if (make_keys(request.output, &err) != TU_OK)
		return tu_command_failed(name, &err);
	printf("%s.key signs: keep it secret\n%s.pub verifies: give it to those who import\n",
		request.output, request.output);
	return TU_EXIT_OK;
}

/* ---- export ---- */

struct export
{
	const char *kb;
	const char *key_path;
	const char *base_path;
	const char *output;
	struct tu_kb_file file;
	struct kb_signing_key key;
	struct tu_buf kb_bytes;
	struct tu_buf base_bytes;
	struct tu_buf sidecar_bytes;
};

static enum tu_status read_signing_key(struct export *e, struct tu_error *err)
{
	struct tu_buf text;
	enum tu_status status = read_small(e->key_path, KB_KEY_TEXT_MAX, &text, err);

	if (status == TU_OK) {
		status = tu_kb__key_read_signing(tu_buf_str(&text), &e->key, err);
		if (status != TU_OK)
			status = tu_error_in_file(err, "%s", e->key_path);
	}
	tu_wipe(text.ptr, text.len);
	tu_buf_done(&text);
	return status;
}

static enum tu_status read_sidecar(struct export *e, struct tu_error *err)
{
	struct tu_buf path;
	enum tu_status status;

	if (!e->file.sidecar)
		return TU_OK;
	status = compose(&path, e->file.path.ptr, TU_KB_SIDECAR)
		? tu_input_read(path.ptr, &e->sidecar_bytes, err)
		: no_memory(err);
	tu_buf_done(&path);
	return status;
}

static enum tu_status read_parts(struct export *e, struct tu_error *err)
{
	enum tu_status status =
		tu_kb_file_open(tu_context(), e->kb, TU_KB_VERIFY_ALWAYS, &e->file, err);

	if (status == TU_OK && e->file.starter)
		return tu_fail(err, TU_E_NOTFOUND, 0,
			"there is no knowledge base but the built-in starter, which everybody has");
	if (status == TU_OK)
		status = tu_input_read(e->file.path.ptr, &e->kb_bytes, err);
	if (status == TU_OK)
		status = read_sidecar(e, err);
	if (status == TU_OK && e->base_path)
		status = tu_input_read(e->base_path, &e->base_bytes, err);
	if (status == TU_OK && e->base_path &&
		!tu_str_starts(tu_buf_str(&e->base_bytes), TU_STR("TUTELAKB")))
		status =
			tu_fail(err, TU_E_UNSUPPORTED, 0, "%s: not a knowledge base", e->base_path);
	return status;
}

static enum tu_status write_bundle(struct export *e, struct tu_error *err)
{
	struct tu_kb_info info;
	struct kb_bundle_parts parts = {.kb = tu_buf_str(&e->kb_bytes),
		.sidecar = tu_buf_str(&e->sidecar_bytes),
		.base = tu_buf_str(&e->base_bytes),
		.built = e->file.sidecar ? e->file.sidecar->built : 0};
	struct tu_output output;
	enum tu_status status = tu_output_open(&output, e->output, err);

	if (status != TU_OK)
		return status;
	tu_kb_info(e->file.kb, &info);
	parts.newest = info.newest;
	tu_buf_done(&output.sink.buf);
	tu_buf_init(&output.sink.buf, BUNDLE_MAX);
	status = tu_kb__bundle_write(&parts, &e->key, &output.sink.buf, err);
	if (status != TU_OK) {
		tu_output_abandon(&output);
		return status;
	}
	printf("%s: %.1f MB, %s of %.1f MB\n", e->output, (double)output.sink.buf.len / 1e6,
		parts.base.len ? "a difference that makes a knowledge base" : "a knowledge base",
		(double)parts.kb.len / 1e6);
	return tu_output_close(&output, err);
}

static int run_export(struct export *e)
{
	struct tu_error err = {0};
	enum tu_status status = read_signing_key(e, &err);

	if (status == TU_OK)
		status = read_parts(e, &err);
	if (status == TU_OK)
		status = write_bundle(e, &err);
	return status ? tu_command_failed(name, &err) : TU_EXIT_OK;
}

static int run_export_command(int argc, char **argv)
{
	struct export e = {0};
	int code;

	if (!tu_options_take(&tu_cmd_kb_export, &argc, argv, &e))
		return TU_EXIT_USAGE;
	if (argc > 1 || strcmp(e.output, "-") == 0)
		return tu_command_misused(argv[0], "expected no operand, and a file for --output");
	tu_buf_init(&e.kb_bytes, BUNDLE_MAX);
	tu_buf_init(&e.base_bytes, BUNDLE_MAX);
	tu_buf_init(&e.sidecar_bytes, TU_SIDECAR_BYTES_MAX);
	code = run_export(&e);
	tu_wipe(&e.key, sizeof(e.key));
	tu_buf_done(&e.kb_bytes);
	tu_buf_done(&e.base_bytes);
	tu_buf_done(&e.sidecar_bytes);
	if (e.file.kb)
		tu_kb_file_close(&e.file);
	return code;
}

/* ---- import ---- */

struct import {
	const char *bundle_path;
	const char *key_path;
	const char *output;
	bool allow_older;
	struct kb_verifying_key key;
	struct kb_bundle bundle;
	struct tu_buf text; /* the bundle's file */
	struct tu_buf kb; /* path, NUL-terminated */
	struct tu_buf base_bytes;
	struct tu_buf kb_bytes;
	int lock;
};

static enum tu_status read_verifying_key(struct import *i, struct tu_error *err)
{
	struct tu_buf text;
	enum tu_status status = read_small(i->key_path, KB_KEY_TEXT_MAX, &text, err);

	if (status == TU_OK) {
		status = tu_kb__key_read_verifying(tu_buf_str(&text), &i->key, err);
		if (status != TU_OK)
			status = tu_error_in_file(err, "%s", i->key_path);
	}
	tu_buf_done(&text);
	return status;
}

static enum tu_status find_places(struct import *i, struct tu_error *err)
{
	struct tu_buf cache;
	bool ok = true;
	enum tu_status status;

	if (i->output) {
		tu_buf_c(&i->kb, i->output);
		tu_buf_byte(&i->kb, '\0');
	} else {
		ok = tu_user_path("XDG_DATA_HOME", ".local/share", "tutela/tutela.kb", &i->kb);
	}
	if (!ok || i->kb.failed)
		return tu_fail(
			err, TU_E_IO, 0, "no place to write to: neither HOME nor XDG_DATA_HOME");
	tu_buf_init(&cache, NAME_CEILING);
	status = tu_user_path("XDG_CACHE_HOME", ".cache", "tutela/feeds", &cache)
		? tu_sync_lock(cache.ptr, &i->lock, err)
		: TU_OK;
	tu_buf_done(&cache);
	return status;
}

static void add_instant(struct tu_buf *out, int64_t seconds)
{
	if (seconds > 0 && seconds <= TU_TIME_MAX)
		tu_time_write(seconds, out);
	else
		tu_buf_c(out, "no date");
	tu_buf_byte(out, '\0');
}

static enum tu_status refuse_older(
	int64_t bundle, int64_t present, const char *what, struct tu_error *err)
{
	struct tu_buf a, b;
	enum tu_status status;

	tu_buf_init(&a, 64);
	tu_buf_init(&b, 64);
	add_instant(&a, bundle);
	add_instant(&b, present);
	status = tu_fail(err, TU_E_UNSUPPORTED, 0,
		"the bundle is older than what is here: %s %s, here %s (--allow-older takes it all "
		"the same)",
		what, a.ptr ? a.ptr : "", b.ptr ? b.ptr : "");
	tu_buf_done(&a);
	tu_buf_done(&b);
	return status;
}

/* An older bundle is how somebody would hide what is known since. */
static enum tu_status check_age(const struct import *i, struct tu_error *err)
{
	struct tu_kb_file present;
	struct tu_kb_info info;
	int64_t built;

	if (i->allow_older || access(i->kb.ptr, F_OK) != 0)
		return TU_OK;
	/* what is damaged is no reason to refuse */
	if (tu_kb_file_open(tu_context(), i->kb.ptr, TU_KB_VERIFY_ONCE, &present, NULL) != TU_OK)
		return TU_OK;
	tu_kb_info(present.kb, &info);
	built = present.sidecar ? present.sidecar->built : 0;
	tu_kb_file_close(&present);
	if (i->bundle.newest < info.newest)
		return refuse_older(i->bundle.newest, info.newest, "newest record", err);
	if (i->bundle.built && i->bundle.built < built)
		return refuse_older(i->bundle.built, built, "built", err);
	return TU_OK;
}

static enum tu_status read_bundle(struct import *i, struct tu_error *err)
{
	enum tu_status status = tu_input_read(i->bundle_path, &i->text, err);

	if (status != TU_OK)
		return status;
	status = tu_kb__bundle_open(tu_buf_str(&i->text), &i->key, &i->bundle, err);
	return status ? tu_error_in_file(err, "%s", i->bundle_path) : TU_OK;
}

static enum tu_status unpack(struct import *i, struct tu_error *err)
{
	struct tu_kb *kb = NULL;
	enum tu_status status = TU_OK;

	if (i->bundle.is_delta && access(i->kb.ptr, F_OK) == 0)
		status = tu_input_read(i->kb.ptr, &i->base_bytes, err);
	if (status == TU_OK)
		status = tu_kb__bundle_unpack(
			&i->bundle, tu_buf_str(&i->base_bytes), &i->kb_bytes, err);
	if (status == TU_OK)
		status = tu_kb_open_memory(i->kb_bytes.ptr, i->kb_bytes.len, &kb, err);
	if (status == TU_OK)
		status = tu_kb_verify(kb, err);
	tu_kb_close(kb);
	return status ? tu_error_in_file(err, "%s", i->bundle_path) : TU_OK;
}

static enum tu_status put(const char *path, struct tu_str text, struct tu_error *err)
{
	struct tu_output output;
	enum tu_status status = tu_output_open(&output, path, err);

	if (status != TU_OK)
		return status;
	tu_buf_done(&output.sink.buf);
	tu_buf_init(&output.sink.buf, BUNDLE_MAX);
	tu_buf_str_add(&output.sink.buf, text);
	return tu_output_close(&output, err);
}

static enum tu_status put_in_place(struct import *i, struct tu_error *err)
{
	struct tu_buf path;
	enum tu_status status;

	tu_kb_file_make_folders(i->kb.ptr);
	status = put(i->kb.ptr, tu_buf_str(&i->kb_bytes), err);
	if (status != TU_OK)
		return status;
	if (!compose(&path, i->kb.ptr, TU_KB_SIDECAR))
		status = no_memory(err);
	else if (i->bundle.sidecar.len)
		status = put(path.ptr, i->bundle.sidecar, err);
	else if (unlink(path.ptr) != 0 && errno != ENOENT)
		status = tu_fail(
			err, TU_E_IO, 0, "%s: cannot be removed: %s", path.ptr, strerror(errno));
	tu_buf_done(&path);
	return status;
}

static int run_import(struct import *i)
{
	struct tu_error err = {0};
	enum tu_status status = read_verifying_key(i, &err);

	if (status == TU_OK)
		status = read_bundle(i, &err);
	if (status == TU_OK)
		status = find_places(i, &err);
	if (status == TU_OK)
		status = check_age(i, &err);
	if (status == TU_OK)
		status = unpack(i, &err);
	if (status == TU_OK)
		status = put_in_place(i, &err);
	if (status != TU_OK)
		return tu_command_failed(name, &err);
	printf("%s: %.1f MB, its signature holds\n", i->kb.ptr, (double)i->kb_bytes.len / 1e6);
	return TU_EXIT_OK;
}

static int run_import_command(int argc, char **argv)
{
	struct import i = {.lock = -1};
	int code;

	if (!tu_options_take(&tu_cmd_kb_import, &argc, argv, &i))
		return TU_EXIT_USAGE;
	if (argc != 2)
		return tu_command_misused(argv[0], "expected one bundle");
	i.bundle_path = argv[1];
	tu_buf_init(&i.text, BUNDLE_MAX);
	tu_buf_init(&i.kb, NAME_CEILING);
	tu_buf_init(&i.base_bytes, BUNDLE_MAX);
	tu_buf_init(&i.kb_bytes, BUNDLE_MAX);
	code = run_import(&i);
	tu_sync_unlock(i.lock);
	tu_buf_done(&i.text);
	tu_buf_done(&i.kb);
	tu_buf_done(&i.base_bytes);
	tu_buf_done(&i.kb_bytes);
	return code;
}

/* ---- the rows ---- */

static const struct tu_option keygen_options[] = {
	{"output", 'o', "NAME", "Write NAME.key, which signs, and NAME.pub, which verifies",
		TU_TEXT(struct keygen, output), .required = true},
};

static const struct tu_option export_options[] = {
	{"sign", 0, "KEYFILE", "Sign the bundle with this key", TU_TEXT(struct export, key_path),
		.required = true},
	{"output", 'o', "FILE", "Write the bundle to FILE", TU_TEXT(struct export, output),
		.required = true},
	{"base", 0, "FILE", "Write only the difference from this older knowledge base",
		TU_TEXT(struct export, base_path)},
	TU_OPTION_KB(struct export, kb),
};

static const struct tu_option import_options[] = {
	{"trust", 0, "PUBKEY", "Verify the signature with this key",
		TU_TEXT(struct import, key_path), .required = true},
	{"output", 'o', "FILE", "Write the knowledge base to FILE (default: the user's own)",
		TU_TEXT(struct import, output)},
	{"allow-older", 0, NULL, "Accept a knowledge base that is older than the present one",
		TU_FLAG(struct import, allow_older)},
};

const struct tu_command tu_cmd_kb_keygen = {
	.name = "kb keygen",
	.summary = "Create a pair of keys for signed bundles",
	.usage = {"-o NAME"},
	TU_OPTIONS(keygen_options),
	.run = run_keygen,
};

const struct tu_command tu_cmd_kb_export = {
	.name = "kb export",
	.summary = "Write a knowledge base as a signed bundle",
	.usage = {"--sign KEYFILE -o FILE [OPTION...]"},
	TU_OPTIONS(export_options),
	.run = run_export_command,
};

const struct tu_command tu_cmd_kb_import = {
	.name = "kb import",
	.summary = "Verify a signed bundle and install its knowledge base",
	.usage = {"FILE --trust PUBKEY [OPTION...]"},
	TU_OPTIONS(import_options),
	.run = run_import_command,
};
