/*
 * Comparing two inventories: which component became which, what came and what went.
 *
 * Ownership: a diff lives in the arena and names components by their index in either inventory.
 * Threads:   one arena, one thread.
 */
#ifndef TUTELA_SBOM_DIFF_H
#define TUTELA_SBOM_DIFF_H

#include <tutela/arena.h>
#include <tutela/attr.h>
#include <tutela/error.h>
#include <tutela/sbom.h>

TU_BEGIN_C

/* What of a pair differs; bits. Licences, hashes and relationships are compared as sets. */
enum {
	TU_DIFF_VERSION = 1 << 0,
	TU_DIFF_LICENCE = 1 << 1,
	TU_DIFF_SUPPLIER = 1 << 2,
	TU_DIFF_HASHES = 1 << 3,
	TU_DIFF_RELATIONS = 1 << 4
};

/* By what two components are taken for the same one. */
enum tu_diff_by {
	TU_DIFF_BY_SUBJECT, /* both are what their document describes */
	TU_DIFF_BY_IDENTITY, /* the same purl; without one the same name and version */
	TU_DIFF_BY_PURL, /* the same purl but for version, qualifiers and subpath */
	TU_DIFF_BY_NAME, /* the same group and name, where one of both has no purl */
	TU_DIFF_BY_HASH,
	TU_DIFF_BYS_
};

/* A relationship of which both ends are in pairs, and that only one of the documents states. */
struct tu_diff_relation {
	uint32_t other; /* its other end, a component of the inventory that states it */
	enum tu_relation relation;
	enum tu_relation_type type;
	bool leaf; /* instead of a relationship: the component is known to depend on nothing */
	bool added; /* the second states it */
};

struct tu_diff_pair {
	uint32_t a; /* component of the first inventory */
	uint32_t b; /* of the second */
	unsigned fields; /* TU_DIFF_… */
	enum tu_diff_by by;
	const struct tu_diff_relation
		*relations; /* that begin here; those of the first come first */
	size_t relation_count;
};

struct tu_sbom_diff {
	const struct tu_diff_pair *pairs; /* in the order of the first inventory */
	size_t pair_count;
	size_t changed; /* pairs in which something differs */
	const uint32_t *removed; /* only in the first, in its order */
	size_t removed_count;
	const uint32_t *added; /* only in the second */
	size_t added_count;
};

/* Pair the components of both, the surest ways first; each is in one pair at the most. The work
 * is linear in their number. TU_E_NOMEM. */
TU_API TU_NODISCARD enum tu_status tu_sbom_diff(struct tu_arena *arena,
	const struct tu_inventory *a, const struct tu_inventory *b,
	const struct tu_sbom_diff **out_diff, struct tu_error *err);

/* "subject", "identity", "purl", "name", "hash". Static storage. */
TU_API const char *tu_diff_by_name(enum tu_diff_by by);

TU_END_C

#endif
