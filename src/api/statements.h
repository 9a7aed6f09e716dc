/*
 * What the two files of statements share.
 */
#ifndef TU_API_STATEMENTS_H
#define TU_API_STATEMENTS_H

#include "api/call.h"
#include "portfolio/statement.h"

struct tu_api_statement {
	struct tu_str id, device, release, vulnerabilities, tlp, state, digest;
	int64_t revision, published, embargo, created, revised, version;
};

/* The statement of the path in the scope of who asks; unknown where there is none. */
TU_NODISCARD enum tu_status tu_api_statement_of(struct tu_work *w, const struct tu_api_call *call,
	struct tu_statement_seen *out, struct tu_error *err);
/* The row; texts are in `arena`. False: no memory. */
bool tu_api_statement_take(
	struct tu_arena *arena, const struct tu_statement_seen *seen, struct tu_api_statement *out);
/* Write it as an object. */
void tu_api_statement_write(const struct tu_api_statement *row, struct tu_json_writer *json);
/* Read it again by its public id. */
TU_NODISCARD enum tu_status tu_api_statement_again(struct tu_api_call *call, struct tu_str id,
	struct tu_api_statement *out, struct tu_error *err);

#endif
