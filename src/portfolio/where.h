/*
 * Where is a component, or a file: in which releases of a scope, also those no longer sold.
 *
 *	question   = name [comparison ...]      "openssl < 3.0.14", "pkg:npm/lodash >=4 <4.17.21"
 *	name       = of the component or its package, a package URL without version, or a name under
 *	             which it is known ("openssl" finds libssl3); "*" stands for any characters
 *	comparison = ("<" | "<=" | ">" | ">=" | "=") version; all must hold
 *
 * "curl 7.79" is no question: who left out "<" would read "in none" as an answer.
 *
 * Versions are compared in the order of the component's own scheme: that of its package URL's type,
 * else the generic one (tutela/version.h). What cannot be compared is undecided: it is a row as any
 * other, and counted apart; it is never left out.
 */
#ifndef TU_PORTFOLIO_WHERE_H
#define TU_PORTFOLIO_WHERE_H

#include "list/query.h"
#include "portfolio/work.h"

enum { TU_WHERE_TEXT_MAX = 1000 };

struct tu_where_row {
	struct tu_str component, version, purl, package;
	const char *by; /* how it was found: "name", "package", "known as" */
	bool undecided; /* whether its version is meant */
	const char *why; /* of undecided; NULL */
	bool known; /* the knowledge base has data on it */
	struct tu_str device, release; /* its public id */
	struct tu_str release_name, state;
	int64_t released; /* seconds; 0: not stated */
	int64_t uses; /* places in the SBOM */
};

/* Rows are in the arena of the caller. */
struct tu_where {
	struct tu_arena *arena;
	const struct tu_list_scope *scope;
	struct tu_str question;
	/* the answer: those that are meant, then those that are undecided; each by device, release,
	 * component */
	const struct tu_where_row *rows;
	size_t count, undecided;
};

/* TU_E_USAGE: the question is none, with the byte of it; TU_E_LIMIT. */
TU_NODISCARD enum tu_status tu_where_find(
	struct tu_store *store, struct tu_where *where, struct tu_error *err);

struct tu_where_file {
	struct tu_str algorithm, component, version;
	struct tu_str device, release, release_name, state;
	int64_t released;
};

struct tu_where_files {
	struct tu_arena *arena;
	const struct tu_list_scope *scope;
	struct tu_str hash; /* hexadecimal digits in either case */
	const struct tu_where_file *rows;
	size_t count;
};

/* In which releases does the SBOM state this hash? TU_E_USAGE: it is none. */
TU_NODISCARD enum tu_status tu_where_hash(
	struct tu_store *store, struct tu_where_files *files, struct tu_error *err);

#endif
