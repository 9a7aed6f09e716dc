/*
 * Facts: which vulnerability a component has or may have, as the matcher finds it without anybody's
 * statements. They are about the component as it is (portfolio/identity.h), in whatever releases.
 *
 * Not affected is no fact: it is the absence of one.
 */
#ifndef TU_PORTFOLIO_FACTS_H
#define TU_PORTFOLIO_FACTS_H

#include <tutela/arena.h>
#include <tutela/kb.h>
#include <tutela/match.h>

struct tu_vuln_fact {
	struct tu_str vuln; /* the vulnerability's name; borrows from the knowledge base */
	uint32_t index; /* in the knowledge base */
	enum tu_match_verdict verdict;
	enum tu_reason reason;
	struct tu_str fixed; /* may be empty */
};

struct tu_facts {
	const struct tu_vuln_fact *at; /* by name */
	size_t count;
	bool known; /* the knowledge base has data on it */
	bool platform; /* they may depend on what else is in the inventory */
};

/* Those of a distinct component of a match. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_facts_of(struct tu_arena *arena, const struct tu_kb *kb,
	const struct tu_match_result *result, const struct tu_distinct *distinct,
	struct tu_facts *out);
/* Those of an identity's text, matched by itself. TU_E_NOMEM, TU_E_CORRUPT. */
TU_NODISCARD enum tu_status tu_facts_match(struct tu_arena *arena, const struct tu_kb *kb,
	struct tu_str identity, struct tu_facts *out, struct tu_error *err);
/* Do they say the same? */
bool tu_facts_eq(const struct tu_facts *a, const struct tu_facts *b);

/* What the store keeps of a vulnerability beside its name. */
struct tu_vuln_row {
	struct tu_str name, title;
	int64_t severity; /* enum tu_severity */
	int64_t score; /* tenths; 255: none is stated */
	int64_t kev; /* 0 or 1 */
	int64_t epss; /* millionths; 4294967295: none is stated */
	int64_t modified; /* us; the newest date of its records; 0: none is stated */
	int64_t withdrawn; /* 0 or 1 */
};
struct tu_vuln_row tu_vuln_row_of(const struct tu_kb *kb, uint32_t vulnerability);
/* The catalogues that say that it is exploited, a line each; empty: none. False: no memory. */
bool tu_vuln_exploited_by(struct tu_arena *arena, const struct tu_kb *kb, uint32_t vulnerability,
	struct tu_str *out_names);

#endif
