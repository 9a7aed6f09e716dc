/* The system calls that a reader makes. Any other kills its process. */
#define _GNU_SOURCE /* F_GET_SEALS */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/seccomp.h"
#include "sandbox/wire.h"

/* Of the zygote, which has one thread. */
static const struct tu_seccomp *seccomp;
static scmp_filter_ctx filter;

/* ---- the table ---- */

enum when { ALWAYS, NOT_EXECUTABLE, OF_SEALS, SANITIZED };

static const struct {
	const char *call;
	enum when when;
} calls[] = {
	/* the socket and the upload */
	{"recvmsg", ALWAYS},
	{"sendmsg", ALWAYS},
	{"read", ALWAYS},
	{"write", ALWAYS},
	{"close", ALWAYS},
	{"lseek", ALWAYS}, /* how large the upload is: stat(2) would name files */
	{"fcntl", OF_SEALS},
	/* memory */
	{"mmap", NOT_EXECUTABLE},
	{"mprotect", NOT_EXECUTABLE},
	{"munmap", ALWAYS},
	{"mremap", ALWAYS},
	{"madvise", ALWAYS},
	{"brk", ALWAYS},
	/* what the C library does by itself */
	{"futex", ALWAYS},
	{"clock_gettime", ALWAYS},
	{"getrandom", ALWAYS},
	{"sysinfo", ALWAYS}, /* qsort(3) asks how much memory there is */
	{"restart_syscall", ALWAYS},
	{"rt_sigprocmask", ALWAYS},
	{"rt_sigreturn", ALWAYS},
	{"getpid", ALWAYS},
	{"gettid", ALWAYS},
	{"exit", ALWAYS},
	{"exit_group", ALWAYS},
	{"sigaltstack", SANITIZED},
	{"sched_yield", SANITIZED},
	{"pipe", SANITIZED},
	{"pipe2", SANITIZED},
};

static int allow(const char *call, const struct scmp_arg_cmp *argument)
{
	int number = seccomp->seccomp_syscall_resolve_name(call);

	if (number == __NR_SCMP_ERROR)
		return 0; /* this processor has no such call */
	return seccomp->seccomp_rule_add_array(
		filter, SCMP_ACT_ALLOW, number, argument ? 1 : 0, argument);
}

static int allow_row(size_t row)
{
	const struct scmp_arg_cmp no_code = {2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0};
	const struct scmp_arg_cmp seals = {1, SCMP_CMP_EQ, F_GET_SEALS, 0};

	switch (calls[row].when) {
	case NOT_EXECUTABLE:
		return allow(calls[row].call, &no_code);
	case OF_SEALS:
		return allow(calls[row].call, &seals);
	case SANITIZED:
		if (!TU_SANDBOX_SANITIZED)
			return 0;
		break;
	case ALWAYS:
		break;
	}
	return allow(calls[row].call, NULL);
}

static bool problem_is(char problem[TU_ERROR_MESSAGE_MAX], const char *what, int code)
{
	(void)snprintf(problem, TU_ERROR_MESSAGE_MAX, "%s: %s", what, strerror(code));
	return false;
}

bool tu_sandbox__filter_make(char problem[TU_ERROR_MESSAGE_MAX])
{
	int code = 0;

	seccomp = tu_seccomp();
	if (!seccomp) {
		(void)snprintf(problem, TU_ERROR_MESSAGE_MAX,
			"libseccomp (%s), by which readers of uploads are confined, is not "
			"installed",
			TU_SECCOMP_SONAME);
		return false;
	}
	filter = seccomp->seccomp_init(SCMP_ACT_KILL_PROCESS);
	if (!filter)
		return problem_is(problem, "seccomp", ENOMEM);
	code = seccomp->seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	for (size_t i = 0; code == 0 && i < TU_COUNT(calls); i++)
		code = allow_row(i);
	return code == 0 || problem_is(problem, "the filter of system calls", -code);
}

/* abort(3) must end this process, and nobody else's. */
bool tu_sandbox__filter_enter(char problem[TU_ERROR_MESSAGE_MAX])
{
	const struct scmp_arg_cmp self = {0, SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0};
	int code = allow("tgkill", &self);

	if (code == 0)
		code = seccomp->seccomp_load(filter);
	return code == 0 || problem_is(problem, "seccomp", -code);
}
