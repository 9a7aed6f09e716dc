#define _GNU_SOURCE /* for O_CLOEXEC and flock() */
#include "sign/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

static enum tu_status failed(const char *path, const char *doing, struct tu_error *err)
{
	return tu_fail(err, TU_E_IO, 0, "%s: cannot %s: %s", path, doing, strerror(errno));
}

/* A file that exists is never replaced: what its key signed could no longer be renewed. */
static enum tu_status write_new(
	const char *path, mode_t mode, struct tu_str text, struct tu_error *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	bool ok = fd >= 0 && write(fd, text.ptr, text.len) == (ssize_t)text.len && fsync(fd) == 0;
	enum tu_status status = ok ? TU_OK : failed(path, "write the key", err);

	if (fd >= 0)
		(void)close(fd);
	return status;
}

struct key_files {
	char secret[PATH_MAX];
	char public[PATH_MAX];
};

static enum tu_status name_files(const char *folder, enum tu_sign_purpose purpose,
	struct key_files *out, struct tu_error *err)
{
	const char *name = tu_sign_purpose_file(purpose);
	int len = snprintf(out->secret, sizeof(out->secret), "%s/%s.key", folder, name);

	if (len < 0 || len >= (int)sizeof(out->secret))
		return tu_fail(err, TU_E_IO, 0, "%.80s...: too long a name", folder);
	(void)snprintf(out->public, sizeof(out->public), "%s/%s.pub", folder, name);
	return TU_OK;
}

static enum tu_status write_pair(
	const struct key_files *files, const struct tu_signing_key *key, struct tu_error *err)
{
	struct tu_verifying_key half;
	struct tu_buf text;
	enum tu_status status;

	memcpy(half.public_key, key->public_key, sizeof(half.public_key));
	tu_buf_init(&text, TU_KEY_TEXT_MAX);
	tu_key_write_signing(key, &text);
	status = text.failed ? tu_no_memory(err)
			     : write_new(files->secret, 0600, tu_buf_str(&text), err);
	tu_wipe(text.ptr, text.len);
	tu_buf_clear(&text);
	tu_key_write_verifying(&half, &text);
	if (!status)
		status = text.failed ? tu_no_memory(err)
				     : write_new(files->public, 0600, tu_buf_str(&text), err);
	tu_buf_done(&text);
	return status;
}

static enum tu_status read_secret(
	const char *path, int fd, struct tu_signing_key *out_key, struct tu_error *err)
{
	char text[TU_KEY_TEXT_MAX];
	ssize_t len = read(fd, text, sizeof(text));
	enum tu_status status;

	if (len < 0)
		return failed(path, "read", err);
	status = tu_key_read_signing(tu_str_of(text, (size_t)len), out_key, err);
	tu_wipe(text, sizeof(text));
	if (status)
		return tu_error_in_file(err, "%s", path);
	return tu_file_check_private(path, "a signing key", err);
}

/* Without the file and without `make`: no key, which is no failure. */
static enum tu_status load_ed25519(
	const struct key_files *files, bool make, struct tu_sign_key *to, struct tu_error *err)
{
	int fd = open(files->secret, O_RDONLY | O_CLOEXEC);
	enum tu_status status;

	if (fd >= 0) {
		status = read_secret(files->secret, fd, &to->key, err);
		(void)close(fd);
	} else if (errno != ENOENT) {
		return failed(files->secret, "read", err);
	} else if (!make) {
		return TU_OK;
	} else {
		status = tu_key_make(&to->key, err);
		if (!status)
			status = write_pair(files, &to->key, err);
	}
	if (!status)
		status = tu_key_id_text(to->key.public_key, to->id, err);
	to->there = !status;
	return status;
}

/* ---- OpenPGP ---- */

static enum tu_status read_openpgp(
	const char *path, int fd, struct tu_openpgp **out_key, struct tu_error *err)
{
	char text[TU_OPENPGP_TEXT_MAX];
	ssize_t len = read(fd, text, sizeof(text));
	enum tu_status status;

	if (len < 0)
		return failed(path, "read", err);
	status = tu_file_check_private(path, "a signing key", err);
	if (!status) {
		status = tu_openpgp_open(tu_str_of(text, (size_t)len), out_key, err);
		if (status)
			(void)tu_error_in_file(err, "%s", path);
	}
	tu_wipe(text, sizeof(text));
	return status;
}

static enum tu_status make_openpgp(const struct key_files *files,
	const struct tu_signer_options *options, struct tu_openpgp **out_key, struct tu_error *err)
{
	struct tu_buf text;
	enum tu_status status;

	tu_buf_init(&text, TU_OPENPGP_TEXT_MAX);
	status = tu_openpgp_make(
		options->at, options->user_id ? options->user_id : "CSAF provider", &text, err);
	if (!status)
		status = tu_openpgp_open(tu_buf_str(&text), out_key, err);
	if (!status)
		status = write_new(files->secret, 0600, tu_buf_str(&text), err);
	tu_wipe(text.ptr, text.len);
	tu_buf_clear(&text);
	if (!status)
		status = tu_openpgp_public(*out_key, &text, err);
	if (!status)
		status = write_new(files->public, 0600, tu_buf_str(&text), err);
	tu_buf_done(&text);
	return status;
}

static enum tu_status load_openpgp(const struct key_files *files,
	const struct tu_signer_options *options, struct tu_sign_key *to, struct tu_error *err)
{
	int fd = open(files->secret, O_RDONLY | O_CLOEXEC);
	enum tu_status status = TU_OK;

	if (fd >= 0) {
		status = read_openpgp(files->secret, fd, &to->openpgp, err);
		(void)close(fd);
	} else if (errno != ENOENT) {
		return failed(files->secret, "read", err);
	} else if (options->make_keys && options->at) {
		status = make_openpgp(files, options, &to->openpgp, err);
	}
	to->there = !status && to->openpgp;
	if (to->there)
		memcpy(to->id, tu_openpgp_fingerprint(to->openpgp), sizeof(to->id));
	return status;
}

static enum tu_status load_one(const struct tu_signer_options *options,
	enum tu_sign_purpose purpose, struct tu_sign_keys *keys, struct tu_error *err)
{
	struct key_files files;
	enum tu_status status = name_files(options->folder, purpose, &files, err);

	if (status)
		return status;
	if (!tu_sign_purpose_is_openpgp(purpose))
		return load_ed25519(&files, options->make_keys, &keys->of[purpose], err);
	status = load_openpgp(&files, options, &keys->of[purpose], &keys->no_openpgp);
	keys->no_openpgp.status = status;
	if (status && status != TU_E_UNSUPPORTED)
		*err = keys->no_openpgp;
	return status == TU_E_UNSUPPORTED ? TU_OK : status;
}

enum tu_status tu_sign__keys_load(const struct tu_signer_options *options,
	struct tu_sign_keys *out_keys, struct tu_error *err)
{
	const char *folder = options->folder;
	enum tu_status status = TU_OK;

	*out_keys = (struct tu_sign_keys){0};
	if (options->make_keys && mkdir(folder, 0700) != 0 && errno != EEXIST)
		return failed(folder, "make the folder", err);
	for (unsigned i = 0; !status && i < TU_SIGN_PURPOSES; i++)
		status = load_one(options, (enum tu_sign_purpose)i, out_keys, err);
	if (status)
		tu_sign__keys_done(out_keys);
	return status;
}

void tu_sign__keys_done(struct tu_sign_keys *keys)
{
	for (unsigned i = 0; i < TU_SIGN_PURPOSES; i++)
		tu_openpgp_close(keys->of[i].openpgp);
	tu_wipe(keys, sizeof(*keys));
}
