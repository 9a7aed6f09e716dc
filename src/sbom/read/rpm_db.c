/* A copy of the database, and a process that reads it. */
#define _GNU_SOURCE /* pipe2, mkdtemp */
#include "sbom/read/rpm_db.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <tutela/str.h>

/* Of the database: the largest installations have some 300 MiB. */
#define DATABASE_MAX ((size_t)1 << 30)

enum { PATH_BYTES = 4096, PIECE = 64 * 1024, SECONDS_MAX = 120 };

struct job {
	const struct tu_sbom_rpm_form *form;
	char folder[64];
	/* Shared with the process that reads. */
	char *why;
};

static bool problem(char *why, const char *what, const char *detail)
{
	(void)snprintf(why, TU_SBOM_RPM_WHY_MAX, "%s%s%s", what, detail[0] ? ": " : "", detail);
	return false;
}

/* ---- the copy ---- */

static bool write_all(int to, const char *bytes, size_t len)
{
	while (len) {
		ssize_t done = write(to, bytes, len);

		if (done < 0 && errno != EINTR)
			return false;
		bytes += done < 0 ? 0 : done;
		len -= done < 0 ? 0 : (size_t)done;
	}
	return true;
}

static bool copy_bytes(int from, int to, char *why)
{
	char piece[PIECE];
	size_t total = 0;
	ssize_t got;

	while ((got = read(from, piece, sizeof(piece))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return problem(why, "cannot be read", strerror(errno));
		total += (size_t)got;
		if (total > DATABASE_MAX)
			return problem(why, "larger than 1 GiB", "");
		if (!write_all(to, piece, (size_t)got))
			return problem(why, "cannot be copied", strerror(errno));
	}
	return true;
}

/* Copy the file `path` with `suffix` into the folder; one that need not be there may be absent. */
static bool copy_file(struct job *job, const char *path, const char *suffix, bool needed)
{
	char from_path[PATH_BYTES], to_path[PATH_BYTES];
	int from, to;
	bool good = false;

	if (snprintf(from_path, PATH_BYTES, "%s%s", path, suffix) >= PATH_BYTES)
		return problem(job->why, "its path is too long", "");
	(void)snprintf(to_path, PATH_BYTES, "%s/%s%s", job->folder, job->form->file, suffix);
	from = open(from_path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (from < 0 && errno == ENOENT && !needed)
		return true;
	if (from < 0)
		return problem(job->why, "cannot be read", strerror(errno));
	to = open(to_path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (to < 0)
		(void)problem(job->why, "cannot be copied", strerror(errno));
	else
		good = copy_bytes(from, to, job->why);
	(void)close(from);
	if (to >= 0 && close(to) != 0 && good)
		good = problem(job->why, "cannot be copied", strerror(errno));
	return good;
}

static bool make_copy(struct job *job, const char *path)
{
	static const char *const parents[] = {"/tmp", "/var/tmp"};
	bool made = false;

	for (size_t i = 0; !made && i < TU_COUNT(parents); i++) {
		(void)snprintf(
			job->folder, sizeof(job->folder), "%s/tutela-rpm-XXXXXX", parents[i]);
		made = mkdtemp(job->folder) != NULL;
	}
	if (!made) {
		job->folder[0] = '\0';
		return problem(job->why, "no temporary folder for a copy", strerror(errno));
	}
	/* What sqlite has not moved into its file yet. */
	return copy_file(job, path, "", true) &&
		(strcmp(job->form->backend, "sqlite") != 0 || copy_file(job, path, "-wal", false));
}

/* With what librpm has put next to the copy. */
static void remove_copy(const struct job *job)
{
	DIR *folder = job->folder[0] ? opendir(job->folder) : NULL;
	const struct dirent *entry;

	if (!folder)
		return;
	while ((entry = readdir(folder)) != NULL) {
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			(void)unlinkat(dirfd(folder), entry->d_name, 0);
	}
	(void)closedir(folder);
	(void)rmdir(job->folder);
}

/* ---- the process that reads ---- */

#if defined(__SANITIZE_ADDRESS__)
#define MAPS_SHADOW 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define MAPS_SHADOW 1
#endif
#endif

static void limit(int what, rlim_t value)
{
	struct rlimit both;

	if (getrlimit((__rlimit_resource_t)what, &both) == 0 && both.rlim_max > value)
		both.rlim_max = value;
	if (both.rlim_cur > both.rlim_max)
		both.rlim_cur = both.rlim_max;
	(void)setrlimit((__rlimit_resource_t)what, &both);
}

static void confine(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	const struct sigaction standard = {.sa_handler = SIG_DFL};
	sigset_t none;

	for (int i = 0; null >= 0 && i <= STDERR_FILENO; i++)
		(void)dup2(null, i);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)sigaction(SIGALRM, &standard, NULL);
	(void)alarm(SECONDS_MAX);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_CPU, SECONDS_MAX);
	limit(RLIMIT_NPROC, 0);
	limit(RLIMIT_FSIZE, DATABASE_MAX);
#ifndef MAPS_SHADOW
	limit(RLIMIT_AS, (rlim_t)4 << 30);
#endif
}

/* What it prints, to the end. False: it is too much. */
static bool collect(int from, struct tu_buf *out)
{
	char piece[PIECE];
	ssize_t got;

	while ((got = read(from, piece, sizeof(piece))) != 0) {
		if (got < 0 && errno != EINTR)
			return false;
		if (got > 0)
			tu_buf_str_add(out, tu_str_of(piece, (size_t)got));
		if (out->failed)
			return false;
	}
	return true;
}

static enum tu_sbom_rpm_outcome outcome_of(const struct job *job, pid_t pid, bool whole)
{
	int state = 0;

	if (!whole)
		(void)kill(pid, SIGKILL);
	while (waitpid(pid, &state, 0) < 0) {
		if (errno != EINTR) {
			(void)problem(job->why, "the process that reads it was lost", "");
			return TU_SBOM_RPM_UNREAD;
		}
	}
	job->why[TU_SBOM_RPM_WHY_MAX - 1] = '\0';
	if (!whole)
		(void)problem(job->why, "its list of packages is longer than the limit", "");
	else if (WIFSIGNALED(state))
		(void)problem(job->why, "librpm failed while it was read",
			WTERMSIG(state) == SIGALRM ? "it took too long"
						   : strsignal(WTERMSIG(state)));
	else if (WEXITSTATUS(state) <= TU_SBOM_RPM_UNREAD)
		return (enum tu_sbom_rpm_outcome)WEXITSTATUS(state);
	return TU_SBOM_RPM_UNREAD;
}

/* In the process that reads: the packages, all or none. */
static enum tu_sbom_rpm_outcome print_to(const struct job *job, int to, size_t max)
{
	enum tu_sbom_rpm_outcome outcome;
	struct tu_buf text;

	tu_buf_init(&text, max);
	outcome = tu_sbom__rpm_print(job->form, job->folder, &text, job->why);
	if (text.failed) {
		(void)problem(job->why, "its list of packages is longer than the limit", "");
		return TU_SBOM_RPM_UNREAD;
	}
	if (outcome != TU_SBOM_RPM_UNREAD && !write_all(to, text.ptr, text.len))
		return TU_SBOM_RPM_UNREAD;
	return outcome;
}

/* It ends without what the parent would do at its end; a build that counts coverage writes its
 * counts first. */
#ifdef TU_COVERED
void __gcov_dump(void);
#endif

static void leave(enum tu_sbom_rpm_outcome outcome)
{
#ifdef TU_COVERED
	__gcov_dump();
#endif
	_exit((int)outcome);
}

static enum tu_sbom_rpm_outcome read_copy(const struct job *job, struct tu_buf *out)
{
	int ends[2];
	pid_t pid;
	bool whole;

	if (pipe2(ends, O_CLOEXEC) != 0) {
		(void)problem(job->why, "no process to read it", strerror(errno));
		return TU_SBOM_RPM_UNREAD;
	}
	pid = fork();
	if (pid == 0) {
		confine();
		(void)close(ends[0]);
		leave(print_to(job, ends[1], out->ceiling));
	}
	(void)close(ends[1]);
	whole = pid > 0 && collect(ends[0], out);
	(void)close(ends[0]);
	if (pid > 0)
		return outcome_of(job, pid, whole);
	(void)problem(job->why, "no process to read it", strerror(errno));
	return TU_SBOM_RPM_UNREAD;
}

/* ---- the whole ---- */

/* The words are shown: one short line of plain text, without the name of the copy's folder. */
static void take_words(const struct job *job, char *to)
{
	enum { SHOWN = 140 };
	size_t folder = strlen(job->folder);
	size_t len = 0;

	for (const char *from = job->why; *from && len < SHOWN; from++) {
		if (folder && strncmp(from, job->folder, folder) == 0 && from[folder] == '/')
			from += folder + 1;
		to[len++] = *from < ' ' || *from > '~' ? ' ' : *from;
	}
	while (len && to[len - 1] == ' ')
		len--;
	(void)snprintf(to + len, TU_SBOM_RPM_WHY_MAX - len, "%s", len == SHOWN ? "..." : "");
}

enum tu_sbom_rpm_outcome tu_sbom__rpm_read(const struct tu_sbom_rpm_form *form, const char *path,
	struct tu_buf *out, char why[TU_SBOM_RPM_WHY_MAX])
{
	struct job job = {.form = form};
	enum tu_sbom_rpm_outcome outcome = TU_SBOM_RPM_UNREAD;

	job.why = mmap(NULL, TU_SBOM_RPM_WHY_MAX, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (job.why == MAP_FAILED) {
		(void)problem(why, "no memory to read it", "");
		return outcome;
	}
	if (make_copy(&job, path))
		outcome = read_copy(&job, out);
	remove_copy(&job);
	take_words(&job, why);
	(void)munmap(job.why, TU_SBOM_RPM_WHY_MAX);
	return outcome;
}
