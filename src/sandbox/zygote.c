/* The zygote: one thread that starts children ahead, gives them away, watches their time and says
 * how they ended; and the process that starts it, again when it dies. */
#define _GNU_SOURCE /* close_range, clearenv */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/archive.h"
#include "sandbox/wire.h"

/* Those that read, those that wait, those whose memory is being given back. */
enum { CHILDREN_MAX = 64 + 64 + 64, RESTART_MS = 20, RESTART_MS_MAX = 1000 };

struct child {
	pid_t pid; /* 0: no child */
	int socket; /* of one that waits; -1: it was given away */
	int64_t until; /* nanoseconds of the monotonic clock, once it was given away */
	bool too_late;
	bool forgotten; /* it was ended, and nobody asks how */
};

struct zygote {
	int socket;
	const struct tu_sandbox_options *options;
	tu_sandbox_work *work;
	size_t memory; /* that this process has mapped: a child begins with it */
	struct child children[CHILDREN_MAX];
};

static int64_t now(void)
{
	const int64_t second = 1000000000;
	struct timespec time;

	(void)clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * second + time.tv_nsec;
}

/* ---- nothing of the process that it was ---- */

/* The texts themselves, too: a child has a copy of this memory. */
static void forget_environment(void)
{
	for (char **variable = environ; variable && *variable; variable++)
		explicit_bzero(*variable, strlen(*variable));
	(void)clearenv();
}

static void forget_descriptors(int keep)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	(void)dup2(null, STDIN_FILENO);
	(void)dup2(null, STDOUT_FILENO);
	if (!TU_SANDBOX_SANITIZED)
		(void)dup2(null, STDERR_FILENO);
	if (keep > STDERR_FILENO + 1)
		(void)close_range(STDERR_FILENO + 1, (unsigned)keep - 1, 0);
	(void)close_range((unsigned)keep + 1, ~0U, 0);
}

static void forget_signals(void)
{
	struct sigaction standard = {.sa_handler = SIG_DFL};
	sigset_t none;

	for (int i = 1; i < NSIG; i++)
		(void)sigaction(i, &standard, NULL);
	/* who ends them closes the socket: not a terminal, nor whoever ends the whole group */
	standard.sa_handler = SIG_IGN;
	(void)sigaction(SIGINT, &standard, NULL);
	(void)sigaction(SIGTERM, &standard, NULL);
	(void)sigaction(SIGHUP, &standard, NULL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Bytes that are mapped: the first number of statm, in pages. */
static size_t mapped(void)
{
	char text[32] = "";
	struct tu_str rest;
	uint64_t pages = 0;
	int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		(void)close(fd);
	rest = tu_str_of(text, got > 0 ? (size_t)got : 0);
	(void)tu_str_to_u64(tu_str_digits(&rest), SIZE_MAX >> 16, &pages);
	return (size_t)pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* ---- children ---- */

static struct child *free_place(struct zygote *z)
{
	for (size_t i = 0; i < CHILDREN_MAX; i++) {
		if (!z->children[i].pid)
			return &z->children[i];
	}
	return NULL;
}

static struct child *waiting(struct zygote *z)
{
	for (size_t i = 0; i < CHILDREN_MAX; i++) {
		if (z->children[i].pid && z->children[i].socket >= 0)
			return &z->children[i];
	}
	return NULL;
}

static unsigned count_waiting(const struct zygote *z)
{
	unsigned count = 0;

	for (size_t i = 0; i < CHILDREN_MAX; i++)
		count += z->children[i].pid && z->children[i].socket >= 0;
	return count;
}

/* In the child. One that cannot confine itself reads nothing. */
_Noreturn static void be_child(const struct zygote *z, int socket, pid_t parent)
{
	char problem[TU_ERROR_MESSAGE_MAX];
	bool landlock;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	forget_descriptors(socket);
	if (!tu_sandbox__confine(z->options, z->memory, &landlock, problem))
		_exit(1);
	tu_sandbox__child(socket, z->options->memory, z->work);
}

static bool start_child(struct zygote *z)
{
	struct child *child = free_place(z);
	pid_t parent = getpid();
	int ends[2];
	pid_t pid;

	if (!child || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return false;
	pid = fork();
	if (pid == 0)
		be_child(z, ends[1], parent);
	(void)close(ends[1]);
	if (pid > 0)
		*child = (struct child){.pid = pid, .socket = ends[0]};
	else
		(void)close(ends[0]);
	return pid > 0;
}

static void keep_spares(struct zygote *z)
{
	while (count_waiting(z) < z->options->spares && start_child(z))
		;
}

/* A child that confines itself and ends: is it possible here? */
static void try_child(const struct zygote *z, struct tu_sandbox_answer *answer)
{
	int ends[2];
	pid_t pid = -1;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0)
		pid = fork();
	if (pid == 0) {
		struct tu_sandbox_answer said = {0};

		(void)tu_sandbox__confine(z->options, z->memory, &said.landlock, said.problem);
		(void)tu_sandbox__send(ends[1], &said, sizeof(said), -1);
		_exit(0);
	}
	if (pid > 0)
		(void)close(ends[1]);
	if (pid < 0)
		(void)snprintf(answer->problem, sizeof(answer->problem),
			"no process for a reader: %s", strerror(errno));
	else if (!tu_sandbox__receive(ends[0], answer, sizeof(*answer), NULL))
		(void)snprintf(answer->problem, sizeof(answer->problem),
			"a reader's process does not survive being confined");
	if (pid > 0) {
		(void)close(ends[0]);
		(void)waitpid(pid, NULL, 0);
	}
}

/* ---- orders ---- */

static bool give(struct zygote *z, uint32_t sequence)
{
	struct tu_sandbox_answer answer = {.sequence = sequence};
	struct child *child = waiting(z);
	int fd = -1;
	bool sent;

	if (!child && start_child(z))
		child = waiting(z);
	if (child) {
		const int64_t second = 1000000000;

		answer.child = child->pid;
		fd = child->socket;
		child->socket = -1;
		child->until = now() + z->options->seconds * second;
	}
	sent = tu_sandbox__send(z->socket, &answer, sizeof(answer), fd);
	if (fd >= 0)
		(void)close(fd);
	return sent;
}

static struct child *given(struct zygote *z, int32_t pid)
{
	for (size_t i = 0; i < CHILDREN_MAX; i++) {
		struct child *child = &z->children[i];

		if (pid > 0 && child->pid == pid && child->socket < 0)
			return child;
	}
	return NULL;
}

/* What has begun to end keeps its own reason. */
static bool finish(struct zygote *z, struct child *child, uint32_t sequence)
{
	struct tu_sandbox_answer answer = {
		.sequence = sequence, .too_late = child && child->too_late};
	int ended = 0;

	if (child) {
		answer.child = child->pid;
		(void)kill(child->pid, SIGKILL);
		while (waitpid(child->pid, &ended, 0) < 0 && errno == EINTR)
			;
		*child = (struct child){0};
	}
	answer.ended = ended;
	return tu_sandbox__send(z->socket, &answer, sizeof(answer), -1);
}

/* Giving back much memory takes a while, for which nobody waits. */
static bool forget(struct child *child)
{
	if (child) {
		child->forgotten = true;
		(void)kill(child->pid, SIGKILL);
	}
	return true;
}

static bool obey(struct zygote *z)
{
	struct tu_sandbox_order order;
	bool ok;

	if (!tu_sandbox__receive(z->socket, &order, sizeof(order), NULL))
		return false;
	if (order.ask == TU_SANDBOX_TAKE)
		ok = give(z, order.sequence);
	else if (order.ask == TU_SANDBOX_FINISH)
		ok = finish(z, given(z, order.child), order.sequence);
	else
		ok = forget(given(z, order.child));
	keep_spares(z);
	return ok;
}

/* ---- time ---- */

/* Look after one that was given away; when to look again. */
static int64_t look_after(struct child *child, int64_t at)
{
	const int64_t soon = at + 20000000;

	if (child->forgotten) {
		if (waitpid(child->pid, NULL, WNOHANG) == 0)
			return soon;
		*child = (struct child){0};
		return INT64_MAX;
	}
	if (child->too_late)
		return INT64_MAX;
	if (child->until > at)
		return child->until;
	child->too_late = true;
	(void)kill(child->pid, SIGKILL);
	return INT64_MAX;
}

/* End those whose time is over. Milliseconds until there is something to do; -1: nothing. */
static int watch(struct zygote *z)
{
	const int64_t millisecond = 1000000;
	int64_t next = INT64_MAX, at = now();

	for (size_t i = 0; i < CHILDREN_MAX; i++) {
		struct child *child = &z->children[i];
		int64_t then = INT64_MAX;

		if (child->pid && child->socket < 0)
			then = look_after(child, at);
		next = then < next ? then : next;
	}
	return next == INT64_MAX ? -1 : (int)((next - at) / millisecond) + 1;
}

static void end_all(const struct zygote *z)
{
	for (size_t i = 0; i < CHILDREN_MAX; i++) {
		if (z->children[i].pid)
			(void)kill(z->children[i].pid, SIGKILL);
	}
}

/* Has the one that it works for ended, or closed its end? */
static bool has_nobody(int socket)
{
	struct pollfd end = {.fd = socket};

	return poll(&end, 1, 0) > 0 && (end.revents & (POLLHUP | POLLERR));
}

static void be_zygote(int socket, const struct tu_sandbox_options *options, tu_sandbox_work *work)
{
	struct zygote z = {.socket = socket, .options = options, .work = work};
	struct tu_sandbox_answer first = {.child = getpid()};
	bool on;

	tu_archive_prepare(); /* a child cannot open what is loaded when it is first used */
	if (tu_sandbox__filter_make(first.problem)) {
		z.memory = mapped();
		try_child(&z, &first);
	}
	first.sequence = 0;
	first.child = getpid();
	on = tu_sandbox__send(socket, &first, sizeof(first), -1) && !first.problem[0];
	if (on)
		keep_spares(&z);
	while (on) {
		struct pollfd from = {.fd = socket, .events = POLLIN};
		int ready = poll(&from, 1, watch(&z));

		if (ready > 0)
			on = obey(&z);
		else if (ready < 0 && errno != EINTR)
			on = false;
	}
	end_all(&z);
}

static void wait_for(long milliseconds)
{
	const struct timespec pause = {milliseconds / 1000, milliseconds % 1000 * 1000000L};

	(void)nanosleep(&pause, NULL);
}

/* However a zygote ends: another one takes its place while there is somebody to work for, later
 * each time that it was of no use. */
void tu_sandbox__keep(int socket, const struct tu_sandbox_options *options, tu_sandbox_work *work)
{
	long pause = RESTART_MS;

	(void)prctl(PR_SET_NAME, "tutela-readers");
	forget_signals();
	forget_environment();
	forget_descriptors(socket);
	for (;;) {
		pid_t zygote = fork();
		int ended = 0;

		if (zygote == 0) {
			be_zygote(socket, options, work);
			_exit(0);
		}
		while (zygote > 0 && waitpid(zygote, &ended, 0) < 0 && errno == EINTR)
			;
		if (has_nobody(socket))
			_exit(0);
		wait_for(pause);
		pause = zygote > 0 && WIFSIGNALED(ended) ? RESTART_MS
			: 2 * pause < RESTART_MS_MAX	 ? 2 * pause
							 : RESTART_MS_MAX;
	}
}
