/*
 * Types of relationships in the words of the formats: one table, a row a type.
 *
 * Static storage; pure functions; thread-safe.
 */
#ifndef TU_SBOM_RELATIONS_H
#define TU_SBOM_RELATIONS_H

#include <stdbool.h>

#include <tutela/sbom.h>

/* A word of a format; empty where it has none. */
struct tu_relation_word {
	struct tu_str word;
	bool reversed; /* it reads from `to` to `from` */
};

struct tu_relation_row {
	enum tu_relation relation;
	enum tu_relation_type type;
	/* SPDX 2.3, clause 11, table 68: the word to write, and the other one that says the same
	 * from the other end. */
	struct tu_relation_word spdx2;
	struct tu_relation_word spdx2_other;
	/* SPDX 3.0.1 RelationshipType and LifecycleScopeType. A row of the same word with a scope
	 * comes before the one without. */
	struct tu_relation_word spdx3;
	struct tu_str scope;
	/* CycloneDX: the member of a dependency; nesting is the tree's. */
	const char *cyclonedx;
};

/* The row of a relationship; never NULL. */
const struct tu_relation_row *tu_sbom__relation_row(
	enum tu_relation relation, enum tu_relation_type type);
/* The row with this word of SPDX 2, and whether the word reads from `to` to `from`; or NULL. */
const struct tu_relation_row *tu_sbom__relation_spdx2(struct tu_str word, bool *out_reversed);
/* The same of SPDX 3, by word and scope (which may be empty); a scope that has no row of its own is
 * passed over. */
const struct tu_relation_row *tu_sbom__relation_spdx3(
	struct tu_str word, struct tu_str scope, bool *out_reversed);

#endif
