/*
 * Uploads are read in a process that can do nothing else.
 *
 * tu_sandbox_start() forks the zygote: a small process with one thread, without environment, files
 * and network of the one that starts it, that keeps spare children ready. A child reads ONE upload:
 * it gets the bytes as a sealed memfd, sends the inventory back in the packed form
 * (sbom/flat/flat.h, read with distrust), and ends. Nothing of one upload meets the next.
 *
 * A keeper, forked before there are threads, starts the zygote and starts another when that one is
 * killed; what was being read then is refused with TU_E_IO, and what comes next is read.
 *
 * A child may read and write its socket and take memory (sandbox/filter.c has the table of system
 * calls; any other kills it), has no rights on files by Landlock where the kernel has it, and has
 * limits of memory, processor time and wall-clock time. Linux alone.
 *
 * Threads: start and stop before there are others and after they have ended; everything between
 * from any thread. A process that forks must not have the sandbox's mutexes in use: fork after
 * starting it only to exec.
 */
#ifndef TU_SANDBOX_SANDBOX_H
#define TU_SANDBOX_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

#include <tutela/arena.h>
#include <tutela/attr.h>
#include <tutela/error.h>
#include <tutela/sbom.h>
#include <tutela/str.h>

struct tu_sandbox;

/* Zero means the default in brackets. */
struct tu_sandbox_options {
	bool off; /* read in this process; whoever sets it says so everywhere */
	unsigned spares; /* children that wait for an upload [2] */
	unsigned at_once; /* uploads that are read at a time [8]; more wait; at most 64 */
	size_t memory; /* bytes that a child may take [1 GiB] */
	unsigned cpu_seconds; /* [30] */
	unsigned seconds; /* from the upload to the answer [60] */
};

enum tu_sandbox_state {
	TU_SANDBOX_CONFINED,
	TU_SANDBOX_OFF, /* as asked for: uploads are read in this process */
	TU_SANDBOX_ENDED /* zygote and keeper are gone: nothing is read until the service starts
			    again */
};

/*
 * Start it: before there are threads, and before anything is opened that a reader must not have,
 * since the zygote is a copy of this process. Waits until a first child has confined itself.
 *
 * Errors: TU_E_USAGE: there are threads already. TU_E_UNSUPPORTED: no seccomp, by the kernel or
 * since libseccomp is not installed. TU_E_IO; TU_E_NOMEM.
 */
TU_NODISCARD enum tu_status tu_sandbox_start(const struct tu_sandbox_options *options,
	struct tu_sandbox **out_sandbox, struct tu_error *err);
/* End the zygote and its children. NULL is fine. */
void tu_sandbox_stop(struct tu_sandbox *sandbox);

enum tu_sandbox_state tu_sandbox_state(const struct tu_sandbox *sandbox);
/* For people: "seccomp and Landlock", "seccomp, without Landlock", "off", "ended". Static. */
const char *tu_sandbox_words(const struct tu_sandbox *sandbox);

/* As it was received: plain, gzip or zstd. */
struct tu_sandbox_upload {
	struct tu_str bytes;
	const struct tu_sbom_limits *limits; /* may be NULL; bytes: those after decompression */
};

/*
 * tu_sbom_read() of an upload, in a child. On failure nothing is set.
 *
 * Errors: those of the reader, with line, column and pointer. TU_E_LIMIT: it needed more memory,
 * processor time or time than the options allow; the message says which. TU_E_CORRUPT: the child
 * crashed, made a system call that no reader makes, or answered with what is no inventory. TU_E_IO:
 * the zygote was killed meanwhile (try again), or it and its keeper have ended: then stop and start
 * the service (or, without threads, the sandbox), for a process with threads must not fork.
 */
TU_NODISCARD enum tu_status tu_sandbox_read_sbom(struct tu_sandbox *sandbox,
	const struct tu_sandbox_upload *upload, struct tu_arena *arena,
	const struct tu_inventory **out_inventory, struct tu_error *err);

#endif
