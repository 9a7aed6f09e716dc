/*
 * What changed from one SBOM to another: in components, and in the vulnerabilities that a knowledge
 * base knows of them.
 */
#ifndef TU_APP_SBOM_DIFF_H
#define TU_APP_SBOM_DIFF_H

#include <tutela/match.h>
#include <tutela/sbom_diff.h>

#include "app/kb_file.h"
#include "app/sbom_file.h"

struct tu_sbom_diff_request {
	const char *a; /* path of a document; "-" is standard input, for one of them at the most */
	const char *b;
	const char *supplement; /* a side file for both, or NULL */
	const char *kb; /* the argument of --kb, or NULL */
};

/* What a vulnerability is to one of the documents: the worst over its components. */
struct tu_sbom_standing {
	enum tu_match_verdict verdict;
	bool present;
	uint32_t component; /* the first one with this verdict */
};

struct tu_sbom_diff_side {
	struct tu_sbom_source source;
	const struct tu_inventory *inventory;
	struct tu_sbom_standing *standings; /* by vulnerability of the knowledge base */
};

struct tu_sbom_diff_answer {
	struct tu_arena *arena;
	struct tu_sbom_diff_side a;
	struct tu_sbom_diff_side b;
	struct tu_kb_file kb; /* where the knowledge base is a file */
	const struct tu_kb *known; /* it, wherever it is */
	struct tu_kb_info kb_info;
	const struct tu_sbom_diff *diff;
};

enum tu_sbom_turn { TU_TURN_NONE, TU_TURN_CAME, TU_TURN_WENT, TU_TURN_CHANGED };

/* Read both, pair their components, match both. Whatever the status, end with
 * tu_sbom_diff_done(). The answer borrows context and request. */
TU_NODISCARD enum tu_status tu_app_sbom_diff(const struct tu_app_context *context,
	const struct tu_sbom_diff_request *request, struct tu_sbom_diff_answer *answer,
	struct tu_error *err);
/* The same of two inventories that are there: arena, both sides and `known` are set, and stay the
 * caller's. */
TU_NODISCARD enum tu_status tu_sbom_diff_compare(
	struct tu_sbom_diff_answer *answer, struct tu_error *err);
void tu_sbom_diff_done(struct tu_sbom_diff_answer *answer);

/* What became of a vulnerability of the knowledge base from the one document to the other. */
enum tu_sbom_turn tu_sbom_turn_of(const struct tu_sbom_diff_answer *answer, uint32_t vulnerability);
size_t tu_sbom_turn_count(const struct tu_sbom_diff_answer *answer, enum tu_sbom_turn turn);
/* Whether anything differs. */
bool tu_sbom_diff_differs(const struct tu_sbom_diff_answer *answer);

#endif
