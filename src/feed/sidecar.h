/*
 * What is beside a knowledge base: which sources it was built from, when each of them was last
 * fetched, and how that went. "<knowledge base>.sources.json", docs/formats/bundle.md.
 *
 * Ownership: what is read lives in the arena. No clock: judging takes the present time.
 */
#ifndef TU_FEED_SIDECAR_H
#define TU_FEED_SIDECAR_H

#include <stdint.h>

#include <tutela/arena.h>
#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>

enum tu_freshness {
	TU_FRESH_UNKNOWN, /* the clock cannot be right */
	TU_FRESH, /* the last fetch went well and is not too long ago */
	TU_FRESH_STALE, /* too long ago */
	TU_FRESH_FAILED, /* the last attempt failed; what is there is not yet stale */
	TU_FRESH_FAILED_STALE, /* … and is stale */
	TU_FRESH_NEVER /* nothing was ever fetched */
};

struct tu_sidecar_source {
	struct tu_str name;
	struct tu_str gives;
	int64_t last_success; /* 0: never */
	int64_t last_attempt; /* 0: never */
	struct tu_str last_error; /* empty: the last attempt went well */
	uint32_t max_age; /* seconds */
	uint64_t records;
	uint64_t bytes;
};

struct tu_sidecar {
	struct tu_str kb_sha256; /* of the header of the knowledge base that it is about */
	int64_t built; /* when that was built; 0: not reported */
	const struct tu_sidecar_source *sources;
	size_t source_count;
};

enum { TU_SIDECAR_SOURCES_MAX = 256, TU_SIDECAR_BYTES_MAX = 1024 * 1024 };

/* A clock before this instant is wrong: Tutela did not exist. */
#define TU_CLOCK_EARLIEST INT64_C(1767225600) /* 2026-01-01T00:00:00Z */

/* Read; `text` has 64 readable bytes after it. TU_E_SYNTAX, TU_E_UNSUPPORTED, TU_E_LIMIT,
 * TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_sidecar_read(struct tu_arena *arena, struct tu_str text,
	const struct tu_sidecar **out_sidecar, struct tu_error *err);
void tu_sidecar_write(const struct tu_sidecar *sidecar, struct tu_buf *out);

/* How fresh a source is at `now`. A success that lies in the future by more than a day, and a clock
 * before TU_CLOCK_EARLIEST, say nothing: TU_FRESH_UNKNOWN, never fresh. */
enum tu_freshness tu_sidecar_judge(const struct tu_sidecar_source *source, int64_t now);
/* Is it anything but fresh as far as its age goes? */
bool tu_freshness_is_stale(enum tu_freshness freshness);
bool tu_freshness_is_failed(enum tu_freshness freshness);
/* "fresh", "stale", "failed", "failed, stale", "never fetched", "clock?". Static storage. */
const char *tu_freshness_name(enum tu_freshness freshness);

#endif
