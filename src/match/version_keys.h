/*
 * A version and its keys, each compiled when a scheme first asks for it.
 */
#ifndef TU_MATCH_VERSION_KEYS_H
#define TU_MATCH_VERSION_KEYS_H

#include <tutela/arena.h>
#include <tutela/version.h>

#include "kb/kb.h"

struct scheme_key {
	struct scheme_key *next;
	enum tu_scheme scheme;
	struct tu_str key;
};

struct version_keys {
	struct tu_str text;
	struct scheme_key *made; /* of those that have one */
	uint32_t asked; /* a bit a scheme */
	bool no_version; /* a text in the place of a version: it has no order */
	bool epoch_open; /* its epoch is not known: taken to be that of what it is compared with */
};

/* The key of a version in a scheme, made in the arena; empty when it has none, or no memory. */
struct tu_str tu_match__version_key(
	struct tu_arena *arena, struct version_keys *version, enum tu_scheme scheme);

/* A range as text that was asked for before (tu_match__vers()): what the answer follows from, and
 * in `text` the installed version and then the answer. */
struct kept_vers {
	bool used;
	bool by_span; /* one range decided, `row`; else all that the body `row` says */
	uint8_t verdict; /* enum tu_match_verdict */
	uint8_t scheme; /* enum tu_scheme */
	uint32_t row;
	uint8_t version_len, vers_len;
	char text[240];
};
enum { VERS_KEPT = 64 };

/*
 * The versions that records name and those that they are compared with, for many answers: the same
 * few texts come again and again.
 */
struct kb_versions {
	const struct tu_kb *kb;
	struct tu_arena *arena; /* of what lasts as long as this */
	struct tu_arena *scratch; /* of one answer */
	struct tu_arena *own; /* of `installed` */
	struct tu_buf text; /* for what is composed of an answer */
	struct kept_vers *kept; /* VERS_KEPT of them, from the first answer on */
	struct version_keys installed; /* the one that was last asked about */
	struct kb_version {
		uint32_t text; /* 0: free */
		struct version_keys *keys;
	} * slots; /* a power of two of them, at most half full */
	size_t slot_count, count;
};

/* False: no memory; give it to tu_match__versions_done() also then. */
TU_NODISCARD bool tu_match__versions_init(struct kb_versions *versions, const struct tu_kb *kb);
void tu_match__versions_done(struct kb_versions *versions);
/* The version at a string offset of the knowledge base, not 0; its keys are made in
 * versions->arena. NULL: no memory. */
struct version_keys *tu_match__named_version(struct kb_versions *versions, uint32_t text);
/* An installed version, its keys made in versions->own; valid until the next call. NULL: no
 * memory. */
struct version_keys *tu_match__installed_version(
	struct kb_versions *versions, struct tu_str version);

#endif
