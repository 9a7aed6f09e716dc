/*
 * One source's part of a sync, in its own thread: what the methods (by_*.c) share.
 */
#ifndef TU_FEED_WORK_H
#define TU_FEED_WORK_H

#include <tutela/advisory.h>

#include "base/file.h"
#include "base/json.h"
#include "feed/download.h"
#include "feed/state.h"
#include "feed/sync.h"
#include "feed/url.h"

/* The OpenPGP key that a source's documents must be signed by. */
struct pin {
	struct tu_buf keyring;
	struct tu_str signer; /* SHA-256 of the keyring, hexadecimal */
	const char *gpgv;
	struct tu_error problem; /* why nothing can be verified; TU_OK: it can */
};

struct work {
	const struct tu_sync_request *request;
	const struct tu_feed_source *source;
	struct tu_arena *arena;
	struct tu_feed_state state;
	struct tu_downloader *downloader;
	struct tu_advisory_reader *reader;
	struct tu_json_parser *json;
	struct tu_buf folder; /* NUL-terminated, no slash at its end */
	struct tu_buf document; /* a small one, read back */
	struct pin pin; /* where the source pins a key */
	uint64_t requests;
	uint64_t begun_ms; /* of a clock that only goes forward */
	uint64_t told; /* bytes of the present download that were last reported */
	uint64_t received;
	struct tu_str message; /* with which a server refused the last request; empty: none */
	uint64_t failures; /* files that could not be had, where others go on */
	struct tu_error first_failure;
	bool changed;
	void (*tell)(struct work *work, struct tu_str what);
};

/* What to fetch, and where to. */
struct want {
	struct tu_str url;
	struct tu_str name; /* of the stored file below files/ or lists/ */
	bool list; /* an index: lists/, not for the builder */
	bool conditional; /* use the validators of what is stored */
	bool compress; /* ask for gzip on the way: for answers that are not resumed */
	bool unwrap; /* an archive in an archive: store the inner one */
	struct tu_str sha256, sha512; /* hexadecimal, that the source states; empty: none */
	struct tu_str signature; /* OpenPGP packets; a document of a source that pins needs it */
	uint64_t bytes; /* that the source states; 0: none */
	struct tu_str cursor; /* to remember */
	int64_t released; /* that the source states of it, seconds since 1970; 0: none */
	bool may_be_empty; /* a document without a record is fine */
	bool varies; /* one record, or what changed in a while: may have less than the one before */
	/* Called for each record of a document that is read; false: out of memory. NULL: none. */
	bool (*each)(void *self, const struct tu_advisory *advisory);
	void *self;
};

/* What is in a document. */
struct found {
	uint64_t records;
	int64_t released; /* when its maker issued it; 0: it does not say */
};

enum outcome { WANT_FAILED, WANT_UNCHANGED, WANT_STORED };

/*
 * Download, check, store: an index as it is, a document compressed unless it already is. A document
 * must be of the source's form and hold a record. The old file stays until the new one is good.
 */
TU_NODISCARD enum tu_status work_fetch(struct work *work, const struct want *want,
	enum outcome *out_outcome, struct tu_error *err);

/* Read a stored index into work->document. */
TU_NODISCARD enum tu_status work_read_list(
	struct work *work, struct tu_str name, struct tu_error *err);
/* The same, parsed; refuses what is not an object. */
TU_NODISCARD enum tu_status work_parse_list(
	struct work *work, struct tu_str name, struct tu_json *out_root, struct tu_error *err);

/* Make a document of the stored index `list`. `cursor`: to remember. */
TU_NODISCARD enum tu_status work_adopt(struct work *work, struct tu_str list, struct tu_str name,
	struct tu_str cursor, struct tu_error *err);

/* Read what is stored under want->name again: for want->each. */
TU_NODISCARD enum tu_status work_reread(
	struct work *work, const struct want *want, struct tu_error *err);

/* Is a stored file there, of the size that the state says? */
bool work_is_stored(const struct work *work, const struct tu_feed_file *file);

/* Fetch an index, conditionally, and parse what is then stored. */
TU_NODISCARD enum tu_status work_fetch_index(struct work *work, struct tu_str url,
	struct tu_str name, struct tu_json *out_root, struct tu_error *err);

/* ---- is it whole? work_check.c ---- */

/* What came, and where it lies. */
struct arrival {
	const struct want *want;
	const char *path;
	const struct tu_download_answer *answer;
};

/* What the source states of it, its form, and what is stored: TU_E_CORRUPT where these differ,
 * where it is older than what is stored, or has much less. For work_fetch(). */
TU_NODISCARD enum tu_status work_check(struct work *work, const struct arrival *came,
	struct found *out_found, struct tu_error *err);
/* Its form, its entries, and each record. */
TU_NODISCARD enum tu_status work_check_records(struct work *work, const struct want *want,
	const char *path, struct found *out_found, struct tu_error *err);
/* Is more than `percent` of what was there before missing now? */
bool work_is_loss(uint64_t before, uint64_t now, uint32_t percent);
/* The same as an error that names the source's limit. `what`: "records". */
TU_NODISCARD enum tu_status work_check_loss(const struct work *work, uint64_t before, uint64_t now,
	const char *what, struct tu_error *err);
/* TU_E_CORRUPT when `now` is before `before`; 0: not stated. */
TU_NODISCARD enum tu_status work_check_age(int64_t now, int64_t before, struct tu_error *err);

/* The path of `name` below the source's folder, NUL-terminated. `out` is initialised here, and
 * ended by the caller also when this is false: too long, or out of memory. */
bool work_path(const struct work *work, const char *below, struct tu_str name, struct tu_buf *out);

/* Delete a stored document and forget it. */
void work_drop(struct work *work, struct tu_feed_file *file);

/* Write the state; done after each step that must not be lost. */
TU_NODISCARD enum tu_status work_save(struct work *work, struct tu_error *err);

/* Remember a failure and go on. */
void work_note_failure(struct work *work, const struct tu_error *err);
/* What to return at the end of a method that goes on after failures. */
TU_NODISCARD enum tu_status work_verdict(const struct work *work, struct tu_error *err);

bool work_stopped(const struct work *work);
void work_tell(struct work *work, const char *fmt, ...) TU_PRINTF(2, 3);

/* May the source's documents point there? Its own host, or one that its row lists. */
TU_NODISCARD enum tu_status work_check_url(
	const struct work *work, struct tu_str url, struct tu_error *err);

/* `template` with "{}" replaced by the encoded item, in the arena; empty: out of memory. */
struct tu_str work_item_url(const struct work *work, struct tu_str template, struct tu_str item);
/* A text composed in the arena; empty: out of memory. */
struct tu_str work_text(const struct work *work, const char *fmt, ...) TU_PRINTF(2, 3);
/* An item as a name of a file: one for each item. What is not fit becomes "_", and then a digest of
 * the item follows, apart by "~", which no other name has. */
struct tu_str work_item_name(const struct work *work, struct tu_str item);
/* The same of a URL: the end of its path, and a digest of all of it. */
struct tu_str work_url_name(const struct work *work, struct tu_str url);
/* The names that versions before this one gave, of which several items could have the same. */
struct tu_str work_old_name(const struct work *work, struct tu_str item);

enum tu_status by_files(struct work *work, struct tu_error *err);
enum tu_status by_nvd(struct work *work, struct tu_error *err);
enum tu_status by_osv(struct work *work, struct tu_error *err);
enum tu_status by_release(struct work *work, struct tu_error *err);
enum tu_status by_csaf(struct work *work, struct tu_error *err);

#endif
