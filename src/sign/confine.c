#define _GNU_SOURCE /* for sys/prctl.h and the numbers of calls */
#include "base/seccomp.h"
#include "sign/confine.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <tutela/str.h>

void tu_sign__hide(void)
{
	const struct rlimit none = {0, 0};

	(void)setrlimit(RLIMIT_CORE, &none);
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
}

/* Messages, the log, memory, time, random numbers, the end. */
static const int allowed[] = {SYS_recvfrom, SYS_recvmsg, SYS_sendto, SYS_sendmsg, SYS_read,
	SYS_write, SYS_lseek, SYS_pread64, SYS_fdatasync, SYS_ftruncate, SYS_close, SYS_brk,
	SYS_mmap, SYS_munmap, SYS_mremap, SYS_madvise, SYS_mprotect, SYS_futex, SYS_getrandom,
	SYS_clock_gettime, SYS_getpid, SYS_gettid, SYS_rt_sigreturn, SYS_rt_sigprocmask,
	SYS_sigaltstack, SYS_restart_syscall, SYS_sched_yield, SYS_exit, SYS_exit_group};

static bool load_filter(const struct tu_seccomp *seccomp)
{
	scmp_filter_ctx filter = seccomp->seccomp_init(SCMP_ACT_ERRNO(EPERM));
	bool fine = filter != NULL;

	for (size_t i = 0; fine && i < TU_COUNT(allowed); i++)
		fine = seccomp->seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0) == 0;
	fine = fine && seccomp->seccomp_load(filter) == 0;
	if (filter)
		seccomp->seccomp_release(filter);
	return fine;
}

bool tu_sign__confine(void)
{
	const struct tu_seccomp *seccomp = tu_seccomp();
	int fd;

	if (!seccomp || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !load_filter(seccomp))
		return false;
	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd >= 0)
		(void)close(fd);
	return fd < 0 && errno == EPERM;
}
