/* The side of the process that has uploads read. */
#define _GNU_SOURCE /* memfd_create, F_ADD_SEALS */
#include "sandbox/sandbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/input.h"
#include "base/json.h"
#include "base/utf8.h"
#include "sandbox/wire.h"
#include "sbom/flat/flat.h"

#define DEFAULT_MEMORY ((size_t)1 << 30)
#define DEFAULT_BYTES ((size_t)1 << 30)
enum { SPARES = 2, AT_ONCE = 8, AT_ONCE_MAX = 64, CPU_SECONDS = 30, SECONDS = 60 };

struct tu_sandbox {
	struct tu_sandbox_options options; /* without zeros */
	int zygote; /* socket; -1: off */
	pid_t keeper;
	atomic_int pid; /* of the zygote that was last heard of */
	atomic_bool landlock;
	atomic_bool ended;
	pthread_mutex_t asking; /* one order and its answer at a time */
	uint32_t sequence;
	pthread_mutex_t counting;
	pthread_cond_t fewer;
	unsigned reading;
};

/* ---- start and stop ---- */

static struct tu_sandbox_options options_of(const struct tu_sandbox_options *given)
{
	struct tu_sandbox_options o = {0};

	if (given)
		o = *given;
	o.at_once = o.at_once ? o.at_once : AT_ONCE;
	o.at_once = o.at_once > AT_ONCE_MAX ? AT_ONCE_MAX : o.at_once;
	o.spares = o.spares ? o.spares : SPARES;
	o.spares = o.spares > o.at_once ? o.at_once : o.spares;
	o.memory = o.memory ? o.memory : DEFAULT_MEMORY;
	o.cpu_seconds = o.cpu_seconds ? o.cpu_seconds : CPU_SECONDS;
	o.seconds = o.seconds ? o.seconds : SECONDS;
	return o;
}

/* What /proc cannot say is not held against the caller. */
static bool has_threads(void)
{
	DIR *tasks = opendir("/proc/self/task");
	unsigned count = 0;

	if (!tasks)
		return false;
	for (const struct dirent *entry; (entry = readdir(tasks)) != NULL;)
		count += entry->d_name[0] != '.';
	(void)closedir(tasks);
	return count > 1;
}

/* Beyond the standard streams, which the zygote replaces. */
static bool make_ends(int ends[2])
{
	int first[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, first) != 0)
		return false;
	for (int i = 0; i < 2; i++) {
		ends[i] = fcntl(first[i], F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
		(void)close(first[i]);
	}
	return ends[0] >= 0 && ends[1] >= 0;
}

/* A zygote has begun. False: it cannot go on. */
static bool note_begin(struct tu_sandbox *sandbox, struct tu_sandbox_answer *first)
{
	first->problem[sizeof(first->problem) - 1] = '\0';
	atomic_store(&sandbox->landlock, first->landlock);
	atomic_store(&sandbox->pid, first->child);
	return !first->problem[0];
}

static enum tu_status start_zygote(
	struct tu_sandbox *sandbox, tu_sandbox_work *work, struct tu_error *err)
{
	struct tu_sandbox_answer first;
	int ends[2];

	if (!make_ends(ends))
		return tu_fail(err, TU_E_IO, 0, "no sockets for the readers: %s", strerror(errno));
	sandbox->keeper = fork();
	if (sandbox->keeper == 0)
		tu_sandbox__keep(ends[1], &sandbox->options, work);
	(void)close(ends[1]);
	sandbox->zygote = ends[0];
	if (sandbox->keeper < 0)
		return tu_fail(err, TU_E_IO, 0, "no process for the readers: %s", strerror(errno));
	if (!tu_sandbox__receive(ends[0], &first, sizeof(first), NULL))
		return tu_fail(err, TU_E_IO, 0, "the process that starts readers has ended");
	return note_begin(sandbox, &first) ? TU_OK
					   : tu_fail(err, TU_E_UNSUPPORTED, 0, "%s", first.problem);
}

static enum tu_status init_locks(struct tu_sandbox *sandbox, struct tu_error *err)
{
	if (pthread_mutex_init(&sandbox->asking, NULL) != 0 ||
		pthread_mutex_init(&sandbox->counting, NULL) != 0 ||
		pthread_cond_init(&sandbox->fewer, NULL) != 0)
		return tu_no_memory(err);
	return TU_OK;
}

enum tu_status tu_sandbox__start(const struct tu_sandbox_options *options, tu_sandbox_work *work,
	struct tu_sandbox **out_sandbox, struct tu_error *err)
{
	struct tu_sandbox *sandbox;
	enum tu_status status;

	if (has_threads() && !(options && options->off))
		return tu_fail(
			err, TU_E_USAGE, 0, "the readers must be started before there are threads");
	sandbox = tu_alloc(1, sizeof(*sandbox));
	if (!sandbox)
		return tu_no_memory(err);
	sandbox->options = options_of(options);
	sandbox->zygote = -1;
	status = init_locks(sandbox, err);
	if (!status && !sandbox->options.off)
		status = start_zygote(sandbox, work, err);
	if (status)
		tu_sandbox_stop(sandbox);
	else
		*out_sandbox = sandbox;
	return status;
}

enum tu_status tu_sandbox_start(const struct tu_sandbox_options *options,
	struct tu_sandbox **out_sandbox, struct tu_error *err)
{
	return tu_sandbox__start(options, tu_sandbox__read, out_sandbox, err);
}

void tu_sandbox_stop(struct tu_sandbox *sandbox)
{
	if (!sandbox)
		return;
	/* It ends when nobody is at the other end any more. */
	if (sandbox->zygote >= 0)
		(void)close(sandbox->zygote);
	if (sandbox->keeper > 0)
		while (waitpid(sandbox->keeper, NULL, 0) < 0 && errno == EINTR)
			;
	(void)pthread_cond_destroy(&sandbox->fewer);
	(void)pthread_mutex_destroy(&sandbox->counting);
	(void)pthread_mutex_destroy(&sandbox->asking);
	tu_free(sandbox);
}

pid_t tu_sandbox__zygote_of(const struct tu_sandbox *sandbox)
{
	return atomic_load(&sandbox->pid);
}

int tu_sandbox__socket_of(const struct tu_sandbox *sandbox)
{
	return sandbox->zygote;
}

pid_t tu_sandbox__keeper_of(const struct tu_sandbox *sandbox)
{
	return sandbox->keeper;
}

/* Keeper and zygote have ended, and nobody has asked since. */
static bool has_nobody(const struct tu_sandbox *sandbox)
{
	struct pollfd end = {.fd = sandbox->zygote};

	return poll(&end, 1, 0) > 0 && (end.revents & (POLLHUP | POLLERR));
}

enum tu_sandbox_state tu_sandbox_state(const struct tu_sandbox *sandbox)
{
	if (sandbox->options.off)
		return TU_SANDBOX_OFF;
	return atomic_load(&sandbox->ended) || has_nobody(sandbox) ? TU_SANDBOX_ENDED
								   : TU_SANDBOX_CONFINED;
}

const char *tu_sandbox_words(const struct tu_sandbox *sandbox)
{
	switch (tu_sandbox_state(sandbox)) {
	case TU_SANDBOX_OFF:
		return "off";
	case TU_SANDBOX_ENDED:
		return "ended";
	case TU_SANDBOX_CONFINED:
		break;
	}
	return atomic_load(&sandbox->landlock) ? "seccomp and Landlock"
					       : "seccomp, without Landlock";
}

/* ---- a child ---- */

enum heard_of { ANSWERED, RESTARTED, GONE };

/* Until the answer to this order, or word of another zygote. The lock is held. */
static enum heard_of hear_answer(
	struct tu_sandbox *sandbox, struct tu_sandbox_answer *answer, int *fd)
{
	for (;;) {
		int came = -1;

		if (!tu_sandbox__receive(sandbox->zygote, answer, sizeof(*answer), &came))
			return GONE;
		if (answer->sequence == sandbox->sequence) {
			if (fd)
				*fd = came;
			else if (came >= 0)
				(void)close(came);
			return ANSWERED;
		}
		if (came >= 0)
			(void)close(came);
		if (!answer->sequence)
			return note_begin(sandbox, answer) ? RESTARTED : GONE;
	}
}

/* `answer` NULL: nothing is answered. The lock is held. */
static enum heard_of try_asking(struct tu_sandbox *sandbox, const struct tu_sandbox_order *order,
	struct tu_sandbox_answer *answer, int *fd)
{
	struct tu_sandbox_order numbered = *order;

	sandbox->sequence += sandbox->sequence == UINT32_MAX ? 2 : 1;
	numbered.sequence = sandbox->sequence;
	if (!tu_sandbox__send(sandbox->zygote, &numbered, sizeof(numbered), -1))
		return GONE;
	return answer ? hear_answer(sandbox, answer, fd) : ANSWERED;
}

/* Another zygote has no child of the one before: only a new one is asked for again. */
static enum tu_status ask(struct tu_sandbox *sandbox, const struct tu_sandbox_order *order,
	struct tu_sandbox_answer *answer, int *fd, struct tu_error *err)
{
	enum { TRIES = 5 };
	enum heard_of heard = GONE;

	(void)pthread_mutex_lock(&sandbox->asking);
	if (!atomic_load(&sandbox->ended))
		heard = RESTARTED;
	for (int i = 0; heard == RESTARTED && i < TRIES; i++) {
		heard = try_asking(sandbox, order, answer, fd);
		if (order->ask != TU_SANDBOX_TAKE)
			break;
	}
	if (heard == GONE)
		atomic_store(&sandbox->ended, true);
	(void)pthread_mutex_unlock(&sandbox->asking);
	if (heard == RESTARTED)
		return tu_fail(err, TU_E_IO, 0,
			"the process that starts readers of uploads ended meanwhile, and has been "
			"started again: try again");
	return heard == ANSWERED
		? TU_OK
		: tu_fail(err, TU_E_IO, 0,
			  "the process that starts readers of uploads has ended: nothing can be "
			  "read until the service is started again");
}

static void wait_for_turn(struct tu_sandbox *sandbox)
{
	(void)pthread_mutex_lock(&sandbox->counting);
	while (sandbox->reading >= sandbox->options.at_once)
		(void)pthread_cond_wait(&sandbox->fewer, &sandbox->counting);
	sandbox->reading++;
	(void)pthread_mutex_unlock(&sandbox->counting);
}

static void end_turn(struct tu_sandbox *sandbox)
{
	(void)pthread_mutex_lock(&sandbox->counting);
	sandbox->reading--;
	(void)pthread_cond_signal(&sandbox->fewer);
	(void)pthread_mutex_unlock(&sandbox->counting);
}

/* ---- the upload ---- */

static bool write_all(int fd, struct tu_str text)
{
	while (text.len) {
		ssize_t put = write(fd, text.ptr, text.len);

		if (put < 0 && errno != EINTR)
			return false;
		text = tu_str_from(text, put > 0 ? (size_t)put : 0);
	}
	return true;
}

/* The upload and its padding in a memfd that nobody can change. -1: no memory for it. */
static int seal(struct tu_str upload)
{
	static const char padding[TU_JSON_PADDING];
	int fd = memfd_create("upload", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0)
		return -1;
	if (write_all(fd, upload) && write_all(fd, tu_str_of(padding, sizeof(padding))) &&
		fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) ==
			0)
		return fd;
	(void)close(fd);
	return -1;
}

static enum tu_status send_upload(
	int child, struct tu_str upload, const struct tu_sbom_limits *limits, struct tu_error *err)
{
	const struct tu_sandbox_request request = {
		.magic = TU_SANDBOX_REQUEST, .bytes = upload.len, .limits = *limits};
	int fd = seal(upload);

	if (fd < 0)
		return tu_fail(
			err, TU_E_IO, 0, "the upload cannot be handed on: %s", strerror(errno));
	/* What comes back says why, if it cannot be sent. */
	(void)tu_sandbox__send(child, &request, sizeof(request), fd);
	(void)close(fd);
	return TU_OK;
}

/* ---- the answer ---- */

/* Wait until there is something, a little longer than the zygote lets it run. */
static bool is_ready(const struct tu_sandbox *sandbox, int child)
{
	enum { GRACE = 10, MILLISECONDS = 1000 };
	struct pollfd from = {.fd = child, .events = POLLIN};
	int ready;

	do {
		ready = poll(&from, 1, ((int)sandbox->options.seconds + GRACE) * MILLISECONDS);
	} while (ready < 0 && errno == EINTR);
	return ready > 0;
}

enum heard { HEARD_ALL, HEARD_NOTHING, HEARD_NONSENSE };

static bool makes_sense(const struct tu_sandbox_reply *reply, size_t most)
{
	return reply->magic == TU_SANDBOX_REPLY && reply->status <= TU_E_CONSTRAINT &&
		reply->bytes <= most && (reply->status == TU_OK) == (reply->bytes != 0) &&
		memchr(reply->pointer, '\0', sizeof(reply->pointer)) &&
		memchr(reply->message, '\0', sizeof(reply->message));
}

/* In pieces as they come: a child that states a length does not get the memory for it. */
static enum heard receive_packed(
	const struct tu_sandbox *sandbox, int child, size_t len, struct tu_buf *packed)
{
	enum { PIECE = 256 << 10 };

	while (packed->len < len) {
		size_t want = len - packed->len < PIECE ? len - packed->len : PIECE;

		if (!tu_buf_reserve(packed, want))
			return HEARD_ALL;
		if (!is_ready(sandbox, child) ||
			!tu_sandbox__receive(child, packed->ptr + packed->len, want, NULL))
			return HEARD_NOTHING;
		packed->len += want;
	}
	return HEARD_ALL;
}

static enum heard hear(const struct tu_sandbox *sandbox, int child, struct tu_sandbox_reply *reply,
	struct tu_buf *packed)
{
	if (!is_ready(sandbox, child) || !tu_sandbox__receive(child, reply, sizeof(*reply), NULL))
		return HEARD_NOTHING;
	if (!makes_sense(reply, packed->ceiling))
		return HEARD_NONSENSE;
	return receive_packed(sandbox, child, reply->bytes, packed);
}

/* Words of a child are shown to people: no controls, and UTF-8. */
static void clean(char *text)
{
	struct tu_str rest = tu_str_c(text);

	while (rest.len) {
		size_t len = tu_utf8_len(rest);
		struct tu_str next = tu_str_from(rest, len ? len : 1);
		uint32_t point = 0;

		if (!tu_utf8_next(&rest, &point) || point < ' ' || tu_utf8_deceives(point))
			memset(text + (next.ptr - text) - (len ? len : 1), '?', len ? len : 1);
		rest = next;
	}
}

static enum tu_status fail_as(
	const struct tu_sandbox *sandbox, struct tu_sandbox_reply *reply, struct tu_error *err)
{
	const struct tu_error_place place = {
		reply->offset, reply->line, reply->column, reply->pointer};

	clean(reply->pointer);
	clean(reply->message);
	if (reply->status == TU_E_NOMEM)
		return tu_fail(err, TU_E_LIMIT, 0,
			"reading it takes more memory than the limit of %zu MiB",
			sandbox->options.memory >> 20);
	return tu_fail_at(err, (enum tu_status)reply->status, &place, "%s", reply->message);
}

/* Why it answered nothing, or nothing that makes sense. */
static enum tu_status fail_ended(const struct tu_sandbox *sandbox,
	const struct tu_sandbox_answer *end, enum heard heard, struct tu_error *err)
{
	int signal = WIFSIGNALED(end->ended) ? WTERMSIG(end->ended) : 0;

	if (heard == HEARD_NONSENSE)
		return tu_fail(err, TU_E_CORRUPT, 0,
			"the process that read it answered with what is no answer");
	if (end->too_late)
		return tu_fail(err, TU_E_LIMIT, 0, "reading it takes longer than the limit of %u s",
			sandbox->options.seconds);
	if (signal == SIGXCPU)
		return tu_fail(err, TU_E_LIMIT, 0,
			"reading it takes more processor time than the limit of %u s",
			sandbox->options.cpu_seconds);
	if (signal == SIGSYS)
		return tu_fail(err, TU_E_CORRUPT, 0,
			"the process that read it was ended: it made a system call that no reader "
			"makes");
	if (signal && signal != SIGKILL)
		return tu_fail(err, TU_E_CORRUPT, 0, "the process that read it crashed (%s)",
			strsignal(signal));
	return tu_fail(err, TU_E_CORRUPT, 0, "the process that read it ended without an answer");
}

/* ---- reading ---- */

static enum tu_status conclude(const struct tu_sandbox *sandbox, enum heard heard,
	struct tu_sandbox_reply *reply, const struct tu_sandbox_answer *end, struct tu_error *err)
{
	if (heard != HEARD_ALL)
		return fail_ended(sandbox, end, heard, err);
	return reply->status ? fail_as(sandbox, reply, err) : TU_OK;
}

/* Have a child read it; the packed inventory goes to `packed`. */
static enum tu_status read_in_child(struct tu_sandbox *sandbox, struct tu_str upload,
	const struct tu_sbom_limits *limits, struct tu_buf *packed, struct tu_error *err)
{
	const struct tu_sandbox_order take = {.ask = TU_SANDBOX_TAKE};
	struct tu_sandbox_order over = {.ask = TU_SANDBOX_FORGET};
	struct tu_sandbox_answer given = {0}, end = {0};
	struct tu_sandbox_reply reply = {0};
	enum heard heard = HEARD_NOTHING;
	int child = -1;
	enum tu_status status = ask(sandbox, &take, &given, &child, err);

	if (status)
		return status;
	if (child < 0)
		return tu_fail(err, TU_E_IO, 0, "no process could be started that reads it");
	status = send_upload(child, upload, limits, err);
	if (!status)
		heard = hear(sandbox, child, &reply, packed);
	(void)close(child);
	over.child = given.child;
	if (!status && heard == HEARD_ALL) {
		/* That the zygote has ended meanwhile is for the next one to hear. */
		(void)!ask(sandbox, &over, NULL, NULL, NULL);
	} else {
		over.ask = TU_SANDBOX_FINISH;
		if (ask(sandbox, &over, &end, NULL, err) && !status)
			return TU_E_IO;
	}
	if (!status)
		status = conclude(sandbox, heard, &reply, &end, err);
	return !status && packed->failed ? tu_no_memory(err) : status;
}

static enum tu_status read_here(struct tu_str upload, const struct tu_sbom_limits *limits,
	struct tu_arena *arena, const struct tu_inventory **out_inventory, struct tu_error *err)
{
	enum tu_status status;
	struct tu_buf text;

	tu_buf_init(&text, limits->bytes);
	status = tu_input_unpack(upload, &text, err);
	if (!status)
		status = tu_sbom_read(arena, tu_buf_str(&text), true, limits, out_inventory, err);
	tu_buf_done(&text);
	return status;
}

/* The packed form has bytes and depth of its own; a reader in a child keeps to those of the
 * document.
 */
static enum tu_status unpack(struct tu_str packed, const struct tu_sbom_limits *limits,
	struct tu_arena *arena, const struct tu_inventory **out_inventory, struct tu_error *err)
{
	struct tu_sbom_limits own = *limits;
	enum tu_status status;

	own.bytes = DEFAULT_BYTES;
	status = tu_inventory_unpack(arena, packed, &own, out_inventory, err);
	if (status == TU_E_CORRUPT || status == TU_E_UNSUPPORTED) {
		err->status = TU_E_CORRUPT;
		return tu_error_prefix(err, "the process that read it answered with");
	}
	return status;
}

enum tu_status tu_sandbox_read_sbom(struct tu_sandbox *sandbox,
	const struct tu_sandbox_upload *upload, struct tu_arena *arena,
	const struct tu_inventory **out_inventory, struct tu_error *err)
{
	struct tu_sbom_limits own = {0};
	struct tu_error unseen;
	enum tu_status status;
	struct tu_buf packed;

	if (!err)
		err = &unseen;
	if (upload->limits)
		own = *upload->limits;
	if (!own.bytes)
		own.bytes = DEFAULT_BYTES;
	if (sandbox->options.off)
		return read_here(upload->bytes, &own, arena, out_inventory, err);
	if (upload->bytes.len > own.bytes)
		return tu_fail(
			err, TU_E_LIMIT, own.bytes, "more than the limit of %zu bytes", own.bytes);
	tu_buf_init(&packed, DEFAULT_BYTES);
	wait_for_turn(sandbox);
	status = read_in_child(sandbox, upload->bytes, &own, &packed, err);
	end_turn(sandbox);
	if (!status)
		status = unpack(tu_buf_str(&packed), &own, arena, out_inventory, err);
	tu_buf_done(&packed);
	return status;
}
