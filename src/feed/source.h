/*
 * Where knowledge comes from: the built-in table of sources (sources.c) and what the user's
 * configuration makes of it (config.c).
 */
#ifndef TU_FEED_SOURCE_H
#define TU_FEED_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include <tutela/arena.h>
#include <tutela/error.h>
#include <tutela/str.h>

/* How a source is kept up to date; docs/internals/feed.md describes each. */
enum tu_feed_method {
	TU_FEED_BY_FILES, /* a few whole files, asked for conditionally */
	TU_FEED_BY_NVD, /* pages of NVD's API, then windows of modification dates */
	TU_FEED_BY_OSV, /* an archive an ecosystem, then single records by modified_id.csv */
	TU_FEED_BY_RELEASE, /* assets of a GitHub release: a daily archive and an hourly one */
	TU_FEED_BY_CSAF, /* what a provider-metadata.json leads to */
	TU_FEED_METHODS_
};

struct tu_feed_source {
	struct tu_str name; /* of the section in the configuration and of the folder */
	struct tu_str gives; /* what it knows, for people */
	struct tu_str form; /* what its documents are, as tu_feed_form_name() says it */
	struct tu_str url; /* where it begins; "{}" stands for an item */
	struct tu_str items; /* comma-separated: ecosystems, files; empty: the URL is the file */
	struct tu_str hosts; /* comma-separated: other hosts that its documents may point to */
	struct tu_str check; /* how a download is checked, for people */
	struct tu_str key; /* sent as the header "apiKey"; never printed */
	struct tu_str openpgp_key; /* file with the key that signs each document; empty: none */
	enum tu_feed_method method;
	uint32_t delay_ms; /* between two requests … */
	uint32_t keyed_delay_ms; /* … when a key is sent */
	uint32_t loss_max; /* percent of its records that may go at once; more: not believed */
	uint32_t max_age; /* seconds after which its knowledge is stale */
	uint64_t bytes_max; /* of one download */
	bool chosen; /* fetched when no source is named */
	bool refused; /* the user said "enabled = no": what is stored is not used either */
	bool own; /* defined by the user, or its URL is the user's own */
};

extern const struct tu_feed_source tu_feed_sources[];
extern const size_t tu_feed_source_count;

/* "files", "nvd", …: the words of the configuration. Static storage. */
struct tu_str tu_feed_method_name(enum tu_feed_method method);

struct tu_feed_config {
	struct tu_feed_source *sources; /* the built-in ones, then the user's */
	size_t source_count;
	struct tu_str mirror; /* prefix; empty: none */
	struct tu_str ca_file; /* empty: the system's */
	uint32_t retries; /* after the first try [5] */
	uint32_t retry_ms; /* the first pause, doubled each time [1000] */
	uint32_t stall_s; /* a transfer that is still so long is given up [60] */
	uint32_t seconds_max; /* of one download [3600] */
	uint32_t source_s; /* seconds for all downloads of one source in a run [28800] */
};

enum { TU_FEED_SOURCES_MAX = 64 };

/* The built-in configuration. False: out of memory. */
TU_NODISCARD bool tu_feed_config_init(struct tu_arena *arena, struct tu_feed_config *out_config);

/*
 * Apply a configuration file. Lines are "key = value" below "[source]" sections; what comes before
 * the first section is about all; "#" and ";" begin a comment. docs/man/tutela-kb-sync.1.scd lists
 * the keys. The texts are copied into the arena. TU_E_SYNTAX with the line, TU_E_LIMIT, TU_E_NOMEM;
 * on failure `config` is half changed and of no use.
 */
TU_NODISCARD enum tu_status tu_feed_config_apply(struct tu_arena *arena, struct tu_str text,
	struct tu_feed_config *config, struct tu_error *err);

/* NULL when there is none. */
struct tu_feed_source *tu_feed_config_find(const struct tu_feed_config *config, struct tu_str name);

/* "6s", "500ms", "90m", "36h", "2d" in milliseconds; a bare number is seconds. */
bool tu_feed_duration(struct tu_str text, uint64_t *out_ms);

#endif
