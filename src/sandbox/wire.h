/*
 * What the process, its zygote and the children say to each other. All are one program, so structs
 * go as they are; what comes from a child is checked as if it were anybody's.
 */
#ifndef TU_SANDBOX_WIRE_H
#define TU_SANDBOX_WIRE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <tutela/error.h>

#include "sandbox/sandbox.h"

/* A build with sanitizers maps terabytes that it does not use, says on standard error what it
 * found, and makes calls of its own: for such a one, a little less is taken away. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TU_SANDBOX_SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
	__has_feature(memory_sanitizer)
#define TU_SANDBOX_SANITIZED true
#endif
#endif
#ifndef TU_SANDBOX_SANITIZED
#define TU_SANDBOX_SANITIZED false
#endif

/* ---- to and from the zygote: one packet each ---- */

enum tu_sandbox_ask {
	TU_SANDBOX_TAKE, /* a child: its socket comes with the answer */
	TU_SANDBOX_FINISH, /* a child: it is ended if it has not, and how it did is answered */
	TU_SANDBOX_FORGET /* a child that has answered: ended, and nothing is answered */
};

/* The socket outlives a zygote that dies: its successor may find the order, too, and answer it
 * late. By the number the right answer is known. */
struct tu_sandbox_order {
	uint32_t sequence; /* from 1 */
	uint32_t ask;
	int32_t child;
};

struct tu_sandbox_answer {
	uint32_t sequence; /* of the order; 0: a zygote has begun, the first or a later one */
	int32_t child; /* 0: there is none; of a beginning: the zygote */
	int32_t ended; /* as of waitpid(2) */
	bool too_late; /* the zygote ended it, its time was over */
	bool landlock; /* of a beginning, when a child has confined itself */
	char problem[TU_ERROR_MESSAGE_MAX]; /* of a beginning; "": none */
};

/* ---- to and from a child ---- */

#define TU_SANDBOX_REQUEST UINT64_C(0x31746571736f6254)
#define TU_SANDBOX_REPLY UINT64_C(0x31796c7072736f62)

/* Comes with the memfd, which has TU_JSON_PADDING zero bytes after the upload. */
struct tu_sandbox_request {
	uint64_t magic;
	uint64_t bytes; /* of the upload */
	struct tu_sbom_limits limits;
};

/* Followed by `bytes` of the packed inventory. */
struct tu_sandbox_reply {
	uint64_t magic;
	uint64_t bytes;
	uint64_t offset, line, column;
	uint32_t status;
	char pointer[TU_ERROR_POINTER_MAX];
	char message[TU_ERROR_MESSAGE_MAX];
};

/* All of it; `fd` goes with its first byte, -1: none. False: the other end is gone. */
bool tu_sandbox__send(int socket, const void *bytes, size_t len, int fd);
/* Exactly `len` bytes; a descriptor that comes with them goes to *out_fd (may be NULL), else -1. 0
 * when the other end is gone. */
bool tu_sandbox__receive(int socket, void *bytes, size_t len, int *out_fd);

/* ---- the processes ---- */

/* What a child does with an upload (the upload has padding), and all that it may do. Returns when
 * it has answered. */
struct tu_sandbox_job {
	int socket;
	struct tu_str upload;
	struct tu_sbom_limits limits;
	size_t memory;
};
typedef void tu_sandbox_work(const struct tu_sandbox_job *job);

/* Reads an SBOM. */
tu_sandbox_work tu_sandbox__read;

/* tu_sandbox_start() with other work: for tests, which misbehave. */
TU_NODISCARD enum tu_status tu_sandbox__start(const struct tu_sandbox_options *options,
	tu_sandbox_work *work, struct tu_sandbox **out_sandbox, struct tu_error *err);

/* Their processes: the zygote that was last heard of and the socket to it, and the one that starts
 * it. */
pid_t tu_sandbox__zygote_of(const struct tu_sandbox *sandbox);
int tu_sandbox__socket_of(const struct tu_sandbox *sandbox);
pid_t tu_sandbox__keeper_of(const struct tu_sandbox *sandbox);

/* Start a zygote, and another one when it dies: never returns. `options` has no zeros. */
_Noreturn void tu_sandbox__keep(
	int socket, const struct tu_sandbox_options *options, tu_sandbox_work *work);

/* Load libseccomp and make the filter, in the zygote. False, with words. */
bool tu_sandbox__filter_make(char problem[TU_ERROR_MESSAGE_MAX]);
/* From here on this process may make the calls of the table only. */
bool tu_sandbox__filter_enter(char problem[TU_ERROR_MESSAGE_MAX]);

/* In a new child: give up everything. *out_landlock: also by Landlock. */
bool tu_sandbox__confine(const struct tu_sandbox_options *options, size_t memory_now,
	bool *out_landlock, char problem[TU_ERROR_MESSAGE_MAX]);
/* Wait for an upload, do the work, end. */
_Noreturn void tu_sandbox__child(int socket, size_t memory, tu_sandbox_work *work);

#endif
