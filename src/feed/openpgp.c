#define _XOPEN_SOURCE 700
#include "feed/openpgp.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/big_endian.h"
#include "base/file.h"
#include "base/input.h"

enum { PATH_CEILING = 8192, VERDICT_MAX = 64 * 1024, CRC24_START = 0xb704ce, CRC24 = 0x864cfb };

/* ---- armour (RFC 9580, section 6) ---- */

static const struct {
	const char *name;
	const char *begin;
	uint32_t first; /* tags that may come first, a bit each … */
	uint32_t tags; /* … and that may come at all */
} kinds[TU_OPENPGP_KINDS_] = {
	[TU_OPENPGP_KEY] = {"public key", "-----BEGIN PGP PUBLIC KEY BLOCK-----", 1u << 6,
		1u << 2 | 1u << 6 | 1u << 12 | 1u << 13 | 1u << 14 | 1u << 17},
	[TU_OPENPGP_SIGNATURE] = {"signature", "-----BEGIN PGP SIGNATURE-----", 1u << 2, 1u << 2},
};

static uint32_t crc24(const char *bytes, size_t len)
{
	uint32_t crc = CRC24_START;

	for (size_t i = 0; i < len; i++) {
		crc ^= (uint32_t)(unsigned char)bytes[i] << 16;
		for (int bit = 0; bit < 8; bit++)
			crc = crc << 1 ^ (crc & 0x800000 ? 0x1000000 | CRC24 : 0);
	}
	return crc & 0xffffff;
}

static bool crc_holds(struct tu_str stated, const char *bytes, size_t len)
{
	uint8_t crc[3];

	return stated.len == 0 ||
		(tu_base64_read(stated, crc, sizeof(crc)) &&
			tu_big_endian_get(crc, sizeof(crc)) == crc24(bytes, len));
}

/* The digits of one block, line ends taken out, and its checksum. False: it has no end. */
static bool collect_block(struct tu_str *rest, struct tu_buf *digits, struct tu_str *out_crc)
{
	struct tu_str line;
	bool body = false;

	*out_crc = TU_STR("");
	while (tu_str_split(rest, '\n', &line)) {
		line = tu_str_trim(line);
		if (tu_str_starts(line, TU_STR("-----END PGP ")))
			return body;
		if (!body)
			body = line.len == 0; /* headers end with an empty line */
		else if (line.len && line.ptr[0] == '=')
			*out_crc = tu_str_from(line, 1);
		else
			tu_buf_str_add(digits, line);
	}
	return false;
}

static enum tu_status add_block(
	struct tu_str digits, struct tu_str crc, struct tu_buf *out, struct tu_error *err)
{
	size_t padding = tu_str_ends(digits, TU_STR("==")) ? 2 : tu_str_ends(digits, TU_STR("="));
	size_t len = digits.len / 4 * 3;

	if (len < 3)
		return tu_fail(err, TU_E_SYNTAX, 0, "an armour with nothing in it");
	len -= padding;
	if (out->ceiling - out->len < len)
		return tu_fail(err, TU_E_LIMIT, 0, "more than %zu bytes", out->ceiling);
	if (!tu_buf_reserve(out, len))
		return tu_no_memory(err);
	if (!tu_base64_read(digits, (uint8_t *)out->ptr + out->len, len))
		return tu_fail(err, TU_E_SYNTAX, 0, "invalid base64 in the armour");
	if (!crc_holds(crc, out->ptr + out->len, len))
		return tu_fail(err, TU_E_SYNTAX, 0, "an armour whose checksum does not hold");
	out->len += len;
	return TU_OK;
}

static enum tu_status dearmour(
	struct tu_str text, enum tu_openpgp_kind kind, struct tu_buf *out, struct tu_error *err)
{
	struct tu_str line, crc;
	struct tu_buf digits;
	enum tu_status status = TU_OK;

	tu_buf_init(&digits, text.len + 1);
	while (status == TU_OK && tu_str_split(&text, '\n', &line)) {
		if (!tu_str_eq(tu_str_trim(line), tu_str_c(kinds[kind].begin)))
			continue;
		tu_buf_clear(&digits);
		if (!collect_block(&text, &digits, &crc))
			status = tu_fail(err, TU_E_SYNTAX, 0, "an armour without an end");
		else if (digits.failed)
			status = tu_no_memory(err);
		else
			status = add_block(tu_buf_str(&digits), crc, out, err);
	}
	tu_buf_done(&digits);
	return status;
}

/* ---- packets (RFC 9580, section 4.2) ---- */

/* Takes one packet off; its tag, or -1 when it is none or has no length of its own. */
static int take_packet(struct tu_str *rest)
{
	const unsigned char *at = (const unsigned char *)rest->ptr;
	bool is_new = at[0] & 0x40;
	size_t octets = 0, header = 1, len = 0; /* octets of a plain length */

	if (!(at[0] & 0x80) || rest->len < 2)
		return -1;
	if (!is_new)
		octets = (at[0] & 3) == 3 ? SIZE_MAX : (size_t)1 << (at[0] & 3);
	else if (at[1] < 192)
		octets = 1;
	else if (at[1] == 255)
		octets = 4, header = 2;
	else if (at[1] >= 224)
		octets = SIZE_MAX;
	if (octets == SIZE_MAX || rest->len < header + (octets ? octets : 2))
		return -1;
	len = (size_t)tu_big_endian_get(at + header, octets);
	if (octets == 0) {
		len = ((size_t)(at[1] - 192) << 8) + at[2] + 192;
		octets = 2;
	}
	if (len > rest->len - header - octets)
		return -1;
	*rest = tu_str_from(*rest, header + octets + len);
	return is_new ? at[0] & 63 : at[0] >> 2 & 15;
}

static bool packets_fit(struct tu_str packets, enum tu_openpgp_kind kind)
{
	uint32_t allowed = kinds[kind].first;

	if (packets.len == 0)
		return false;
	while (packets.len) {
		int tag = take_packet(&packets);

		if (tag < 0 || tag > 31 || !(allowed >> tag & 1))
			return false;
		allowed = kinds[kind].tags;
	}
	return true;
}

enum tu_status tu_openpgp_read(
	struct tu_str text, enum tu_openpgp_kind kind, struct tu_buf *out, struct tu_error *err)
{
	size_t before = out->len;
	enum tu_status status = TU_OK;

	if (text.len && text.ptr[0] & 0x80)
		tu_buf_str_add(out, text);
	else
		status = dearmour(text, kind, out, err);
	if (status != TU_OK)
		return status;
	if (out->failed)
		return text.len > out->ceiling - before
			? tu_fail(err, TU_E_LIMIT, 0, "more than %zu bytes", out->ceiling)
			: tu_no_memory(err);
	if (!packets_fit(tu_str_from(tu_buf_str(out), before), kind))
		return tu_fail(
			err, TU_E_SYNTAX, 0, "no OpenPGP %s, or more than that", kinds[kind].name);
	return TU_OK;
}

/* ---- gpgv ---- */

const char *tu_openpgp_gpgv(void)
{
	static const char *const places[] = {"/usr/bin/gpgv", "/usr/local/bin/gpgv", "/bin/gpgv"};

	for (size_t i = 0; i < TU_COUNT(places); i++)
		if (access(places[i], X_OK) == 0)
			return places[i];
	return NULL;
}

/* The files of one run, in a folder that lives as long. */
enum { FOLDER, KEYRING, SIGNATURE, VERDICT, FILES_ };

struct files {
	struct tu_buf path[FILES_];
};

static bool name_files(struct files *files, const char *folder)
{
	static const char *const names[FILES_] = {"", "/keyring.gpg", "/signature", "/verdict"};
	bool ok = true;

	for (int i = 0; i < FILES_; i++) {
		tu_buf_init(&files->path[i], PATH_CEILING);
		tu_buf_printf(&files->path[i], "%s%s", folder, names[i]);
		tu_buf_byte(&files->path[i], '\0');
		ok &= !files->path[i].failed;
	}
	return ok;
}

static void remove_files(struct files *files)
{
	for (int i = FILES_ - 1; i >= 0; i--) {
		if (!files->path[i].failed && files->path[i].ptr)
			(void)(i == FOLDER ? rmdir : unlink)(files->path[i].ptr);
		tu_buf_done(&files->path[i]);
	}
}

/* 0, an errno; what gpgv says to programs goes into the file of the verdict. */
static int start(const char *gpgv, struct files *files, const char *document, pid_t *out_pid)
{
	const char *const words[] = {gpgv, "--homedir", files->path[FOLDER].ptr, "--status-fd", "1",
		"--keyring", files->path[KEYRING].ptr, "--", files->path[SIGNATURE].ptr, document,
		NULL};
	char *argv[TU_COUNT(words)];
	char locale[] = "LC_ALL=C";
	char *environment[] = {locale, NULL};
	posix_spawn_file_actions_t actions;
	int failure = posix_spawn_file_actions_init(&actions);

	if (failure)
		return failure;
	memcpy(argv, words, sizeof(argv));
	failure = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	if (!failure)
		failure = posix_spawn_file_actions_addopen(
			&actions, 1, files->path[VERDICT].ptr, O_WRONLY | O_CREAT | O_EXCL, 0600);
	if (!failure)
		failure = posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	if (!failure)
		failure = posix_spawn(out_pid, gpgv, &actions, NULL, argv, environment);
	(void)posix_spawn_file_actions_destroy(&actions);
	return failure;
}

/* Did it end by itself, with success? */
static bool went_well(pid_t pid)
{
	int state = 0;
	pid_t ended;

	do
		ended = waitpid(pid, &state, 0);
	while (ended < 0 && errno == EINTR);
	return ended == pid && WIFEXITED(state) && WEXITSTATUS(state) == 0;
}

/* The exit code alone would do today; a second, independent word costs little. */
static enum tu_status judge(struct tu_str verdict, bool success, struct tu_error *err)
{
	static const struct {
		const char *word;
		const char *means;
	} words[] = {
		{"BADSIG ", "it is of another document, or the document was altered"},
		{"NO_PUBKEY ", "it was made by another key than the pinned one"},
		{"ERRSIG ", "it cannot be checked"},
		{"", "gpgv does not say that it is"},
	};
	bool good = false;
	size_t found = TU_COUNT(words) - 1;
	struct tu_str line;

	while (tu_str_split(&verdict, '\n', &line)) {
		if (!tu_str_skip(&line, TU_STR("[GNUPG:] ")))
			continue;
		good |= tu_str_starts(line, TU_STR("GOODSIG "));
		for (size_t i = 0; i < found; i++)
			if (tu_str_starts(line, tu_str_c(words[i].word)))
				found = i;
	}
	return success && good
		? TU_OK
		: tu_fail(err, TU_E_CORRUPT, 0, "its OpenPGP signature is not good: %s",
			  words[found].means);
}

static enum tu_status run(
	const char *gpgv, struct files *files, const char *document, struct tu_error *err)
{
	struct tu_buf verdict;
	pid_t pid;
	int failure = start(gpgv, files, document, &pid);
	bool success;
	enum tu_status status;

	if (failure)
		return tu_fail(
			err, TU_E_IO, 0, "%s cannot be started: %s", gpgv, strerror(failure));
	success = went_well(pid);
	tu_buf_init(&verdict, VERDICT_MAX);
	status = tu_input_read(files->path[VERDICT].ptr, &verdict, err);
	if (status == TU_OK)
		status = judge(tu_buf_str(&verdict), success, err);
	tu_buf_done(&verdict);
	return status;
}

enum tu_status tu_openpgp_verify(const char *gpgv, const char *folder, struct tu_str keyring,
	struct tu_str signature, const char *document, struct tu_error *err)
{
	struct files files = {0};
	struct tu_buf own;
	enum tu_status status = TU_OK;

	if (!gpgv)
		return tu_fail(err, TU_E_NOTFOUND, 0,
			"gpgv, which verifies OpenPGP signatures, is not installed");
	tu_buf_init(&own, PATH_CEILING);
	tu_buf_printf(&own, "%s/openpgp-XXXXXX", folder);
	tu_buf_byte(&own, '\0');
	if (own.failed)
		status = tu_no_memory(err);
	else if (!mkdtemp(own.ptr))
		status = tu_fail(
			err, TU_E_IO, 0, "%s: cannot be made: %s", own.ptr, strerror(errno));
	if (status == TU_OK) {
		status = name_files(&files, own.ptr) ? TU_OK : tu_no_memory(err);
		if (status == TU_OK)
			status = tu_file_write(files.path[KEYRING].ptr, keyring, err);
		if (status == TU_OK)
			status = tu_file_write(files.path[SIGNATURE].ptr, signature, err);
		if (status == TU_OK)
			status = run(gpgv, &files, document, err);
		remove_files(&files);
	}
	tu_buf_done(&own);
	return status;
}
