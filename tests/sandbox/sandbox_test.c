/* Uploads are read in a process that can do nothing else: each kind of misbehaviour is stopped and
 * said, and the next upload is read. */
#define _GNU_SOURCE /* memfd_create */
#include "unit/sbom/read.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/sandbox.h"
#include "sandbox/wire.h"
#include "sbom/flat/flat.h"

#define MEGABYTE ((size_t)1 << 20)

static const struct tu_str document =
	TU_STR_INIT("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":["
		    "{\"name\":\"a\",\"version\":\"1\"},{\"name\":\"b\",\"odd\":1}]}");

/* ---- what an upload may make a child do ---- */

static char *secret; /* the text of an environment variable of the parent */

static void reply(const struct tu_sandbox_job *job, uint32_t status, const char *message,
	struct tu_str packed)
{
	struct tu_sandbox_reply reply = {
		.magic = TU_SANDBOX_REPLY, .bytes = packed.len, .status = status};

	memcpy(reply.message, message, strlen(message));
	(void)tu_sandbox__send(job->socket, &reply, sizeof(reply), -1);
	(void)tu_sandbox__send(job->socket, packed.ptr, packed.len, -1);
}

static void say(const struct tu_sandbox_job *job, const char *message)
{
	reply(job, TU_E_USAGE, message, TU_STR(""));
}

static void do_fork(const struct tu_sandbox_job *job)
{
	say(job, fork() < 0 ? "no fork" : "forked");
}

static void do_open(const struct tu_sandbox_job *job)
{
	say(job, open("/etc/passwd", O_RDONLY) < 0 ? "not opened" : "opened");
}

static void do_socket(const struct tu_sandbox_job *job)
{
	say(job, socket(AF_INET, SOCK_STREAM, 0) < 0 ? "no socket" : "a socket");
}

static void do_exec(const struct tu_sandbox_job *job)
{
	char program[] = "/bin/true";
	char *const arguments[] = {program, NULL};

	say(job, execve(program, arguments, arguments + 1) < 0 ? "no program" : "");
}

static void do_code(const struct tu_sandbox_job *job)
{
	void *code = mmap(
		NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	say(job, code == MAP_FAILED ? "no code" : "code");
}

static void do_kill(const struct tu_sandbox_job *job)
{
	say(job, kill(getppid(), SIGTERM) < 0 ? "not killed" : "killed");
}

/* Allowed calls alone, for ever. */
static void do_spin(const struct tu_sandbox_job *job)
{
	volatile unsigned turns = 0;

	for (;;)
		turns = turns + (job->upload.len != 0);
}

static void do_wait(const struct tu_sandbox_job *job)
{
	char byte;

	(void)tu_sandbox__receive(job->socket, &byte, 1, NULL);
}

static void do_allocate(const struct tu_sandbox_job *job)
{
	size_t taken = 0;
	char *piece;

	while ((piece = malloc(MEGABYTE)) != NULL) {
		memset(piece, 1, MEGABYTE);
		taken += MEGABYTE;
	}
	reply(job, TU_E_NOMEM, taken > job->memory ? "more than the limit" : "", TU_STR(""));
}

static void do_garbage(const struct tu_sandbox_job *job)
{
	char garbage[4096];

	memset(garbage, 'g', sizeof(garbage));
	(void)tu_sandbox__send(job->socket, garbage, sizeof(garbage), -1);
}

static void do_half(const struct tu_sandbox_job *job)
{
	const struct tu_sandbox_reply half = {.magic = TU_SANDBOX_REPLY, .bytes = 1000};

	(void)tu_sandbox__send(job->socket, &half, sizeof(half), -1);
	(void)tu_sandbox__send(job->socket, "TUTINV1\n", 8, -1);
}

static void do_half_header(const struct tu_sandbox_job *job)
{
	const struct tu_sandbox_reply half = {.magic = TU_SANDBOX_REPLY};

	(void)tu_sandbox__send(job->socket, &half, 16, -1);
}

/* A length that nobody has: it must not be allocated. */
static void do_boast(const struct tu_sandbox_job *job)
{
	const struct tu_sandbox_reply boast = {
		.magic = TU_SANDBOX_REPLY, .bytes = UINT64_C(1) << 60};

	(void)tu_sandbox__send(job->socket, &boast, sizeof(boast), -1);
}

static void do_crash(const struct tu_sandbox_job *job)
{
	(void)job;
	abort();
}

static void do_leave(const struct tu_sandbox_job *job)
{
	(void)job;
	_exit(0);
}

/* An inventory whose relationship leads to a component that there is not. */
static void do_indices(const struct tu_sandbox_job *job)
{
	static const struct tu_relationship beyond = {.from = 1000000, .to = 2000000};
	const struct tu_inventory inventory = {
		.subject = TU_NO_COMPONENT, .relationships = &beyond, .relationship_count = 1};
	struct tu_buf packed;

	tu_buf_init(&packed, MEGABYTE);
	(void)!tu_inventory_pack(&inventory, &packed, NULL);
	reply(job, TU_OK, "", tu_buf_str(&packed));
}

static void do_words(const struct tu_sandbox_job *job)
{
	say(job, "bell \a escape \x1b[31m byte \xff right to left \xe2\x80\xae");
}

static void do_secret(const struct tu_sandbox_job *job)
{
	bool known = getenv("TUTELA_TEST_SECRET") != NULL;

	for (const char *at = secret; *at; at++)
		known = true;
	say(job, known ? "the secret is here" : "no secret");
}

/* Only the socket, the upload, and streams that lead nowhere. */
static void do_descriptors(const struct tu_sandbox_job *job)
{
	char words[64];
	int open_ones = 0;

	for (int fd = STDERR_FILENO + 1; fd < 1024; fd++)
		open_ones += fcntl(fd, F_GET_SEALS) >= 0 || errno != EBADF;
	(void)snprintf(words, sizeof(words), "%d descriptors", open_ones);
	say(job, words);
}

static const struct {
	const char *upload;
	tu_sandbox_work *work;
	enum tu_status status;
	const char *words;
	enum { ROUGH, MEMORY, HASTY } where;
} misdeeds[] = {
	{"fork", do_fork, TU_E_CORRUPT, "made a system call that no reader makes", ROUGH},
	{"open", do_open, TU_E_CORRUPT, "made a system call that no reader makes", ROUGH},
	{"socket", do_socket, TU_E_CORRUPT, "made a system call that no reader makes", ROUGH},
	{"exec", do_exec, TU_E_CORRUPT, "made a system call that no reader makes", ROUGH},
	{"code", do_code, TU_E_CORRUPT, "made a system call that no reader makes", ROUGH},
	{"kill", do_kill, TU_E_CORRUPT, "made a system call that no reader makes", ROUGH},
	{"wait", do_wait, TU_E_LIMIT, "longer than the limit of 1 s", HASTY},
	{"spin", do_spin, TU_E_LIMIT, "more processor time than the limit of 1 s", ROUGH},
	{"allocate", do_allocate, TU_E_LIMIT, "more memory than the limit of 64 MiB", MEMORY},
	{"garbage", do_garbage, TU_E_CORRUPT, "answered with what is no answer", ROUGH},
	{"half", do_half, TU_E_CORRUPT, "ended without an answer", ROUGH},
	{"half header", do_half_header, TU_E_CORRUPT, "ended without an answer", ROUGH},
	{"boast", do_boast, TU_E_CORRUPT, "answered with what is no answer", ROUGH},
	{"crash", do_crash, TU_E_CORRUPT, "crashed (Aborted)", ROUGH},
	{"leave", do_leave, TU_E_CORRUPT, "ended without an answer", ROUGH},
	{"indices", do_indices, TU_E_CORRUPT, "relationship.from: 1000001, more than 0", ROUGH},
	{"words", do_words, TU_E_USAGE, "bell ? escape ?[31m byte ? right to left ???", ROUGH},
	{"secret", do_secret, TU_E_USAGE, "no secret", ROUGH},
	{"descriptors", do_descriptors, TU_E_USAGE, "2 descriptors", ROUGH},
};

/* In the child: the upload says what to do. */
static void misbehave(const struct tu_sandbox_job *job)
{
	for (size_t i = 0; i < TU_COUNT(misdeeds); i++) {
		if (tu_str_eq(job->upload, tu_str_c(misdeeds[i].upload))) {
			misdeeds[i].work(job);
			return;
		}
	}
	tu_sandbox__read(job);
}

/* ---- the sandboxes; made before anything has threads ---- */

static struct tu_sandbox *rough; /* its children misbehave when asked to */
static struct tu_sandbox *hasty; /* the same, and they have no time */
static struct tu_sandbox *plain;

static int start_all(void **state)
{
	const struct tu_sandbox_options tight = {.cpu_seconds = 1, .memory = 64 * MEGABYTE};
	const struct tu_sandbox_options brief = {.seconds = 1};
	struct tu_error err = {0};

	(void)state;
	assert_int_equal(setenv("TUTELA_TEST_SECRET", "swordfish", 1), 0);
	secret = getenv("TUTELA_TEST_SECRET");
	if (tu_sandbox__start(&tight, misbehave, &rough, &err) ||
		tu_sandbox__start(&brief, misbehave, &hasty, &err) ||
		tu_sandbox_start(NULL, &plain, &err)) {
		print_message("%s\n", err.message);
		return -1;
	}
	return 0;
}

static int stop_all(void **state)
{
	(void)state;
	tu_sandbox_stop(rough);
	tu_sandbox_stop(hasty);
	tu_sandbox_stop(plain);
	return 0;
}

static enum tu_status try_reading(struct tu_sandbox *sandbox, struct tu_str upload,
	size_t *out_components, struct tu_error *err)
{
	const struct tu_sandbox_upload all = {.bytes = upload};
	struct tu_arena *arena = tu_arena_new(0);
	const struct tu_inventory *inventory = NULL;
	enum tu_status status;

	*err = (struct tu_error){0};
	assert_non_null(arena);
	status = tu_sandbox_read_sbom(sandbox, &all, arena, &inventory, err);
	assert_int_equal(status == TU_OK, inventory != NULL);
	*out_components = inventory ? inventory->component_count : 0;
	tu_arena_free(arena);
	return status;
}

static void assert_reads(struct tu_sandbox *sandbox)
{
	struct tu_error err;
	size_t components;

	if (try_reading(sandbox, document, &components, &err))
		fail_msg("%s", error_text(&err));
	assert_int_equal(components, 2);
}

static void assert_says(const struct tu_error *err, const char *words)
{
	struct tu_str message = tu_str_c(err->message);

	if (tu_str_search(message, tu_str_c(words)) == message.len)
		fail_msg("\"%s\" is not in: %s", words, err->message);
}

static void test_misdeeds(void **state)
{
	(void)state;
	for (size_t i = 0; i < TU_COUNT(misdeeds); i++) {
		struct tu_error err;
		struct tu_sandbox *sandbox = misdeeds[i].where == HASTY ? hasty : rough;
		size_t components;
		enum tu_status status;

		if (misdeeds[i].where == MEMORY && TU_SANDBOX_SANITIZED)
			continue;
		status = try_reading(sandbox, tu_str_c(misdeeds[i].upload), &components, &err);
		if (status != misdeeds[i].status)
			fail_msg("%s: %s", misdeeds[i].upload, err.message);
		assert_says(&err, misdeeds[i].words);
		assert_reads(sandbox);
	}
	/* the parent has what its children do not */
	assert_string_equal(getenv("TUTELA_TEST_SECRET"), "swordfish");
}

static void test_state(void **state)
{
	(void)state;
	assert_int_equal(tu_sandbox_state(plain), TU_SANDBOX_CONFINED);
	assert_non_null(strstr(tu_sandbox_words(plain), "seccomp"));
}

static void test_errors_of_the_reader(void **state)
{
	struct tu_error err;
	size_t components;

	(void)state;
	assert_int_equal(try_reading(plain,
				 TU_STR("{\"bomFormat\":\"CycloneDX\",\n\"specVersion\":\"1.6\","
					"\"components\":7}"),
				 &components, &err),
		TU_E_SYNTAX);
	assert_int_equal(err.line, 2);
	assert_string_equal(err.pointer, "/components");
	assert_says(&err, "expected an array, found a number");
	assert_int_equal(try_reading(plain, TU_STR(""), &components, &err), TU_E_SYNTAX);
	assert_says(&err, "empty");
	/* gzip that ends too early */
	assert_int_equal(
		try_reading(plain, TU_STR("\x1f\x8b\x08\0\0\0\0\0\0\x03"), &components, &err),
		TU_E_SYNTAX);
	assert_reads(plain);
}

static void test_limits(void **state)
{
	struct tu_arena *arena = tu_arena_new(0);
	const struct tu_sbom_limits one = {.components = 1}, few = {.bytes = 50};
	const struct tu_sandbox_upload by_one = {document, &one}, by_few = {document, &few};
	const struct tu_inventory *inventory = NULL;
	struct tu_error err = {0};

	(void)state;
	assert_int_equal(tu_sandbox_read_sbom(plain, &by_one, arena, &inventory, &err), TU_E_LIMIT);
	assert_says(&err, "more than the limit of 1");
	assert_int_equal(tu_sandbox_read_sbom(plain, &by_few, arena, &inventory, &err), TU_E_LIMIT);
	assert_says(&err, "more than the limit of 50 bytes");
	assert_null(inventory);
	tu_arena_free(arena);
}

/* ---- an upload that could change while it is read ---- */

/* What a child answers to `bytes` bytes of an upload in a memfd with these seals. */
static void ask_child(int seals, size_t bytes, struct tu_sandbox_reply *out_reply)
{
	struct tu_sandbox_request request = {.magic = TU_SANDBOX_REQUEST, .bytes = bytes};
	int upload = memfd_create("upload", MFD_CLOEXEC | MFD_ALLOW_SEALING), ends[2];
	pid_t child;

	assert_int_equal(write(upload, document.ptr, document.len), document.len);
	assert_int_equal(ftruncate(upload, (off_t)document.len + 64), 0);
	assert_int_equal(fcntl(upload, F_ADD_SEALS, seals), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	child = fork();
	if (child == 0)
		tu_sandbox__child(ends[1], 64 * MEGABYTE, tu_sandbox__read);
	(void)close(ends[1]);
	request.limits.bytes = MEGABYTE;
	assert_true(tu_sandbox__send(ends[0], &request, sizeof(request), upload));
	assert_true(tu_sandbox__receive(ends[0], out_reply, sizeof(*out_reply), NULL));
	(void)close(ends[0]);
	(void)close(upload);
	assert_int_equal(waitpid(child, NULL, 0), child);
}

static void test_seals(void **state)
{
	const int all = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
	struct tu_sandbox_reply reply;

	(void)state;
	ask_child(all, document.len, &reply);
	assert_int_equal(reply.status, TU_OK);
	ask_child(all, document.len + 1, &reply);
	assert_int_equal(reply.status, TU_E_USAGE);
	ask_child(all & ~F_SEAL_WRITE, document.len, &reply);
	assert_int_equal(reply.status, TU_E_USAGE);
	ask_child(all & ~F_SEAL_SHRINK, document.len, &reply);
	assert_int_equal(reply.status, TU_E_USAGE);
	assert_non_null(strstr(reply.message, "not sealed"));
}

/* ---- threads ---- */

enum { THREADS = 12, ROUNDS = 8 };

static void *read_often(void *context)
{
	size_t *read = context;

	for (int i = 0; i < ROUNDS; i++) {
		struct tu_error err;
		size_t components;

		if (!try_reading(rough, i % 4 == 3 ? TU_STR("open") : document, &components, &err))
			*read += components;
	}
	return NULL;
}

static void test_threads(void **state)
{
	pthread_t threads[THREADS];
	size_t read[THREADS] = {0};
	struct tu_sandbox *another = NULL;
	struct tu_error err = {0};

	(void)state;
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, read_often, &read[i]), 0);
	/* a copy of a process with threads is no zygote */
	assert_int_equal(tu_sandbox_start(NULL, &another, &err), TU_E_USAGE);
	assert_says(&err, "before there are threads");
	for (size_t i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_int_equal(read[i], 2 * (ROUNDS - ROUNDS / 4));
	}
}

/* ---- off, and ended ---- */

static void test_off(void **state)
{
	const struct tu_sandbox_options off = {.off = true};
	struct tu_sandbox *sandbox = NULL;

	(void)state;
	assert_int_equal(tu_sandbox_start(&off, &sandbox, NULL), TU_OK);
	assert_int_equal(tu_sandbox_state(sandbox), TU_SANDBOX_OFF);
	assert_string_equal(tu_sandbox_words(sandbox), "off");
	assert_reads(sandbox);
	tu_sandbox_stop(sandbox);
}

/* Somebody kills it: the next upload is read by a child of another one. */
static void test_a_dead_zygote(void **state)
{
	struct tu_sandbox *sandbox = NULL;
	pid_t before;

	(void)state;
	assert_int_equal(tu_sandbox_start(NULL, &sandbox, NULL), TU_OK);
	for (int i = 0; i < 3; i++) {
		assert_reads(sandbox);
		before = tu_sandbox__zygote_of(sandbox);
		assert_int_equal(kill(before, SIGKILL), 0);
		assert_reads(sandbox);
		assert_int_not_equal(tu_sandbox__zygote_of(sandbox), before);
		assert_int_equal(tu_sandbox_state(sandbox), TU_SANDBOX_CONFINED);
	}
	/* what ends a service at its terminal ends no reader before it */
	assert_int_equal(kill(tu_sandbox__zygote_of(sandbox), SIGINT), 0);
	assert_int_equal(kill(tu_sandbox__keeper_of(sandbox), SIGTERM), 0);
	before = tu_sandbox__zygote_of(sandbox);
	assert_reads(sandbox);
	assert_int_equal(tu_sandbox__zygote_of(sandbox), before);
	tu_sandbox_stop(sandbox);
}

/* It ends by itself, as by an order that is none: the same. */
static void test_a_zygote_that_ends(void **state)
{
	struct tu_sandbox *sandbox = NULL;
	pid_t before;

	(void)state;
	assert_int_equal(tu_sandbox_start(NULL, &sandbox, NULL), TU_OK);
	assert_reads(sandbox);
	for (int i = 0; i < 3; i++) {
		before = tu_sandbox__zygote_of(sandbox);
		assert_int_equal(send(tu_sandbox__socket_of(sandbox), "", 0, MSG_NOSIGNAL), 0);
		assert_reads(sandbox);
		assert_int_not_equal(tu_sandbox__zygote_of(sandbox), before);
		assert_int_equal(tu_sandbox_state(sandbox), TU_SANDBOX_CONFINED);
	}
	tu_sandbox_stop(sandbox);
}

static void test_all_are_dead(void **state)
{
	struct tu_sandbox *sandbox = NULL;
	struct pollfd end = {0};
	struct tu_error err;
	size_t components;

	(void)state;
	assert_int_equal(tu_sandbox_start(NULL, &sandbox, NULL), TU_OK);
	assert_reads(sandbox);
	assert_int_equal(kill(tu_sandbox__keeper_of(sandbox), SIGKILL), 0);
	assert_int_equal(kill(tu_sandbox__zygote_of(sandbox), SIGKILL), 0);
	/* nobody has to ask for it to be seen */
	assert_int_equal(
		waitpid(tu_sandbox__keeper_of(sandbox), NULL, 0), tu_sandbox__keeper_of(sandbox));
	end.fd = tu_sandbox__socket_of(sandbox);
	assert_int_equal(poll(&end, 1, 60000), 1);
	assert_int_equal(tu_sandbox_state(sandbox), TU_SANDBOX_ENDED);
	assert_int_equal(try_reading(sandbox, document, &components, &err), TU_E_IO);
	assert_says(&err, "until the service is started again");
	assert_int_equal(tu_sandbox_state(sandbox), TU_SANDBOX_ENDED);
	assert_string_equal(tu_sandbox_words(sandbox), "ended");
	tu_sandbox_stop(sandbox);
	/* without threads it can be started again */
	assert_int_equal(tu_sandbox_start(NULL, &sandbox, NULL), TU_OK);
	assert_reads(sandbox);
	tu_sandbox_stop(sandbox);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_misdeeds),
		cmocka_unit_test(test_state),
		cmocka_unit_test(test_errors_of_the_reader),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_seals),
		cmocka_unit_test(test_off),
		cmocka_unit_test(test_a_dead_zygote),
		cmocka_unit_test(test_a_zygote_that_ends),
		cmocka_unit_test(test_all_are_dead),
		/* last: afterwards a sanitizer may keep a thread of its own */
		cmocka_unit_test(test_threads),
	};

	return cmocka_run_group_tests(tests, start_all, stop_all);
}
