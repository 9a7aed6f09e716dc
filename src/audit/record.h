/* Records of this folder: their body is canonical JSON, closed and appended in one call. */
#ifndef TU_AUDIT_RECORD_H
#define TU_AUDIT_RECORD_H

#include "audit/trail.h"
#include "base/json_writer.h"

enum { TU_AUDIT_BODY_MAX = 64 * 1024 };

/* An open body: write members with `json`. */
struct tu_audit_body {
	struct tu_buf text;
	struct tu_json_writer json;
	struct tu_change change; /* kind NULL: none */
};

static inline void tu_audit__open(struct tu_audit_body *body)
{
	tu_buf_init(&body->text, TU_AUDIT_BODY_MAX);
	body->json = tu_json_writer(&body->text, false);
	body->change = (struct tu_change){0};
	tu_json_open_object(&body->json);
}

/* Add the reason, close the body, append the record about "<kind>:<id>", free the body. */
TU_NODISCARD static inline enum tu_status tu_audit__record(struct tu_tx *tx,
	const struct tu_audit_act *act, const char *const names[3], struct tu_audit_body *body,
	struct tu_error *err)
{
	struct tu_ledger_entry entry = {.at = act->at,
		.actor = act->actor,
		.action = tu_str_c(names[0]),
		.changes = &body->change,
		.change_count = body->change.kind != NULL};
	struct tu_buf subject;
	enum tu_status status;

	tu_json_member_opt(&body->json, "reason", act->reason);
	tu_json_close_object(&body->json);
	tu_buf_init(&subject, 1024);
	tu_buf_printf(&subject, "%s:%s", names[1], names[2]);
	entry.subject = tu_buf_str(&subject);
	entry.body = tu_buf_str(&body->text);
	status = subject.failed || body->text.failed ? tu_no_memory(err)
						     : tu_tx_record(tx, &entry, err);
	tu_buf_done(&subject);
	tu_buf_done(&body->text);
	return status;
}

/* Put in words what the database says of a name that must be unique in `table`: a login, a team. */
TU_NODISCARD static inline enum tu_status tu_audit__name_taken(
	enum tu_status status, const char *table, struct tu_str name, struct tu_error *err)
{
	if (status != TU_E_CONSTRAINT || !err ||
		!tu_str_eq(tu_str_c(err->pointer), tu_str_c(table)))
		return status;
	return tu_fail_at(err, status, &(struct tu_error_place){.pointer = table},
		"\"%.*s\" is taken: another %s has it", TU_STR_FMT(name), table);
}

#endif
