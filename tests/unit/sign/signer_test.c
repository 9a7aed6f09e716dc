/* The signing process (sign/signer.h): it signs what it should, and nobody else has the keys. */
#define _GNU_SOURCE /* for memmem() and sys/prctl.h */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sign/log.h"
#include "sign/signer.h"

#define REGION_MAX (1ul << 32)

static char folder[64];

static const char *file(const char *name)
{
	static char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static int make_folder(void **state)
{
	(void)state;
	(void)snprintf(folder, sizeof(folder), "/tmp/tutela-sign-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	static const char *const names[] = {"checkpoint.key", "checkpoint.pub", "statement.key",
		"statement.pub", "release.key", "release.pub", "sign.log"};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(names); i++)
		(void)unlink(file(names[i]));
	return rmdir(folder);
}

static struct tu_signer *start(bool make_keys)
{
	const struct tu_signer_options options = {.folder = folder, .make_keys = make_keys};
	struct tu_signer *signer = NULL;
	struct tu_error err = {0};

	if (tu_signer_start(&options, &signer, &err))
		fail_msg("%s", err.message);
	return signer;
}

/* A statement as the key of this signer would sign it. */
static void payload(struct tu_signer *signer, struct tu_buf *out)
{
	struct tu_sign_content content = {.subject = TU_STR("CVE-2024-1234"), .at = 5};
	struct tu_verifying_key key;
	char id[TU_KEY_ID_DIGITS + 1];

	assert_int_equal(tu_signer_key(signer, TU_SIGN_STATEMENT, &key, NULL), TU_OK);
	assert_int_equal(tu_key_id_text(key.public_key, id, NULL), TU_OK);
	content.key_id = tu_str_c(id);
	tu_buf_init(out, TU_SIGN_PAYLOAD_MAX);
	tu_sign_content_text(TU_SIGN_STATEMENT, &content, out);
}

static enum tu_status sign(
	struct tu_signer *signer, struct tu_str text, const char *who, struct tu_error *err)
{
	const struct tu_sign_request request = {
		TU_SIGN_STATEMENT, text, tu_str_c(who), 1700000000000000};
	uint8_t signature[TU_ED25519_SIGNATURE] = {0};
	struct tu_verifying_key key;
	enum tu_status status = tu_signer_sign(signer, &request, signature, err);

	if (!status) {
		assert_int_equal(tu_signer_key(signer, TU_SIGN_STATEMENT, &key, NULL), TU_OK);
		assert_true(tu_ed25519_holds(key.public_key, text, signature));
	}
	return status;
}

static size_t read_file(const char *name, char *out, size_t room)
{
	FILE *in = fopen(file(name), "rb");
	size_t len = in ? fread(out, 1, room, in) : 0;

	if (in)
		(void)fclose(in);
	return len;
}

static int64_t log_lines(void)
{
	struct tu_ledger_verdict verdict;
	static char text[65536];

	assert_int_equal(
		tu_sign_log_verify(
			tu_str_of(text, read_file("sign.log", text, sizeof(text))), &verdict, NULL),
		TU_OK);
	assert_int_equal(verdict.fault, TU_LEDGER_SOUND);
	return verdict.records;
}

static void signs_named_things_and_writes_them_down(void **state)
{
	struct tu_signer *signer = start(true);
	struct tu_error err = {0};
	struct tu_buf text;
	struct stat info;

	(void)state;
	payload(signer, &text);
	assert_int_equal(sign(signer, tu_buf_str(&text), "one", &err), TU_OK);
	assert_int_equal(log_lines(), 1);
	assert_int_equal(sign(signer, TU_STR("anything"), "one", &err), TU_E_SYNTAX);
	assert_string_equal(err.message,
		"this is no text to be signed as a statement: expected a line end after the last "
		"line");
	assert_int_equal(sign(signer, tu_buf_str(&text), "a\nb", &err), TU_E_SYNTAX);
	assert_int_equal(log_lines(), 1);
	tu_signer_stop(signer);
	assert_int_equal(stat(file("statement.key"), &info), 0);
	assert_int_equal(info.st_mode & 07777, 0600);
	assert_int_equal(stat(file("sign.log"), &info), 0);
	assert_int_equal(info.st_mode & 07777, 0600);
	/* keys stay, the log goes on */
	signer = start(false);
	assert_int_equal(sign(signer, tu_buf_str(&text), "", &err), TU_OK);
	assert_int_equal(log_lines(), 2);
	tu_signer_stop(signer);
	tu_buf_done(&text);
}

/* ---- who has the keys ---- */

/* Does this process's memory contain the needle? -1: it may not be read. */
static int memory_has(pid_t process, const char *needle, size_t len)
{
	char line[512], path[64];
	static char bytes[1 << 20];
	int found = 0, memory;
	FILE *maps;

	(void)snprintf(path, sizeof(path), "/proc/%ld/mem", (long)process);
	memory = open(path, O_RDONLY);
	(void)snprintf(path, sizeof(path), "/proc/%ld/maps", (long)process);
	maps = fopen(path, "r");
	while (memory >= 0 && maps && fgets(line, sizeof(line), maps)) {
		unsigned long from = 0, to = 0;

		/* what a sanitizer reserves is larger than any memory */
		if (sscanf(line, "%lx-%lx r", &from, &to) != 2 || to - from > REGION_MAX)
			continue;
		for (unsigned long at = from; at < to; at += sizeof(bytes) - 128) {
			size_t want = to - at < sizeof(bytes) ? to - at : sizeof(bytes);
			ssize_t got = pread(memory, bytes, want, (off_t)at);

			if (got > 0 && memmem(bytes, (size_t)got, needle, len))
				found = 1;
			memset(bytes, 0, sizeof(bytes));
		}
	}
	if (maps)
		(void)fclose(maps);
	if (memory >= 0)
		(void)close(memory);
	return memory < 0 || !maps ? -1 : found;
}

enum { FOUND_IN_PROGRAM = 1, FOUND_IN_KEEPER = 2, NOT_FOUND_IN_SIGNER = 4, NO_KEY = 8 };

/* In a process of its own, which may have the key: looks for its bytes, and for its text, in all.
 */
static int search(const struct tu_signer_state *signer, pid_t program)
{
	char text[TU_KEY_TEXT_MAX];
	size_t len = read_file("statement.key", text, sizeof(text));
	struct tu_signing_key key;
	int result = 0, there;

	if (tu_key_read_signing(tu_str_of(text, len), &key, NULL) || len < 60)
		return NO_KEY;
	if (memory_has(program, (const char *)key.seed, sizeof(key.seed)) ||
		memory_has(program, text + len - 40, 32))
		result |= FOUND_IN_PROGRAM;
	if (memory_has((pid_t)signer->keeper, (const char *)key.seed, sizeof(key.seed)) > 0)
		result |= FOUND_IN_KEEPER;
	/* the search finds what is there, where the user may read it at all */
	there = memory_has((pid_t)signer->process, (const char *)key.seed, sizeof(key.seed));
	return there == 0 ? result | NOT_FOUND_IN_SIGNER : result;
}

static void no_other_process_has_a_private_key(void **state)
{
	struct tu_signer *signer = start(true);
	struct tu_signer_state processes;
	struct tu_buf text;
	int status;
	pid_t searcher, program = getpid();

	(void)state;
	payload(signer, &text);
	assert_int_equal(sign(signer, tu_buf_str(&text), "one", NULL), TU_OK);
	assert_int_equal(tu_signer_state(signer, &processes, NULL), TU_OK);
	(void)prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
	searcher = fork();
	if (searcher == 0)
		_exit(search(&processes, program));
	assert_int_equal(waitpid(searcher, &status, 0), searcher);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	tu_buf_done(&text);
	tu_signer_stop(signer);
}

static void has_no_network(void **state)
{
	struct tu_signer *signer = start(true);
	struct tu_signer_state process;
	char path[64], line[256], seccomp[8] = "";
	FILE *status;

	(void)state;
	assert_int_equal(tu_signer_state(signer, &process, NULL), TU_OK);
	/* it has tried to make a socket */
	assert_true(process.confined);
	(void)snprintf(path, sizeof(path), "/proc/%lld/status", (long long)process.process);
	status = fopen(path, "r");
	assert_non_null(status);
	while (fgets(line, sizeof(line), status))
		(void)sscanf(line, "Seccomp: %7s", seccomp);
	(void)fclose(status);
	assert_string_equal(seccomp, "2");
	tu_signer_stop(signer);
}

/* ---- what goes wrong ---- */

static void one_that_is_killed_comes_again(void **state)
{
	struct tu_signer *signer = start(true);
	struct tu_signer_state before, after = {0};
	struct tu_error err = {0};
	enum tu_status status;
	struct tu_buf text;

	(void)state;
	payload(signer, &text);
	assert_int_equal(tu_signer_state(signer, &before, NULL), TU_OK);
	/* it waits for a request; dead before it can answer one */
	assert_int_equal(kill((pid_t)before.process, SIGSTOP), 0);
	assert_int_equal(kill((pid_t)before.process, SIGKILL), 0);
	do {
		status = tu_signer_state(signer, &after, &err);
		assert_true(status == TU_OK || status == TU_E_IO);
	} while (status || after.process == before.process);
	assert_int_equal(sign(signer, tu_buf_str(&text), "one", &err), TU_OK);
	/* without its keeper it does not come again, and whoever asks gets an error */
	assert_int_equal(kill((pid_t)after.keeper, SIGKILL), 0);
	while (tu_signer_state(signer, &after, &err) == TU_OK)
		;
	assert_int_equal(err.status, TU_E_IO);
	assert_int_equal(sign(signer, tu_buf_str(&text), "one", &err), TU_E_IO);
	tu_buf_done(&text);
	tu_signer_stop(signer);
}

static void write_file(const char *name, const char *text, const char *mode)
{
	FILE *out = fopen(file(name), mode);

	assert_non_null(out);
	assert_int_equal(fputs(text, out) >= 0, 1);
	assert_int_equal(fclose(out), 0);
}

static void refuse(enum tu_status expected, const char *says)
{
	const struct tu_signer_options options = {.folder = folder};
	struct tu_signer *signer;
	struct tu_error err = {0};

	assert_int_equal(tu_signer_start(&options, &signer, &err), expected);
	if (tu_str_search(tu_str_c(err.message), tu_str_c(says)) == strlen(err.message))
		fail_msg("\"%s\" is not in \"%s\"", says, err.message);
}

static void bad_files_are_refused(void **state)
{
	struct tu_signer *signer = start(true), *none;
	const struct tu_signer_options options = {.folder = folder};
	struct tu_verifying_key key;
	struct tu_buf text;
	struct tu_error err = {0};
	char log[4096];
	size_t len;

	(void)state;
	payload(signer, &text);
	assert_int_equal(sign(signer, tu_buf_str(&text), "one", NULL), TU_OK);
	assert_int_equal(tu_signer_start(&options, &none, &err), TU_E_BUSY);
	tu_signer_stop(signer);
	/* a line that a crash cut goes */
	write_file("sign.log", "{\"n\":2,", "a");
	signer = start(false);
	assert_int_equal(sign(signer, tu_buf_str(&text), "two", NULL), TU_OK);
	assert_int_equal(log_lines(), 2);
	tu_signer_stop(signer);
	/* one that somebody changed does not */
	len = read_file("sign.log", log, sizeof(log) - 1);
	log[len] = '\0';
	memcpy(strstr(log, "one"), "two", 3);
	write_file("sign.log", log, "w");
	refuse(TU_E_CORRUPT, "record 1 was changed");
	assert_int_equal(unlink(file("sign.log")), 0);
	assert_int_equal(chmod(file("statement.key"), 0640), 0);
	refuse(TU_E_IO, "others may read it");
	assert_int_equal(chmod(file("statement.key"), 0600), 0);
	assert_int_equal(unlink(file("statement.key")), 0);
	signer = start(false);
	assert_int_equal(tu_signer_key(signer, TU_SIGN_STATEMENT, &key, &err), TU_E_NOTFOUND);
	assert_string_equal(
		err.message, "there is no key for a statement: statement.key is missing");
	tu_signer_stop(signer);
	write_file("statement.key", "no key\n", "w");
	assert_int_equal(chmod(file("statement.key"), 0600), 0);
	refuse(TU_E_SYNTAX, "statement.key: not a tutela-signing-key-1");
	tu_buf_done(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			signs_named_things_and_writes_them_down, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(
			no_other_process_has_a_private_key, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(has_no_network, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(
			one_that_is_killed_comes_again, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(bad_files_are_refused, make_folder, remove_folder),
	};

	return cmocka_run_group_tests_name("signer", tests, NULL, NULL);
}
