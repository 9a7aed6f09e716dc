#include "access/record.h"

#include "base/json_writer.h"

enum { BODY_MAX = 8192, SUBJECT_MAX = 200 };

static void write_body(
	struct tu_buf *out, const struct tu_audit_act *act, const struct tu_access_note *note)
{
	struct tu_json_writer json = tu_json_writer(out, false);

	tu_json_open_object(&json);
	if (note->name) {
		tu_json_key(&json, "after");
		tu_json_open_object(&json);
		tu_json_key_str(&json, tu_str_c(note->name));
		tu_json_add_str(&json, note->value);
		tu_json_close_object(&json);
	}
	tu_json_member_opt(&json, "reason", act->reason);
	tu_json_close_object(&json);
}

enum tu_status tu_access__note(struct tu_tx *tx, const struct tu_audit_act *act,
	const struct tu_access_note *note, struct tu_error *err)
{
	struct tu_ledger_entry entry = {
		.at = act->at, .actor = act->actor, .action = tu_str_c(note->action)};
	struct tu_buf body, subject;
	enum tu_status status;

	tu_buf_init(&body, BODY_MAX);
	tu_buf_init(&subject, SUBJECT_MAX);
	write_body(&body, act, note);
	tu_buf_printf(&subject, "person:%.*s", TU_STR_FMT(note->person));
	entry.body = tu_buf_str(&body);
	entry.subject = tu_buf_str(&subject);
	status = body.failed || subject.failed ? tu_no_memory(err) : tu_tx_record(tx, &entry, err);
	tu_buf_done(&body);
	tu_buf_done(&subject);
	return status;
}

enum tu_status tu_access__refuse(struct tu_error *err, const char *pointer, const char *why)
{
	return tu_fail_at(
		err, TU_E_CONSTRAINT, &(struct tu_error_place){.pointer = pointer}, "%s", why);
}
