/*
 * What a sync remembers of a source from one run to the next: state.json in the source's folder.
 *
 * A state that cannot be read is none: the source is fetched again. Ownership: everything
 * lives in the arena that it was read into or set from.
 */
#ifndef TU_FEED_STATE_H
#define TU_FEED_STATE_H

#include <stdint.h>

#include <tutela/arena.h>
#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>

#include "base/intern.h"
#include "base/sha256.h"
#include "base/vec.h"

/* One stored document or archive. */
struct tu_feed_file {
	struct tu_str name; /* below the source's folder; safe as a path */
	struct tu_str etag, last_modified; /* of what was fetched */
	struct tu_str cursor; /* what its method keeps: a date, the name of a release's asset */
	uint64_t bytes; /* as stored */
	uint64_t records;
	uint64_t listed; /* of an index: its entries when they were last all had; 0: not known */
	int64_t released; /* when its maker issued it; 0: not stated */
	struct tu_str sha256; /* of the stored file, hexadecimal */
	struct tu_str signer; /* SHA-256 of the pinned keys that vouched for it; empty: none */
	bool seen; /* in this run; not stored */
	bool gone; /* not stored */
};

struct tu_feed_state {
	int64_t last_success; /* seconds since 1970; 0: never */
	int64_t last_attempt;
	int64_t last_change; /* when a document was last stored or dropped */
	struct tu_str last_error; /* of the last attempt; empty: it went well */
	struct tu_str cursor; /* NVD: covered up to this instant */
	struct tu_str begun; /* NVD: when the first load, still under way, began */
	uint64_t next; /* NVD: its next index */
	uint64_t total; /* NVD: records of the last whole load */
	uint64_t expected; /* NVD: records of the load under way, as its first page said */
	TU_VEC(struct tu_feed_file) files;
	struct tu_intern *names; /* of files, same indexes */
	struct tu_arena *arena;
};

enum { TU_FEED_FILES_MAX = 200000, TU_FEED_STATE_BYTES_MAX = 256 * 1024 * 1024 };

/* False: out of memory. */
TU_NODISCARD bool tu_feed_state_init(struct tu_arena *arena, struct tu_feed_state *out_state);
void tu_feed_state_done(struct tu_feed_state *state);

/* Read a state that tu_feed_state_write() wrote; `text` has 64 readable bytes after it. `state`
 * has been initialised. TU_E_SYNTAX, TU_E_UNSUPPORTED (another version), TU_E_LIMIT, TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_feed_state_read(
	struct tu_str text, struct tu_feed_state *state, struct tu_error *err);
void tu_feed_state_write(const struct tu_feed_state *state, struct tu_buf *out);

/* The file of this name; NULL when there is none, or it is gone. */
struct tu_feed_file *tu_feed_state_find(const struct tu_feed_state *state, struct tu_str name);
/* The same, made where it is missing; NULL when out of memory or over the limit. */
struct tu_feed_file *tu_feed_state_file(struct tu_feed_state *state, struct tu_str name);

/* May this be the name of a stored file: relative, clean, no step upwards? */
bool tu_feed_file_name_ok(struct tu_str name);

uint64_t tu_feed_state_records(const struct tu_feed_state *state);
uint64_t tu_feed_state_bytes(const struct tu_feed_state *state);

#endif
